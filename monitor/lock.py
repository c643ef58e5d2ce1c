"""One supervisor a store: the second is told who holds it, and exits.

The lock dies with its holder, whatever kills it: an open file's flock on SQLite, a session's
advisory lock on PostgreSQL. Nothing has to be cleaned up after a crash.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

# Any number that no other lock of ours uses ("supv"; the article log and migrations have theirs).
ADVISORY_KEY = 0x73757076


class StoreHeld(Exception):
    """Another supervisor holds the store; try again when it has stopped."""


@contextmanager
def holding(engine: Engine) -> Iterator[None]:
    """Hold the store behind `engine` as its one supervisor; StoreHeld names who has it."""
    if engine.dialect.name == "postgresql":
        with _holding_postgresql(engine):
            yield
    else:
        with _holding_file(lock_path(engine)):
            yield


def lock_path(engine: Engine) -> Path:
    """The lock file beside an SQLite store."""
    database = engine.url.database
    assert database, "a store has a path"
    return Path(database + ".lock")


def holder(engine: Engine) -> str | None:
    """Who holds the store, as a person reads it, or None when nobody does."""
    try:
        with holding(engine):
            return None
    except StoreHeld as held:
        return str(held)


@contextmanager
def _holding_file(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreHeld(_who(file.read(), str(path))) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
        file.flush()
        yield


def _who(content: str, place: str) -> str:
    try:
        who = json.loads(content)
        return f"pid {who['pid']} on host {who['host']}"
    except (ValueError, KeyError, TypeError):
        return f"the process that has {place} open"


@contextmanager
def _holding_postgresql(engine: Engine) -> Iterator[None]:
    me = f"lendwatch pid {os.getpid()} on host {socket.gethostname()}"[:63]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT set_config('application_name', :me, false)"), {"me": me})
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": ADVISORY_KEY})
        if not taken.scalar():
            raise StoreHeld(_who_in_postgresql(connection))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_KEY})


def _who_in_postgresql(connection: Connection) -> str:
    query = text(
        "SELECT a.application_name, host(a.client_addr) FROM pg_locks l"
        " JOIN pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :key"
    )
    row = connection.execute(query, {"key": ADVISORY_KEY}).first()
    return row[0].removeprefix("lendwatch ") if row else "another session of the database"
