"""Open the store, SQLite or PostgreSQL, with the settings both halves rely on."""

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 30


def open_engine(database: str) -> Engine:
    """Open `database`, an SQLAlchemy URL (`sqlite:///path`, `postgresql+psycopg://…`).

    SQLite: WAL, so that readers never wait for the one writer; `synchronous=FULL`, so that what
    was acknowledged survives a power loss; transactions begin IMMEDIATE where a writer asks for
    it (see `writing`). Automatic checkpoints are left to one connection, because SQLite before
    3.51.3 can corrupt a WAL database when two connections checkpoint at once: a checkpoint runs
    under SQLite's own exclusive lock only when called from `checkpoint`."""
    url = make_url(database)
    if url.get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # pysqlite would begin transactions by itself, and DEFERRED: we say BEGIN ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _begin(connection: Any) -> None:
    # A write transaction that begins DEFERRED fails with SQLITE_BUSY the moment it upgrades,
    # without waiting; IMMEDIATE waits its turn. Readers ask for DEFERRED by execution option.
    deferred = connection.get_execution_options().get("lendwatch_read", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
