"""Open the store, SQLite or PostgreSQL, with the settings both halves rely on."""

import fcntl
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 30

# A WAL of this size is folded back into the database: readers slow down with its length, and
# SQLite's own default (1,000 pages) is the same 4 MiB.
WAL_BYTES = 4 * 1024 * 1024


def open_engine(database: str) -> Engine:
    """Open `database`, an SQLAlchemy URL (`sqlite:///path`, `postgresql+psycopg://…`).

    SQLite: WAL, so that readers never wait for the one writer; `synchronous=FULL`, so that what
    was acknowledged survives a power loss; transactions begin IMMEDIATE unless a reader says
    otherwise. No connection checkpoints by itself, because SQLite before 3.51.3 can corrupt a
    WAL database when two connections checkpoint at once: whoever writes much calls `checkpoint`
    after its commits (a crawl after each batch, also by hand; the intake after each run, idle
    ones too, which covers the outbox), and that lets one process at a time through. What is left
    is folded back by the last connection that closes, alone by SQLite's own lock."""
    url = make_url(database)
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def checkpoint(engine: Engine, wal_bytes: int = WAL_BYTES) -> bool:
    """Fold the WAL back into the database once it is longer than `wal_bytes`.

    Returns False when there was nothing to do or another process is at it: never waits. Call
    it outside a transaction. A file lock beside the database, not SQLite's own, keeps
    checkpoints apart across processes and threads, and the kernel drops it with its holder."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return False
    try:
        if os.stat(f"{path}-wal").st_size <= wal_bytes:  # noqa: PTH116  # asked after every commit
            return False
    except FileNotFoundError:
        return False
    with Path(f"{path}-checkpoint").open("ab") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        # PASSIVE never waits for a reader or a writer; the next writer then restarts the file.
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()
        finally:
            raw.close()
    return True


def truncate_wal(engine: Engine) -> None:
    """Fold the whole WAL back and leave none of its bytes, which keep what was overwritten.

    Waits for the checkpoint and for readers as long as for a lock; OperationalError
    (`database is locked`) when they do not end."""
    with Path(f"{engine.url.database}-checkpoint").open("ab") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        raw = engine.raw_connection()
        try:
            busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
    if busy:
        raise sqlite3.OperationalError("database is locked by whoever reads it")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # pysqlite would begin transactions by itself, and DEFERRED: we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    cursor.execute("PRAGMA wal_autocheckpoint=0")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _use_wal(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL. SQLite does not wait for whoever reads a new file meanwhile: we do."""
    give_up_at = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= give_up_at:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Any) -> None:
    # A write transaction that begins DEFERRED fails with SQLITE_BUSY the moment it upgrades,
    # without waiting; IMMEDIATE waits its turn. Readers ask for DEFERRED by execution option.
    deferred = connection.get_execution_options().get("lendwatch_read", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
