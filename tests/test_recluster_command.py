"""`lendwatch recluster` as a user runs it: real sites, a real mail server, real processes."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from distinct_articles import distinct_article
from intake_desk import NOON
from older_store import as_an_older_one_left_it, dump, five_articles
from plain_site import PlainSite, plain_sites
from serving import Store, eventually, free_port, store_of
from smtp_server import SmtpServer
from sqlalchemy import Engine
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.lock import holder
from monitor.recluster import fingerprints_behind
from monitor.store.migrate import migrate

# Articles 0 to 3, and 0 to 2 once more on another site.
ARTICLES, COPIES = 4, 3


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as running:
        yield running


@pytest.fixture
def sites() -> Iterator[list[PlainSite]]:
    with plain_sites(2) as made:
        for site, count in zip(made, (ARTICLES, COPIES), strict=True):
            texts = [distinct_article(number) for number in range(count)]
            for each in texts:
                site.pages[f"/{each.number}.html"] = ("text/html; charset=utf-8", each.html())
            site.feed("/feed.xml", {f"/{each.number}.html": each.title for each in texts})
        yield made


@pytest.fixture
def workspace(
    tmp_path: Path, sites: list[PlainSite], server: SmtpServer, database_url: str
) -> Workspace:
    mail = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "a@example.com"}
    web = {"port": free_port()}
    workspace = Workspace(tmp_path, {"mail": mail, "web": web, "database": database_url})
    for number, site in enumerate(sites):
        workspace.add(f"site-{number}", "feed", f"{site.url}/feed.xml")
    workspace.write()
    for number in range(len(sites)):
        workspace.run("crawl", f"site-{number}")
    return workspace


def spoil(store: Store) -> int:
    """As an older version would have left it: the last copy in a story of its own (whose number
    is given), nothing of the index."""
    last = store.rows("SELECT max(id) AS id FROM article")[0]["id"]
    [row] = store.rows("SELECT * FROM article WHERE id = :id", id=last)
    new = store.rows("SELECT max(id) AS id FROM story")[0]["id"] + 1
    store.write(
        "INSERT INTO story (id, lead_article_id, title, opened_at, last_seen_at, article_count,"
        " site_count) SELECT :new, id, title, first_seen_at, first_seen_at, 1, 1 FROM article"
        " WHERE id = :id",
        new=new,
        id=last,
    )
    store.write(
        "UPDATE article SET story_id = :new, relation = 'new', of_article_id = NULL,"
        " similarity = 0 WHERE id = :id",
        new=new,
        id=last,
    )
    store.write(
        "UPDATE story SET article_count = 1, site_count = 1 WHERE id = :id", id=row["story_id"]
    )
    store.write("DELETE FROM index_page")
    store.write("DELETE FROM index_run")
    store.write("UPDATE fingerprint SET method = 0")
    return int(new)


def test_it_shows_first_and_writes_when_asked_and_mails_nobody(
    workspace: Workspace, server: SmtpServer
) -> None:
    mailed = [each.message_id for each in server.received]
    assert len(mailed) == ARTICLES
    assert "nothing to do" in workspace.run("recluster").stdout
    with store_of(workspace) as store:
        opened = spoil(store)
        before = dump(store.engine)
        noted = workspace.run("doctor").stdout
        assert "7 articles have no fingerprint of today's method" in noted
        assert "lendwatch recluster" in noted
        shown = workspace.run("recluster").stdout
        assert f"with story {opened} into story " in shown
        assert "exact, 100% of article" in shown
        assert "(was new)" in shown
        assert "7 articles compared, 1 would change: stories that merge 1, split off 0;" in shown
        assert "--apply" in shown
        told, summary = map(json.loads, workspace.run("recluster", "--jsonl").stdout.splitlines())
        assert (told["change"], told["before"]["story"]) == ("merge", opened)
        into = told["after"]["story"]
        assert told["after"] == {**told["after"], "relation": "exact", "similarity": 1.0}
        assert (summary["change"], summary["applied"], summary["changed"]) == ("summary", False, 1)
        assert dump(store.engine) == before

        applied = workspace.run("recluster", "--apply").stdout
        assert "7 articles compared, 1 changed: stories that merge 1," in applied
        assert "nobody was mailed" in applied
        assert "nothing to do" in workspace.run("recluster").stdout
        assert "today's method" not in workspace.run("doctor").stdout
        after = dump(store.engine)
        for table in ("event", "outbox", "delivery", "article_log", "revision"):
            assert after[table] == before[table]
    assert f"Story {opened} went into story {into}." in workspace.run("story", str(opened)).stdout
    found = workspace.json("story", str(opened))
    assert (found["asked"], found["summary"]["story_id"]) == (opened, into)
    assert opened not in [each["story_id"] for each in workspace.json("stories")]
    workspace.run("crawl")
    assert [each.message_id for each in server.received] == mailed
    assert not list(workspace.folder.glob(".recluster-*"))


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[tuple[Workspace, Engine]]:
    """A workspace whose store an older version left."""
    workspace = Workspace(tmp_path, {"web": {"port": free_port()}})
    workspace.add("portal", "page", "https://example.com/1")
    workspace.write()
    database = f"sqlite:///{tmp_path / 'lendwatch.db'}"
    migrate(database, tmp_path, NOON)
    engine = open_engine(database)
    five_articles(engine)
    as_an_older_one_left_it(engine)
    yield workspace, engine
    engine.dispose()


def test_while_serve_works_on_the_store_nothing_is_written(
    stored: tuple[Workspace, Engine],
) -> None:
    workspace, engine = stored
    serving = workspace.start("serve")
    try:
        eventually(lambda: holder(engine), 60)
        refused = workspace.run("recluster", "--apply", check=False)
        assert refused.returncode == 75
        at_work = f"`lendwatch serve` works on this store already: pid {serving.pid} on host"
        assert at_work in refused.stderr
        assert refused.stdout == ""
        assert workspace.run("recluster").returncode == 0  # looking is free
    finally:
        os.killpg(serving.pid, signal.SIGTERM)
        serving.wait(timeout=60)
    with engine.connect() as connection:
        assert fingerprints_behind(connection) == 5


def open_files(descriptors: Path) -> Iterator[str]:
    for each in descriptors.iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield str(each.readlink())


@pytest.mark.parametrize("moment", [signal.SIGINT, signal.SIGKILL])
def test_a_dry_run_that_is_interrupted_leaves_no_trace(
    stored: tuple[Workspace, Engine], moment: signal.Signals
) -> None:
    workspace, engine = stored
    before, files = dump(engine), sorted(workspace.folder.iterdir())

    def interrupted() -> bool:
        running = workspace.start("recluster")
        opened = Path(f"/proc/{running.pid}/fd")
        # The scratch store is open, and has no name any more.
        eventually(
            lambda: any(
                "(deleted)" in each and "recluster-" in each for each in open_files(opened)
            ),
            60,
            0.005,
        )
        running.send_signal(moment)
        return running.wait(timeout=60) != 0

    # Five articles are soon read: on a busy machine it may come to its end before the signal.
    assert any(interrupted() for _ in range(12))
    assert sorted(workspace.folder.iterdir()) == sorted({*files, workspace.folder / "logs"})
    assert dump(engine) == before
