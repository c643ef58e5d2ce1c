"""A workspace in one file and back: whole, checked, or not at all."""

import json
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from distinct_articles import distinct_article
from evidence_workshop import Workshop
from killed import killed_at_step
from older_store import dump
from plain_site import PlainSite, plain_sites
from serving import free_port
from smtp_server import SmtpServer
from sqlalchemy import func, make_url, select
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.backups.manifest import BackupRefused
from monitor.backups.packing import pack
from monitor.backups.unpacking import TargetInUse, unpack
from monitor.cli.archiving import back_up_workspace, restore_workspace
from monitor.cli.checking import checked
from monitor.cli.evidencing import check_workspace
from monitor.config import Config, load_config
from monitor.doctor import examine
from monitor.evidence.audit import Audit, audit
from monitor.store.migrate import migrate
from monitor.store.models import ArticleLogRow
from monitor.store.problems import StoreError

pytest_plugins = ["database_fixtures"]

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def state_of(config: Config) -> tuple[Audit, int]:
    """What its evidence proves, and how many articles are logged."""
    engine = open_engine(config.database)
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        problems = list(audit(connection, config.evidence_folder))
        assert not [each.problem for each in problems if each.problem]
        logged = connection.scalar(select(func.count()).select_from(ArticleLogRow))
    engine.dispose()
    return problems[-1], logged or 0


def workspace_in(folder: Path, database: str) -> Config:
    """A workspace whose own file says the database, with a password, and whose seeds are outside."""
    Workspace(folder, {"database": database, "mail": {"username": "desk"}}).write()
    (folder / "lendwatch.yaml").chmod(0o600)
    (folder / "secrets.yaml").write_text("mail_password: hunter2-secret\n")
    (folder / "secrets.yaml").chmod(0o600)
    (folder / "mail").mkdir()
    (folder / "mail" / "one.eml").write_bytes(b"Subject: one\r\n\r\none")
    return load_config(folder, {}, names=False)


def test_a_backup_made_while_others_write_is_whole_and_holds_no_secret(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    secret = make_url(database_url)
    if secret.get_backend_name() == "postgresql":
        secret = secret.set(password="s3cret-word")
    folder = tmp_path / "watch"
    config = workspace_in(folder, secret.render_as_string(hide_password=False))
    engine = open_engine(database_url)
    workshop = Workshop(engine, folder / "evidence", file_bytes=20_000)
    workshop.keep_numbers(range(5))
    stop, written = threading.Event(), threading.Event()

    def go_on() -> None:
        number = 100
        while not stop.is_set():
            workshop.keep_numbers([number])
            number += 1
            written.set()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        assert written.wait(30)
        packed = pack(config, tmp_path / "watch.zip", NOW)
    finally:
        stop.set()
        writer.join()
    assert (packed.missing, packed.elsewhere) == ((), ())
    raw = (tmp_path / "watch.zip").read_bytes()
    assert stat.S_IMODE((tmp_path / "watch.zip").stat().st_mode) == 0o600
    with ZipFile(tmp_path / "watch.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert "secrets.yaml" not in archive.namelist()
    for each in (b"hunter2", b"s3cret-word"):
        assert each not in raw
        assert each not in everything

    into, database = tmp_path / "again", ""
    if secret.get_backend_name() == "postgresql":
        with pytest.raises(BackupRefused, match="--database"):
            unpack(tmp_path / "watch.zip", into)
        with pytest.raises(StoreError, match="is not empty"):
            unpack(tmp_path / "watch.zip", into, database_url)
        server = request.getfixturevalue("postgres")
        database = server.url(server.create())
    unpack(tmp_path / "watch.zip", into, database)
    restored = load_config(into, {}, names=False)
    assert restored.database != config.database
    assert restored.seeds == into / "seeds"
    assert (into / "mail" / "one.eml").is_file()
    state, logged = state_of(restored)
    assert logged == state.links == state.whole >= 6
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "lendwatch.db") == [
        *(["again"]), *sorted(p.name for p in tmp_path.glob("lendwatch.db-*")), "watch", "watch.zip",
    ]  # fmt: skip
    with pytest.raises(TargetInUse, match="not empty"):
        unpack(tmp_path / "watch.zip", into, database)
    workshop.archive.close()
    engine.dispose()


@pytest.fixture
def site() -> Iterator[PlainSite]:
    with plain_sites(1) as (made,):
        yield made


def publish(site: PlainSite, count: int) -> None:
    texts = [distinct_article(number) for number in range(count)]
    for each in texts:
        site.pages[f"/{each.number}.html"] = ("text/html; charset=utf-8", each.html())
    site.feed("/feed.xml", {f"/{each.number}.html": each.title for each in texts})


def test_a_restored_workspace_stands_where_the_old_one_stood(
    tmp_path: Path, site: PlainSite, capsys: pytest.CaptureFixture[str]
) -> None:
    with SmtpServer() as server:
        mail = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        config = {"mail": {**mail, "sender": "a@example.com"}, "web": {"port": free_port()}}
        (tmp_path / "watch").mkdir()
        workspace = Workspace(tmp_path / "watch", config)
        workspace.add("portal", "feed", f"{site.url}/feed.xml")
        workspace.write()
        publish(site, 2)
        workspace.run("crawl")
        file = tmp_path / "watch.zip"
        file.write_bytes(b"an older one")
        back_up_workspace(workspace.folder, file)
        said = capsys.readouterr().out
        assert "store (sqlite, schema " in said
        assert "without secrets" in said
        restored = Workspace(tmp_path / "again")
        restored.folder.mkdir()
        restore_workspace(file, restored.folder, "")
        assert f"lendwatch doctor -w {restored.folder}" in capsys.readouterr().out
        assert not [each for each in examine(*checked(restored.folder)) if each.level == "fail"]
        assert not check_workspace(restored.folder)
        engines = [
            open_engine(load_config(each, {}).database)
            for each in (workspace.folder, restored.folder)
        ]
        # Row by row the same: what was seen, where readers stand, what was sent. So a crawl goes
        # on here as it would have gone on there.
        old, new = map(dump, engines)
        assert new == old
        assert len(old["outbox"]) == len(server.received) == 2
        assert all("'sent'" in row for row in old["outbox"])
        for engine in engines:
            engine.dispose()


@pytest.fixture
def small(tmp_path: Path) -> tuple[Config, Path]:
    """A workspace of two pages, and a backup of it."""
    folder = tmp_path / "watch"
    database = f"sqlite:///{tmp_path / 'watch' / 'other.db'}"
    Workspace(folder, {"database": "sqlite:///other.db"}).write()
    migrate(database, folder, NOW)
    engine = open_engine(database)
    workshop = Workshop(engine, folder / "evidence")
    workshop.keep_numbers([1, 2])
    workshop.archive.close()
    engine.dispose()
    config = load_config(folder, {}, names=False)
    pack(config, tmp_path / "good.zip", NOW)
    return config, tmp_path / "good.zip"


def rewritten(
    good: Path,
    bad: Path,
    change: Callable[[dict, dict[str, tuple[ZipInfo, bytes]]], None],
) -> None:
    """The backup `good` with its manifest and members (name: entry, content) changed."""
    with ZipFile(good) as archive:
        content = {each.filename: (each, archive.read(each)) for each in archive.infolist()}
    manifest = json.loads(content.pop("manifest.json")[1])
    change(manifest, content)
    with ZipFile(bad, "w") as archive:
        for name, (info, raw) in content.items():
            entry = ZipInfo(name.split("#")[0])
            entry.external_attr, entry.compress_type = info.external_attr, info.compress_type
            archive.writestr(entry, raw)
        archive.writestr("manifest.json", json.dumps(manifest))


def added(name: str, *, listed: bool = True, kind: int = stat.S_IFREG, size: int = -1):
    """A change that adds a member of that name."""

    def change(manifest: dict, content: dict[str, tuple[ZipInfo, bytes]]) -> None:
        raw = b"/etc/passwd"
        info = ZipInfo(name)
        info.external_attr = (kind | 0o777) << 16
        content[name] = (info, raw)
        if listed:
            digest = sha256(raw).hexdigest()
            size_said = size if size >= 0 else len(raw)
            manifest["members"].append(
                {"name": name.split("#", maxsplit=1)[0], "size": size_said, "sha256": digest}
            )

    return change


def store_of_tomorrow(manifest: dict, _content: dict) -> None:
    manifest["revision"] = "0099_v9_1_0"


def form_of_tomorrow(manifest: dict, _content: dict) -> None:
    manifest.update(format=2, lendwatch="9.2.0")


def flipped(_manifest: dict, content: dict[str, tuple[ZipInfo, bytes]]) -> None:
    info, raw = content["lendwatch.db"]
    content["lendwatch.db"] = (info, raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:])


def without_store(manifest: dict, content: dict) -> None:
    del content["lendwatch.db"]
    manifest["members"] = [each for each in manifest["members"] if each["name"] != "lendwatch.db"]


def another_store(manifest: dict, content: dict[str, tuple[ZipInfo, bytes]]) -> None:
    info, _ = content["lendwatch.db"]
    raw = b"no database at all, " * 400
    content["lendwatch.db"] = (info, raw)
    for each in manifest["members"]:
        if each["name"] == "lendwatch.db":
            each.update(size=len(raw), sha256=sha256(raw).hexdigest())


def a_bomb(manifest: dict, content: dict[str, tuple[ZipInfo, bytes]]) -> None:
    """A gigabyte of nothing in a megabyte, under a small declared size."""
    info, raw = content["lendwatch.db"]
    content["lendwatch.db"] = (info, raw + bytes(64 * 1024 * 1024))


REFUSED = {
    "out of the folder": (added("seeds/../../x.yaml"), "leads out of the folder"),
    "absolute": (added("/etc/cron.d/x"), "leads out of the folder"),
    "backslash": (added("seeds\\..\\x.yaml"), "leads out of the folder"),
    "dot": (added("seeds/.hidden.yaml"), "no name that a backup gives"),
    "escape": (added("seeds/\x1b[2J.yaml"), "no name that a backup gives"),
    "secrets": (added("secrets.yaml"), "no backup holds"),
    "program": (added("bin/run.sh"), "no file of a workspace"),
    "symlink": (added("seeds/x.yaml", kind=stat.S_IFLNK), "no plain file"),
    "device": (added("seeds/x.yaml", kind=stat.S_IFBLK), "no plain file"),
    "pipe": (added("mail/x.eml", kind=stat.S_IFIFO), "no plain file"),
    "folder": (added("seeds/x.yaml/"), "leads out of the folder"),
    "unlisted": (added("seeds/x.yaml", listed=False), "not in its manifest"),
    "twice": (added("lendwatch.yaml#2", listed=False), "more than once"),
    "too large": (added("seeds/x.yaml", size=2**34), "too large"),
    "another size": (added("seeds/x.yaml", size=3), "not as large"),
    "newer store": (store_of_tomorrow, "needs lendwatch ≥ 9.1.0"),
    "newer form": (form_of_tomorrow, "needs lendwatch ≥ 9.2.0"),
    "a flipped bit": (flipped, "not as it was packed"),
    "no store": (without_store, "missing"),
    "another store": (another_store, "not an SQLite database"),
    "a bomb": (a_bomb, "not as large"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_is_no_backup_of_ours_is_refused_and_leaves_nothing(
    small: tuple[Config, Path], tmp_path: Path
) -> None:
    _, good = small
    place = tmp_path / "place"
    place.mkdir()
    bad = tmp_path / "bad.zip"
    for case, (change, reason) in REFUSED.items():
        rewritten(good, bad, change)
        with pytest.raises((BackupRefused, StoreError)) as refused:
            unpack(bad, place / "again")
        assert reason in str(refused.value), (case, str(refused.value))
        assert list(place.iterdir()) == [], case
    raw = good.read_bytes()
    for cut in (0, 30, len(raw) // 2, len(raw) - 1):
        bad.write_bytes(raw[:cut])
        with pytest.raises(BackupRefused, match="damaged, or no backup"):
            unpack(bad, place / "again")
    assert list(place.iterdir()) == []
    (place / "link").symlink_to(tmp_path)
    for taken in (place / "link", good, Path.cwd()):
        with pytest.raises(TargetInUse):
            unpack(good, taken)


def test_a_kill_at_any_step_leaves_the_old_and_the_next_attempt_finishes(
    small: tuple[Config, Path], tmp_path: Path
) -> None:
    config, good = small
    place = tmp_path / "place"
    place.mkdir()
    old = good.read_bytes()

    step = 1
    while killed_at_step(step, place, lambda: unpack(good, place / "again")):
        left = sorted(each.name for each in place.iterdir())
        assert left in ([], [".again.unfinished"], ["again"]), step
        if left == ["again"]:
            state_of(load_config(place / "again", {}, names=False))
            break
        step += 3
    else:
        state_of(load_config(place / "again", {}, names=False))
    assert step > 15

    step = 1
    while killed_at_step(step, tmp_path, lambda: pack(config, good, NOW)):
        state_of(config)
        with ZipFile(good) as archive:
            assert archive.testzip() is None
        step += 4
    assert step > 15
    assert not list(tmp_path.glob(".*"))
    assert good.read_bytes() != old or zipfile.is_zipfile(good)
    (place / "again").rename(place / "before")
    unpack(good, place / "again")
    state, logged = state_of(load_config(place / "again", {}, names=False))
    assert state.whole == logged == 2
