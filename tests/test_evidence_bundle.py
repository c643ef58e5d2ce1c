"""A bundle proves itself to anyone: every flipped byte, every rewritten record is named."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from evidence_workshop import Workshop, days_after
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.cli.evidencing import check_bundle, check_workspace, make_bundle
from monitor.cli.failures import CommandFailed
from monitor.evidence.verify import verify
from monitor.evidence.zipping import PlainZip
from monitor.store.migrate import migrate


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose article 1 has two revisions, and a bundle of it."""
    folder = tmp_path_factory.mktemp("kept")
    workspace = Workspace(folder).write()
    database = f"sqlite:///{folder / 'lendwatch.db'}"
    migrate(database, folder / "backups")
    engine = open_engine(database)
    workshop = Workshop(engine, folder / "evidence")
    workshop.keep_numbers([1, 2, 3])
    workshop.take_in()
    workshop.keep_numbers([1], days_after(1), "李女士")
    workshop.keep_numbers([4], days_after(1))
    workshop.take_in()
    workshop.archive.close()
    engine.dispose()
    done = workspace.run("evidence", "1", "-o", str(folder / "bundle.zip"))
    assert "2 pages" in done.stdout
    return workspace


@pytest.fixture
def bundle(kept: Workspace) -> bytes:
    return (kept.folder / "bundle.zip").read_bytes()


def test_each_flipped_byte_is_found_and_named(bundle: bytes) -> None:
    assert verify(BytesIO(bundle))[0] == []
    names = zipfile.ZipFile(BytesIO(bundle)).namelist()
    contents = [
        (each.header_offset + 30 + len(each.filename), each.compress_size)
        for each in zipfile.ZipFile(BytesIO(bundle)).infolist()
    ]
    within = {at for start, size in contents for at in range(start + 1, start + size - 1)}
    # All bytes of the zip's own structures and at the edges; of the contents every 23rd.
    places = [at for at in range(len(bundle)) if at not in within or at % 23 == 0]
    assert len(places) > 1500
    for at in places:
        flipped = bytearray(bundle)
        flipped[at] ^= 1 << (at % 8)
        problems, _ = verify(BytesIO(bytes(flipped)))
        assert problems, at
        assert any(name in problems[0] for name in (*names, "zip")), problems
    for cut in (0, 1, 29, 4000, len(bundle) - 23, len(bundle) - 1):
        assert verify(BytesIO(bundle[:cut]))[0], cut
    assert "zip table of contents" in verify(BytesIO(bundle + b"\0"))[0][0]


def rebuilt(bundle: bytes, change: Callable[[dict[str, bytes]], None]) -> str:
    """What is said of a bundle changed by somebody who sets all other sums right."""
    opened = zipfile.ZipFile(BytesIO(bundle))
    files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    manifest = json.loads(files.pop("manifest.json"))
    made = BytesIO()
    archive = PlainZip(made)
    for name, content in files.items():
        archive.add(name, [content])
    manifest["files"] = {name: sha256(content).hexdigest() for name, content in files.items()}
    archive.add("manifest.json", [json.dumps(manifest).encode()])
    archive.end()
    return "\n".join(verify(made)[0])


def in_manifest(files: dict[str, bytes], *, capture: int = 0, **values: Any) -> None:
    manifest = json.loads(files["manifest.json"])
    manifest["captures"][capture].update(values)
    files["manifest.json"] = json.dumps(manifest).encode()


def test_who_alters_a_bundle_and_sets_its_sums_right_is_found_by_the_chain(bundle: bytes) -> None:
    one, chain = "captures/2024-11-08-000001.warc.gz", "chain/2024-11-08.jsonl"
    other = "captures/2024-11-09-000001.warc.gz"

    def lines(files: dict[str, bytes], order: list[int]) -> None:
        found = files[chain].splitlines(keepends=True)
        files[chain] = b"".join(found[at] for at in order)

    altered_link = b'"number":2', b'"number":2.0'
    cases: dict[str, tuple[Callable[[dict[str, bytes]], Any], str]] = {
        "nothing": (lambda _: None, ""),
        "another page's records": (
            lambda files: files.update({one: files[other]}),
            f"{one}: request record: its SHA-256 is not that in the chain",
        ),
        "bytes after the records": (
            lambda files: files.update({one: files[one] + b"\0"}),
            f"{one}: more or less in it than the chain tells of",
        ),
        "a text": (
            lambda files: files.update({"texts/2024-11-08-000001.txt": "从未催收".encode()}),
            "texts/2024-11-08-000001.txt: not the text that was read out of the page",
        ),
        "a link removed": (
            lambda files: lines(files, [0, 2]),
            f"{chain}: link 2 does not follow the one before it",
        ),
        "the last link removed": (
            lambda files: lines(files, [0, 1]),
            f"{chain}: its last link is not the head that was noted",
        ),
        "links reordered": (
            lambda files: lines(files, [0, 2, 1]),
            f"{chain}: link 3 stands where 2 belongs",
        ),
        "a link rewritten": (
            lambda files: files.update({chain: files[chain].replace(*altered_link)}),
            f"{chain}: link 3 does not follow the one before it",
        ),
        "another time": (
            lambda files: in_manifest(files, fetched_at="2023-01-01T00:00:00+00:00"),
            "page 1 of 2024-11-08: fetched_at in manifest.json is not what its record says",
        ),
        "another page's number": (lambda files: in_manifest(files, number=2), one),
        "a number that none has": (
            lambda files: in_manifest(files, number=7),
            "page 7 of 2024-11-08: no such link in the chain",
        ),
        "no number": (lambda files: in_manifest(files, number=[]), "not as lendwatch writes it"),
        "an escape sequence": (
            lambda files: in_manifest(files, number="\x1b[2J", file="\x1b[31m"),
            "page ?[2J of 2024-11-08: no such link",
        ),
        "another file": (lambda files: files.update({"more.txt": b""}), ""),
        "no chain": (lambda files: files.pop(chain), f"{chain}: missing"),
    }
    for name, (change, wanted) in cases.items():
        said = rebuilt(bundle, change)
        assert wanted in said, name
        assert bool(said) == bool(wanted), name
        assert said.replace("\n", "").isprintable(), name


def test_anyone_can_check_it_offline_with_nothing_of_ours(kept: Workspace, tmp_path: Path) -> None:
    bundle = kept.folder / "bundle.zip"
    assert bundle.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(bundle) as opened:
        opened.extract("verify.py", tmp_path)
        readme = opened.read("README.txt").decode()
        text = opened.read("texts/2024-11-09-000001.txt").decode()
    assert "https://news.example/1.html" in readme
    assert "李女士" in text

    def check(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    whole = check(str(bundle))
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.endswith("all is as it was kept\n")
    for line in whole.stdout.splitlines()[:2]:
        assert line.rsplit(" ", 1)[1] in readme  # the heads
    altered = tmp_path / "altered.zip"
    altered.write_bytes(bundle.read_bytes().replace(b"sha256", b"sha257", 1))
    assert check(str(altered)).returncode == 1
    assert "ALTERED" in check(str(altered)).stdout
    assert [check(str(tmp_path / "none.zip")).returncode, check().returncode] == [2, 2]


def test_the_commands_say_what_is_wrong_and_exit_by_it(kept: Workspace, tmp_path: Path) -> None:
    bundle = kept.folder / "bundle.zip"
    assert not check_bundle(bundle)
    assert not check_workspace(kept.folder)
    altered = tmp_path / "altered.zip"
    altered.write_bytes(bundle.read_bytes()[:-1])
    done = kept.run("verify", str(altered), check=False)
    assert (done.returncode, "zip table of contents" in done.stdout) == (1, True)
    done = kept.run("verify", str(tmp_path / "none.zip"), check=False)
    assert (done.returncode, "none.zip: No such file" in done.stderr) == (2, True)
    with pytest.raises(CommandFailed, match="no article 77"):
        make_bundle(kept.folder, "77", altered, every=False)


def test_what_is_damaged_on_the_disk_becomes_no_bundle(kept: Workspace, tmp_path: Path) -> None:
    (first, *_) = sorted((kept.folder / "evidence").rglob("*.warc.gz"))
    content = first.read_bytes()
    try:
        first.write_bytes(content[:700] + bytes([content[700] ^ 1]) + content[701:])
        with pytest.raises(CommandFailed, match="record: its SHA-256 is not that in the chain"):
            make_bundle(kept.folder, "1", tmp_path / "once.zip", every=True)
        assert check_workspace(kept.folder)
        # What lies on another machine is named; the rest can be proved without it.
        first.unlink()
        with pytest.raises(CommandFailed, match=r"not in the bundle: page 1 of 2024-11-08 \("):
            make_bundle(kept.folder, "1", tmp_path / "part.zip", every=False)
        with (tmp_path / "part.zip").open("rb") as file:
            problems, notes = verify(file)
        assert (problems, "not at hand, kept by machine" in notes[0]) == ([], True)
    finally:
        first.write_bytes(content)
    assert not list(tmp_path.glob("once.zip*"))
