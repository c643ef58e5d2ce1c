"""One process at a time works on a store: the second is told who has it, and exits.

The lock dies with its holder, whatever kills it: an open file's flock on SQLite, a session's
advisory lock on PostgreSQL. Nothing has to be cleaned up after a crash.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

# Any number that no other lock of ours uses ("supv"; the article log and migrations have theirs).
ADVISORY_KEY = 0x73757076

# `holder` looks by taking the file for a moment, and a holder writes its name after it has the
# lock; both take far less. A second instance is refused after this.
PATIENCE_SECONDS = 1.0
_PAUSE_SECONDS = 0.05

Task = Literal["serve", "crawl", "demo", "rematch", "recluster", "forget"]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the store: the command it runs and where to find it."""

    task: str
    pid: int
    host: str

    def __str__(self) -> str:
        return f"pid {self.pid} on host {self.host}"


class StoreHeld(Exception):
    """Another process works on the store; try again when it has ended."""

    def __init__(self, holder: Holder) -> None:
        super().__init__(
            f"`lendwatch {holder.task}` works on this store already: {holder}; stop it first, or"
            " try again when it has ended"
        )
        self.holder = holder


class Hold:
    """The store is ours. `keep` makes sure of it again, now and then."""

    def keep(self) -> None:
        """Take the lock again when it was lost with a connection; StoreHeld: somebody has it."""


@contextmanager
def holding(engine: Engine, task: Task = "serve") -> Iterator[Hold]:
    """Hold the store behind `engine`, to run `task` on it; StoreHeld names who has it."""
    if engine.dialect.name == "postgresql":
        with _SessionHold(engine, task) as hold:
            yield hold
    else:
        with _holding_file(lock_path(engine), task):
            yield Hold()


def lock_path(engine: Engine) -> Path:
    """The lock file beside an SQLite store."""
    database = engine.url.database
    assert database, "a store has a path"
    return Path(database + ".lock")


def holder(engine: Engine) -> Holder | None:
    """Who works on the store now, or None when nobody does."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            return _session_holder(connection)
    try:
        with lock_path(engine).open(encoding="utf-8") as file:
            return None if _locked(file, fcntl.LOCK_SH) else _named_in(file)
    except FileNotFoundError:
        return None


@contextmanager
def _holding_file(path: Path, task: Task) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not _locked(file, fcntl.LOCK_EX):
            if time.monotonic() >= give_up_at:
                raise StoreHeld(_named_in(file))
            time.sleep(_PAUSE_SECONDS)
        file.truncate(0)
        json.dump({"task": task, "pid": os.getpid(), "host": socket.gethostname()}, file)
        file.flush()
        yield


def _locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named_in(file: IO[str]) -> Holder:
    file.seek(0)
    try:
        who = json.load(file)
        return Holder(str(who["task"]), int(who["pid"]), str(who["host"]))
    except (ValueError, KeyError, TypeError):
        return Holder("serve", 0, f"(whoever has {file.name} open)")


class _SessionHold(Hold):
    """An advisory lock of a PostgreSQL session, which ends with it: at a restart of the server
    the lock is gone, and has to be taken again before anybody else does."""

    def __init__(self, engine: Engine, task: Task) -> None:
        self._engine = engine
        self._name = f"lendwatch {task} pid {os.getpid()} on host {socket.gethostname()}"[:63]
        self._connection: Connection | None = None

    def __enter__(self) -> Hold:
        self._take()
        return self

    def __exit__(self, *_error: object) -> None:
        # Closed for good, not put back into the pool, where it would keep the lock.
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()

    def keep(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
            except DBAPIError:
                self._connection.close()
                self._connection = None
            else:
                return
        self._take()

    def _take(self) -> None:
        connection = self._engine.connect()
        try:
            _lock_session(connection, self._name)
        except BaseException:
            connection.close()
            raise
        self._connection = connection


def _lock_session(connection: Connection, name: str) -> None:
    # Autocommit: a transaction that stays open would keep the server from cleaning up.
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
    taken = text("SELECT pg_try_advisory_lock(:key)")
    if not connection.execute(taken, {"key": ADVISORY_KEY}).scalar():
        held_by = _session_holder(connection)
        raise StoreHeld(held_by or Holder("serve", 0, "(another session)"))


def _session_holder(connection: Connection) -> Holder | None:
    query = text(
        "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = :key"
    )
    name = connection.execute(query, {"key": ADVISORY_KEY}).scalar()
    if name is None:
        return None
    try:
        _lendwatch, task, _pid, pid, _on, _host, host = str(name).split(" ", 6)
        return Holder(task, int(pid), host)
    except ValueError:
        return Holder("serve", 0, f"(session {name!r})")
