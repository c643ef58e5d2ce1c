"""Evidence is kept whole, as it crossed the network, and before the log tells of it."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crawl_worker import CrawlWorkerProcess, crawl_bench
from evidence_workshop import Workshop, article, days_after, page
from killed import killed_at
from local_site import LocalSite, articles, serve
from sqlalchemy import Engine, select
from stored_articles import NOON
from warcio.archiveiterator import ArchiveIterator

from crawler.evidence.archive import Archive
from crawler.evidence.mending import mend, whole_records
from crawler.evidence.records import Origin, capture_of
from crawler.log.engine import open_engine
from crawler.log.tables import ArticleLogRow, EvidenceRow
from monitor.evidence.audit import audit

pytest_plugins = ["database_fixtures"]

ORIGIN = Origin("portal", "c1", "00")


def warc_records(path: Path) -> list[Any]:
    """(type, WARC headers, HTTP headers, block without them) of each record, digests checked."""
    with path.open("rb") as file:
        return [
            (
                each.rec_type,
                dict(each.rec_headers.headers),
                each.http_headers,
                each.raw_stream.read(),
            )
            for each in ArchiveIterator(file, check_digests="raise")
        ]


def sound(engine: Engine, folder: Path) -> tuple[int, list[str]]:
    """How many pages are chained, and what is wrong with any of them."""
    links, problems = 0, []
    with engine.connect().execution_options(lendwatch_read=True) as connection:
        for state in audit(connection, folder):
            links = state.links
            problems += [state.problem] if state.problem else []
    return links, problems


def test_a_page_is_kept_as_it_crossed_the_network(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = page(1)
    rendered = replace(first, body=b"<p>what scripts made", rendered=True, picture=b"\x89PNG ...")
    forbids = {
        "by header": page(1, headers=((b"X-Robots-Tag", b"noindex, NOARCHIVE"),)),
        "by meta": replace(first, body=b"<head><META content='noarchive' name=\"robots\">"),
    }
    allows = {
        "another robot": page(1, headers=((b"X-Robots-Tag", b"otherbot: noarchive"),)),
        "other rules": replace(first, body=b"<meta name=robots content=noindex><p>noarchive"),
    }
    pages = [first, rendered, *forbids.values(), *allows.values()]
    archive.append([capture_of((each,), article(each, 1), ORIGIN) for each in pages], NOON)
    archive.close()
    (path,) = tmp_path.rglob("*.warc.gz")
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0
    records = warc_records(path)
    whole, rest = ["request", "response", "metadata"], ["request", "metadata"]
    shown = ["request", "response", "resource", "resource", "metadata"]
    kinds = [kind for kind, *_ in records]
    assert kinds == ["warcinfo", *whole, *shown, *rest, *rest, *whole, *whole]

    (_, asked, sent, _), (_, answered, got, body), (_, about, _, read) = records[1:4]
    assert sent.protocol == "GET"
    assert dict(sent.headers)["Cookie"] == "(withheld)"
    assert got.statusline == "200 OK"
    assert [name for name, _ in got.headers][:3] == [
        "Content-Type", "content-ENCODING", "X-Archive-Orig-Transfer-Encoding",
    ]  # fmt: skip
    assert body == first.wire.body
    assert dict(got.headers)["X-Title"].encode("latin-1") == "催收".encode("gbk")
    assert answered["WARC-IP-Address"] == "192.0.2.7"
    assert answered["WARC-Payload-Digest"].startswith("sha256:")
    assert asked["WARC-Concurrent-To"] == about["WARC-Refers-To"] == answered["WARC-Record-ID"]
    assert "title: 用钱宝催收 第1篇\r\n".encode() in read
    assert b"kept: whole\r\n" in read
    (_, came, _, _), (_, made, _, dom), (_, seen, _, picture) = records[5:8]
    assert (dom, picture) == (rendered.body, rendered.picture)
    assert (made["Content-Type"], seen["Content-Type"]) == ("text/html; charset=utf-8", "image/png")
    assert made["WARC-Concurrent-To"] == seen["WARC-Concurrent-To"] == came["WARC-Record-ID"]
    for _, _, _, said in (records[10], records[12]):
        assert b"kept: digests only" in said
        assert b"payload-digest: sha256:" in said


def test_an_article_on_several_pages_is_kept_with_all_of_them() -> None:
    pages = (page(1), page(2))
    capture = capture_of(pages, article(pages[0], 1), ORIGIN)
    assert [each.kind for each in capture.records] == ["request", "response"] * 2 + ["metadata"]
    forbidden = (page(1), page(2, headers=((b"X-Robots-Tag", b"noarchive"),)))
    capture = capture_of(forbidden, article(pages[0], 1), ORIGIN)
    assert capture.state == "digest"
    assert [each.kind for each in capture.records] == ["request"] * 2 + ["metadata"]


def test_files_end_by_day_and_by_size_and_carry_their_writers_mark_while_open(
    tmp_path: Path,
) -> None:
    archive = Archive(tmp_path, file_bytes=4000)
    capture = capture_of((page(1),), article(page(1), 1), ORIGIN)
    places = [archive.append([capture], NOON)[0] for _ in range(4)]
    places += archive.append([capture], days_after(1))
    per_day = Counter(
        place.file.split("/")[0] for place in {each.file: each for each in places}.values()
    )
    assert per_day == {"2024-11-08": 2, "2024-11-09": 1}
    assert [path.name.endswith(".open") for path in sorted(tmp_path.glob("*/*"))] == [
        False,
        False,
        True,
    ]
    assert mend(tmp_path) == []  # its writer lives
    archive.close()
    assert not list(tmp_path.glob("*/*.open"))
    for place in places:
        with (tmp_path / place.file).open("rb") as file:
            file.seek(place.start)
            assert file.read(place.length) == b"".join(each.stored for each in capture.records)


def test_a_writer_killed_at_any_moment_leaves_whole_records(tmp_path: Path) -> None:
    capture = capture_of((page(1),), article(page(1), 1), ORIGIN)
    large = replace(capture, records=(capture.records[0],) * 100)
    for moment in range(4):
        folder = tmp_path / str(moment)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            archive = Archive(folder)
            while True:
                place = archive.append([large], NOON)[0]
                os.write(writing, f"{place.start + place.length}\n".encode())
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            promised = [int(told.readline()) for _ in range(moment + 1)][-1]
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            promised = max([promised, *map(int, told.read().split(b"\n")[:-1])])
        (path,) = folder.rglob("*.open")
        # As if the kill had come within a write: it is cut at any byte, or followed by nothing.
        with path.open("ab") as file:
            file.write(capture.records[1].stored[: 100 + moment])
        (ended,) = mend(folder)
        with ended.open("rb") as file:
            ends = whole_records(file)
        assert ends[-1] == ended.stat().st_size >= promised
        assert {kind for kind, *_ in warc_records(ended)} == {"warcinfo", "request"}


def test_the_log_tells_of_no_page_whose_evidence_is_not_there(
    database_url: str, tmp_path: Path
) -> None:
    """Killed before every statement of the transaction that logs a batch."""
    folder = tmp_path / "evidence"

    def work() -> None:
        engine = open_engine(database_url)
        Workshop(engine, folder).keep_numbers([1, 2, 3])

    statement = 1
    while killed_at(statement, work):
        statement += 1
    assert statement > 4
    engine = open_engine(database_url)
    assert sound(engine, folder) == (3, [])
    mend(folder)
    assert sound(engine, folder) == (3, [])
    with engine.connect() as connection:
        logged = connection.scalars(select(ArticleLogRow.id).order_by(ArticleLogRow.id)).all()
        chained = connection.scalars(select(EvidenceRow.log_id).order_by(EvidenceRow.id)).all()
    assert logged == chained
    engine.dispose()


def test_several_processes_never_fork_the_chain(database_url: str, tmp_path: Path) -> None:
    children = []
    for process in range(3):
        child = os.fork()
        if child == 0:
            status = 1
            with suppress(Exception):
                workshop = Workshop(open_engine(database_url), tmp_path / "evidence")
                for batch in range(8):
                    workshop.keep_numbers(range(100 * process + batch, 100 * process + batch + 3))
                status = 0
            os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    engine = open_engine(database_url)
    # A clock that was set back reopens no day.
    later = Workshop(engine, tmp_path / "evidence")
    later.keep_numbers([900], days_after(1))
    later.keep_numbers([901], NOON)
    assert sound(engine, tmp_path / "evidence") == (74, [])
    assert [row.day for row in later.rows()[-2:]] == ["2024-11-09", "2024-11-09"]
    assert len({row.file for row in later.rows()}) == 5
    engine.dispose()


def test_alteration_removal_and_reordering_are_found_in_the_workspace(
    engine: Engine, tmp_path: Path
) -> None:
    workshop = Workshop(engine, tmp_path / "evidence")
    workshop.keep_numbers([1, 2, 3, 4])
    workshop.archive.close()
    assert sound(engine, workshop.folder) == (4, [])
    rows = workshop.rows()
    path = workshop.folder / rows[1].file
    content = bytearray(path.read_bytes())
    content[rows[1].start + 500] ^= 4
    path.write_bytes(content)
    (problem,) = sound(engine, workshop.folder)[1]
    assert "page 2 of 2024-11-08: its re" in problem
    assert "was altered" in problem
    content[rows[1].start + 500] ^= 4
    path.write_bytes(content)

    def found(*statements: str) -> str:
        """What is said after these changes, which are undone."""
        with engine.connect() as connection, connection.begin() as changes:
            for statement in statements:
                connection.exec_driver_sql(statement)
            said = [each.problem for each in audit(connection, workshop.folder) if each.problem]
            changes.rollback()
        return " ".join(said)

    assert found() == ""
    removed = found("DELETE FROM evidence WHERE number = 2")
    assert "page 3 of 2024-11-08: its link does not follow the one before it" in removed
    assert "it stands where page 2 belongs" in removed
    swapped = found(
        "UPDATE evidence SET number = 9 WHERE number = 2",
        "UPDATE evidence SET number = 2 WHERE number = 3",
        "UPDATE evidence SET number = 3 WHERE number = 9",
    )
    assert "it stands where page 2 belongs" in swapped
    path.rename(path.with_suffix(".away"))
    assert "is not on this machine" in found()
    assert found("UPDATE evidence SET machine = 'another'") == ""
    path.with_suffix(".away").rename(path)
    altered = found(
        "UPDATE evidence SET entry = replace(entry, 'T12:00', 'T11:00') WHERE number = 2"
    )
    assert "page 2 of 2024-11-08: its link in the chain was altered" in altered


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 128 KiB."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_crawl_on_a_full_disk_fails_by_name_and_loses_nothing(
    small_disk: Path, tmp_path: Path
) -> None:
    filler = small_disk / "filler"
    with (
        serve(LocalSite(articles(4))) as site,
        CrawlWorkerProcess() as worker,
        crawl_bench(tmp_path, worker) as bench,
    ):
        filler.write_bytes(b"x" * 118 * 1024)
        job = bench.job(site, "feed", "/feed.xml").model_copy(update={"evidence": str(small_disk)})
        result = worker.crawl(job)
        assert (result.state, result.failures, result.articles) == ("failed", {"evidence": 4}, 0)
        assert "No space left on device); free some space" in result.message
        assert bench.logged() == []
        filler.unlink()
        job = job.model_copy(update={"crawl_id": "again"})
        result = worker.crawl(job)
        assert (result.state, result.articles) == ("finished", 4)
        assert sound(bench.engine, small_disk) == (4, [])
        # As the site sent them, to a file that the worker ends when it is told to go.
        worker.process.stdin.close()
        assert worker.wait() == 0
        (path,) = small_disk.rglob("*.warc.gz")
        bodies = {body for kind, _, _, body in warc_records(path) if kind == "response"}
        assert bodies == {each.html().encode() for each in site.articles}
        requests = [http for kind, _, http, _ in warc_records(path) if kind == "request"]
        assert {dict(http.headers)["Host"] for http in requests} == {site.url.split("//")[1]}
        assert worker.problems() == []
