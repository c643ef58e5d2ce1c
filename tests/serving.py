"""A real `lendwatch serve` of a workspace, and what its store says of it."""

import json
import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError

from sqlalchemy import Engine, RowMapping, text
from workspaces import Workspace

from crawler.log.engine import open_engine
from monitor.config import load_config

# Long enough for a loaded machine, short enough that a hang is seen.
PATIENCE_SECONDS = 60
_PAUSE = threading.Event()  # never set: waiting on it is a pause

T = TypeVar("T")


def eventually(
    condition: Callable[[], T], seconds: float = PATIENCE_SECONDS, pause: float = 0.05
) -> T:
    """What `condition` gives as soon as it is true; it is asked until then, each `pause` seconds:
    asking takes from a busy machine what is waited for."""
    give_up_at = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < give_up_at, f"not within {seconds} s; last was {value!r}"
        _PAUSE.wait(pause)
    return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Serving:
    """One `lendwatch serve` process."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.url = f"http://127.0.0.1:{load_config(workspace.folder).web.port}"
        self.process = workspace.start("serve")

    def health(self) -> dict[str, Any]:
        return eventually(self.health_or_none)

    def health_or_none(self) -> dict[str, Any] | None:
        assert self.process.poll() is None, self.workspace.logs()
        with (
            suppress(URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(f"{self.url}/health", timeout=10) as answer,
        ):
            return json.load(answer)
        return None

    def stop(self, number: int = signal.SIGTERM, seconds: float = 20) -> int:
        """Ask it to stop; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(workspace: Workspace) -> Iterator[Serving]:
    """Serve `workspace`; ends with the block, whatever happened in it."""
    served = Serving(workspace)
    try:
        yield served
    finally:
        served.kill()


class Store:
    """The store of a workspace, looked at from outside; `rows` is empty while it is not there."""

    def __init__(self, workspace: Workspace) -> None:
        self.engine: Engine = open_engine(load_config(workspace.folder).database)
        self._seen = False

    def rows(self, statement: str, **values: Any) -> list[RowMapping]:
        if not self._is_there():
            return []
        with self.engine.connect().execution_options(lendwatch_read=True) as connection:
            return list(connection.execute(text(statement), values).mappings())

    def count(self, table: str, condition: str = "true", **values: Any) -> int:
        rows = self.rows(f"SELECT count(*) AS n FROM {table} WHERE {condition}", **values)
        return rows[0]["n"] if rows else 0

    def crawls(self, source: str) -> list[RowMapping]:
        """The crawls of `source`, oldest first."""
        query = "SELECT * FROM crawl WHERE source = :source ORDER BY started_at"
        return self.rows(query, source=source)

    def write(self, statement: str, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def _is_there(self) -> bool:
        self._seen = self._seen or self._can_be_asked()
        return self._seen

    def _can_be_asked(self) -> bool:
        dialect = self.engine.dialect
        if dialect.name == "sqlite" and not Path(self.engine.url.database).exists():
            return False
        with self.engine.connect().execution_options(lendwatch_read=True) as connection:
            return dialect.has_table(connection, "outbox")


@contextmanager
def store_of(workspace: Workspace) -> Iterator[Store]:
    store = Store(workspace)
    try:
        yield store
    finally:
        store.engine.dispose()


def is_running(pid: int) -> bool:
    """Whether the process runs; one that only waits for its parent to look does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"
