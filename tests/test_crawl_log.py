"""The article log and the memory of seen URLs, on real stores."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, func, select

from crawler.article import Article
from crawler.log.append import Entry, append_articles
from crawler.log.engine import checkpoint, open_engine
from crawler.log.read import last_position, read_after
from crawler.log.seen import KEPT, LISTED, SKIPPED, Visit, find_seen, has_failed, record_visits
from crawler.log.tables import ArticleLogRow, Base, SeenUrlRow

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
TAIPEI = timezone(timedelta(hours=8))


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def an_entry(number: int = 1, **changes) -> Entry:
    article = Article(
        url=f"https://news.example.com/{number}",
        title="用錢寶 催收",
        body="第一段\n第二段",
        author="王小明",
        published_at=datetime(2026, 11, 24, 10, 5, tzinfo=TAIPEI),
        published_precision="minute",
        boilerplate="免責聲明",
        language="zh-Hant",
        charset="big5",
    )
    entry = Entry("beat-feed", "crawl-1", NOW, "ab" * 32, False, article)
    return replace(entry, **changes)


def test_an_article_comes_back_as_it_was_appended(engine):
    entry = an_entry(baseline=True)
    with engine.begin() as connection:
        append_articles(connection, [entry])
    with engine.connect() as connection:
        (logged,) = read_after(connection, 0, 10)
    assert logged.article == entry.article
    assert logged.article.published_at.utcoffset() == timedelta(hours=8)
    assert (logged.source, logged.crawl_id, logged.raw_hash) == ("beat-feed", "crawl-1", "ab" * 32)
    assert logged.fetched_at == NOW
    assert logged.baseline


def test_a_reader_follows_with_its_cursor(engine):
    with engine.begin() as connection:
        append_articles(connection, [an_entry(number) for number in range(1, 8)])
    seen, position = [], 0
    with engine.connect() as connection:
        while batch := read_after(connection, position, 3):
            seen += [logged.article.url for logged in batch]
            position = batch[-1].id
        assert position == last_position(connection)
    assert seen == [f"https://news.example.com/{number}" for number in range(1, 8)]


def test_a_reader_may_bound_what_it_takes_into_memory(engine):
    with engine.begin() as connection:
        append_articles(connection, [an_entry(number) for number in range(1, 8)])
    with engine.connect() as connection:
        long = len(read_after(connection, 0, 1)[0].article.body)
        assert len(read_after(connection, 0, 5, characters=2 * long + 1)) == 3
        assert len(read_after(connection, 0, 5, characters=100 * long)) == 5
        assert len(read_after(connection, 0, 5, characters=1)) == 1, "it never stands still"


def test_positions_grow_in_commit_order(engine):
    """A reader that sees position n must never later see a smaller one appear."""
    broken: list[tuple[int, int]] = []
    done = threading.Event()

    def append(source: str) -> None:
        for number in range(25):
            with engine.begin() as connection:
                append_articles(connection, [an_entry(number, source=source)] * 2)

    def follow() -> None:
        position = 0
        count = 0
        while not (done.is_set() and count == 200):
            with engine.connect() as connection:
                batch = read_after(connection, position, 500)
                if batch:
                    count += len(batch)
                    position = batch[-1].id
                total = connection.scalar(select(func.count()).where(ArticleLogRow.id <= position))
            if total != count:
                broken.append((total, count))
                return

    writers = [threading.Thread(target=append, args=(f"source-{n}",)) for n in range(4)]
    reader = threading.Thread(target=follow)
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join(timeout=30)
    assert broken == []
    assert not reader.is_alive()


def test_what_no_store_takes_is_dropped_from_the_text(engine):
    entry = an_entry()
    hostile = replace(entry.article, title="催\x00收", body="一\ud800二\n三")
    with engine.begin() as connection:
        append_articles(connection, [replace(entry, article=hostile)])
    with engine.connect() as connection:
        (logged,) = read_after(connection, 0, 1)
    assert (logged.article.title, logged.article.body) == ("催收", "一?二\n三")


def test_an_append_and_its_seen_url_are_one_transaction(engine):
    with pytest.raises(RuntimeError), engine.begin() as connection:
        append_articles(connection, [an_entry()])
        record_visits(connection, [Visit("https://news.example.com/1", "beat-feed", NOW, KEPT)])
        raise RuntimeError("the process dies before the commit")
    with engine.connect() as connection:
        assert read_after(connection, 0, 1) == []
        assert find_seen(connection, ["https://news.example.com/1"]) == {}


def test_seen_urls_are_found_in_bulk(engine):
    urls = [f"https://news.example.com/{number}" for number in range(1200)]
    with engine.begin() as connection:
        record_visits(connection, [Visit(url, "beat-feed", NOW, SKIPPED) for url in urls])
    with engine.connect() as connection:
        found = find_seen(connection, [*urls, "https://news.example.com/unknown"])
    assert len(found) == 1200
    assert found[urls[7]].outcome == SKIPPED
    assert found[urls[7]].fetched_at == NOW


def test_failures_in_a_row_are_counted_and_a_success_ends_them(engine):
    url = "https://news.example.com/1"
    later = NOW + timedelta(hours=1)
    with engine.begin() as connection:
        for outcome in ("timeout", "timeout", "http-500"):
            record_visits(connection, [Visit(url, "beat-feed", NOW, outcome)])
        assert find_seen(connection, [url])[url].failures == 3
        assert has_failed(connection, "beat-feed")
        assert not has_failed(connection, "other-feed")
        record_visits(connection, [Visit(url, "beat-feed", later, KEPT, '"v1"', None, "ab" * 32)])
        seen = find_seen(connection, [url])[url]
        assert not has_failed(connection, "beat-feed")
    assert (seen.failures, seen.outcome, seen.etag) == (0, KEPT, '"v1"')
    assert seen.fetched_at == later


def test_the_first_sight_of_a_url_keeps_its_time_and_source(engine):
    url = "https://news.example.com/1"
    with engine.begin() as connection:
        record_visits(connection, [Visit(url, "beat-feed", NOW, KEPT)])
        record_visits(connection, [Visit(url, "other", NOW + timedelta(days=1), LISTED)])
        row = connection.execute(select(SeenUrlRow.first_seen_at, SeenUrlRow.source)).one()
    assert row == (NOW, "beat-feed")


def test_only_checkpoint_folds_the_wal_back(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path}/lendwatch.db")
    Base.metadata.create_all(engine, [ArticleLogRow.__table__])
    long = replace(an_entry().article, body="催收" * 20_000)
    with engine.begin() as connection:
        append_articles(connection, [replace(an_entry(), article=long)] * 60)
    database = tmp_path / "lendwatch.db"
    wal = tmp_path / "lendwatch.db-wal"
    assert wal.stat().st_size > 4 * 1024 * 1024
    before = database.stat().st_size
    assert checkpoint(engine)
    assert database.stat().st_size > before
    # The next writer starts the file over instead of growing it.
    size = wal.stat().st_size
    with engine.begin() as connection:
        append_articles(connection, [an_entry()])
    assert wal.stat().st_size == size
    engine.dispose()


def test_one_process_checkpoints_at_a_time(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path}/lendwatch.db")
    Base.metadata.create_all(engine, [ArticleLogRow.__table__])
    with (tmp_path / "lendwatch.db-checkpoint").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert not checkpoint(engine, wal_bytes=0)
    assert checkpoint(engine, wal_bytes=0)
    engine.dispose()


def test_the_store_survives_what_was_acknowledged(tmp_path: Path):
    engine = open_engine(f"sqlite:///{tmp_path}/lendwatch.db")
    with engine.connect() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "wal_autocheckpoint", "foreign_keys")
        }
    engine.dispose()
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "wal_autocheckpoint": 0,
        "foreign_keys": 1,
    }
    assert sqlite3.sqlite_version_info >= (3, 35)


def test_a_position_is_never_given_twice(engine: Engine) -> None:
    with engine.begin() as connection:
        append_articles(connection, [an_entry(1), an_entry(2)])
    with engine.begin() as connection:
        newest = last_position(connection)
        connection.execute(delete(ArticleLogRow).where(ArticleLogRow.id == newest))
    with engine.begin() as connection:
        append_articles(connection, [an_entry(3)])
        assert last_position(connection) == newest + 1
