"""Evidence that is dropped or forgotten is gone from the disk, and everything else still proves."""

import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from evidence_workshop import Workshop, article, days_after, page
from killed import killed_at
from sqlalchemy import Engine, insert, select
from stored_articles import NOON

from crawler.evidence.mending import whole_records
from crawler.log.engine import open_engine
from crawler.options import EvidenceOptions
from monitor.evidence.audit import audit
from monitor.evidence.bundle import Wanted, write_bundle
from monitor.evidence.erasing import settle
from monitor.evidence.forgetting import BeingWritten, find, prepare, remove_found
from monitor.evidence.retention import drop_old
from monitor.evidence.verify import main, verify
from monitor.store.models import ArticleRow, EventRow, OutboxRow

pytest_plugins = ["database_fixtures"]

LATER = days_after(40)


def text_on_disk(folder: Path) -> str:
    """All that the files under `folder` say, unpacked twice: records, and bodies within them."""
    said = b""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        stored = path.read_bytes()
        start = 0
        with path.open("rb") as file:
            for end in whole_records(file):
                record = zlib.decompress(stored[start:end], 16 + zlib.MAX_WBITS)
                body = record.find(b"\x1f\x8b\x08")
                inner = zlib.decompressobj(16 + zlib.MAX_WBITS)
                said += record + (inner.decompress(record[body:]) if body > 0 else b"")
                start = end
    return said.decode("utf-8", "replace")


def states(workshop: Workshop) -> list[str]:
    return [row.state for row in workshop.rows()]


def is_sound(workshop: Workshop) -> bool:
    with workshop.engine.connect().execution_options(lendwatch_read=True) as connection:
        return not any(each.problem for each in audit(connection, workshop.folder))


def tell_somebody_of(engine: Engine, url: str) -> None:
    """Queue an alert about the story of this article."""
    with engine.begin() as connection:
        found = select(ArticleRow.id, ArticleRow.story_id).where(ArticleRow.url == url)
        told = connection.execute(found).one()
        event_id = connection.execute(
            insert(EventRow)
            .values(
                kind="StoryOpened", happened_at=NOON, story_id=told.story_id, article_id=told.id,
                source="portal", details={},
            )
            .returning(EventRow.id)
        ).scalar_one()  # fmt: skip
        connection.execute(
            insert(OutboxRow).values(
                event_id=event_id, subscription="desk", channel="mail", state="sent", due_at=NOON,
                message_id="<1@a>", created_at=NOON, give_up_at=LATER,
            )
        )  # fmt: skip


def test_retention_drops_the_oldest_but_never_what_somebody_was_told_of(
    engine: Engine, tmp_path: Path
) -> None:
    workshop = Workshop(engine, tmp_path / "evidence")
    filler = (b"X-Filler", b"z" * 400_000)  # shrinks to nothing
    first = page(1, headers=(filler,))
    workshop.keep([(first, article(first, 1))])
    texts = {number: f"微粒贷第{number}号通知：某某网点今日停业。" * 9 for number in (2, 3)}
    for number, text in texts.items():
        of = page(number)
        workshop.keep([(of, replace(article(of, number), body=text))])
    workshop.keep_numbers([4], LATER)
    workshop.take_in()
    workshop.archive.close()
    tell_somebody_of(engine, "https://news.example/2.html")

    assert drop_old(engine, workshop.folder, EvidenceOptions(), LATER) == 0
    month = EvidenceOptions(days=30)
    assert drop_old(engine, workshop.folder, month, LATER) == 2
    assert states(workshop) == ["dropped", "kept", "dropped", "kept"]
    assert is_sound(workshop)
    assert drop_old(engine, workshop.folder, month, LATER) == 0
    assert "第2号" not in text_on_disk(tmp_path / "none")
    with engine.connect() as connection:
        write_bundle(connection, Wanted(2, workshop.folder), tmp_path / "2.zip", LATER)
        write_bundle(connection, Wanted(1, workshop.folder), tmp_path / "1.zip", LATER)
    with (tmp_path / "1.zip").open("rb") as file:
        problems, notes = verify(file)
    assert (problems, notes[0]) == (
        [], f"page 1 of 2024-11-08: its records are gone: dropped on {LATER.isoformat()}",
    )  # fmt: skip

    # By size: as much as lies there, less a byte, is too much; alerted ones too, when asked.
    for number in range(5, 9):
        workshop.keep_numbers([number], LATER + timedelta(days=number))
    big = page(9)
    big = replace(big, wire=replace(big.wire, body=bytes(range(256)) * 5000))
    workshop.keep([(big, article(big, 9))], LATER + timedelta(days=9))
    workshop.archive.close()
    small = EvidenceOptions(megabytes=1, drop_alerted=True)
    dropped = drop_old(engine, workshop.folder, small, LATER + timedelta(days=10))
    kept = [row for row in workshop.rows() if row.state == "kept"]
    assert sum(path.stat().st_size for path in workshop.files) <= 1024 * 1024 + 10_000
    assert dropped == 6 + 1 - len(kept)
    assert is_sound(workshop)


def test_what_is_forgotten_is_gone_from_the_disk_and_the_chain_says_when(
    engine: Engine, tmp_path: Path
) -> None:
    workshop = Workshop(engine, tmp_path / "evidence")
    workshop.keep_numbers([1, 2], name="张 三丰")
    workshop.keep_numbers([3], name="李女士")
    workshop.keep_numbers([4], days_after(1), "张三丰")
    workshop.take_in()
    with pytest.raises(BeingWritten):
        prepare(engine, workshop.folder)
    workshop.archive.close()
    # Records that nobody logged are reached as well: their process died before it could.
    lost = workshop.archive
    capture = workshop.capture(5, "张三丰")
    lost.append([capture], days_after(2))
    lost.close()
    before = {row.id: row.digest for row in workshop.rows()}

    prepare(engine, workshop.folder)
    found = list(find(engine, workshop.folder, "张三丰"))
    assert [each.url.rsplit("/", 1)[-1] for each in found] == ["1.html", "2.html", "4.html", ""]
    assert "三丰" in text_on_disk(workshop.folder)
    remove_found(engine, workshop.folder, found, LATER)
    assert "三丰" not in text_on_disk(workshop.folder)
    assert "李女士" in text_on_disk(workshop.folder)
    assert text_on_disk(workshop.folder).count("forgotten: 2024-12-18T12:00:00") == 4
    assert states(workshop) == ["forgotten", "forgotten", "kept", "forgotten"]
    assert {row.id: row.digest for row in workshop.rows()} == before
    assert is_sound(workshop)
    assert list(find(engine, workshop.folder, "张三丰")) == []
    with engine.connect() as connection:
        for number in (1, 3):
            target = tmp_path / f"{number}.zip"
            write_bundle(connection, Wanted(number, workshop.folder), target, LATER)
            assert main([str(target)]) == 0
    with (tmp_path / "1.zip").open("rb") as file:
        assert (
            "page 1 of 2024-11-08: its records are gone: forgotten on 2024-12-18"
            in verify(file)[1][0]
        )


def test_a_kill_while_forgetting_loses_no_other_record_and_the_next_start_finishes(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "evidence"
    engine = open_engine(database_url)
    workshop = Workshop(engine, folder)
    workshop.keep_numbers([1], name="张三丰")
    workshop.keep_numbers([2, 3], name="李女士")
    workshop.archive.close()
    engine.dispose()

    def work() -> None:
        opened = open_engine(database_url)
        found = list(find(opened, folder, "张三丰"))
        remove_found(opened, folder, found, LATER)

    statement = 1
    while killed_at(statement, work):
        assert is_sound(workshop)
        engine.dispose()
        statement += 1
    assert statement > 3
    # The last kills left copies that no row points to.
    settle(engine, folder)
    assert len(workshop.files) == 1
    assert states(workshop) == ["forgotten", "kept", "kept"]
    assert is_sound(workshop)
    assert "三丰" not in text_on_disk(folder)
    engine.dispose()


def test_a_version_that_a_kill_left_behind_goes_with_the_next_start(
    engine: Engine, tmp_path: Path
) -> None:
    """Between the store's commit and the removal of the old file, content would live on."""
    workshop = Workshop(engine, tmp_path / "evidence")
    workshop.keep_numbers([1], name="张三丰")
    workshop.archive.close()
    (old,) = workshop.files
    content = old.read_bytes()
    remove_found(engine, workshop.folder, list(find(engine, workshop.folder, "张三丰")), LATER)
    old.write_bytes(content)
    old.with_name(f"{old.name}.part").write_bytes(content)
    settle(engine, workshop.folder)
    assert [path.name for path in workshop.files] == [old.name.replace(".warc", ".r2.warc")]
    assert "三丰" not in text_on_disk(workshop.folder)
