"""A real crawl worker (`python -m crawler.run`) for tests, with a store and seeds for its jobs."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from local_site import LocalSite
from sqlalchemy import Engine

from crawler.crawl import CrawlJob, CrawlResult
from crawler.log.engine import open_engine
from crawler.log.read import read_after
from crawler.log.tables import make_tables
from crawler.options import CrawlOptions
from seeds.models import Source

PLATFORMS = """\
platforms:
  - name: 用钱宝
    traditional: 用錢寶
  - name: 借呗
"""
TOPICS = """\
topics:
  - name: collection
    title: 催收
    groups:
      - severity: high
        terms: [催收]
"""
LOCAL = CrawlOptions(
    contact="ops@example.org",
    delay=timedelta(0),
    connections_per_site=4,
    allow_addresses=("127.0.0.0/8",),
)
# Long enough for a browser on a loaded machine, short enough that a hang is seen.
PATIENCE_SECONDS = 60


@dataclass
class Bench:
    """A store, seeds and a worker: what a crawl needs, all of it real."""

    folder: Path
    database: str
    worker: "CrawlWorkerProcess"
    crawls: int = 0
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.engine = open_engine(self.database)
        make_tables(self.engine)
        write_seeds(self.folder)

    def job(self, site: LocalSite, kind: str, path: str, **changes: Any) -> CrawlJob:
        self.crawls += 1
        options = changes.pop("options", LOCAL)
        source = Source(name=f"local-{kind}", kind=kind, url=site.url + path, **changes)
        return CrawlJob(
            crawl_id=f"crawl-{self.crawls}",
            source=source,
            database=self.database,
            seeds=str(self.folder),
            options=options,
        )

    def crawl(self, site: LocalSite, kind: str, path: str, **changes: Any) -> CrawlResult:
        return self.worker.crawl(self.job(site, kind, path, **changes))

    def logged(self) -> list[Any]:
        with self.engine.connect().execution_options(lendwatch_read=True) as connection:
            return read_after(connection, 0, 10_000)

    def paths(self) -> list[str]:
        return sorted(logged.article.url.split("/", 3)[3] for logged in self.logged())


class CrawlWorkerProcess:
    """The worker as a supervisor sees it: jobs in, events out. `program`: what Python runs."""

    def __init__(self, *program: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, *(program or ("-m", "crawler.run"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        self.events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.log: list[dict[str, Any]] = []
        self._threads = [
            threading.Thread(target=self._read_events, daemon=True),
            threading.Thread(target=self._read_log, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def send(self, job: CrawlJob) -> None:
        self.send_line(job.model_dump_json().encode())

    def send_line(self, line: bytes) -> None:
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def next_event(self) -> dict[str, Any] | None:
        """The next event, None after the last one."""
        return self.events.get(timeout=PATIENCE_SECONDS)

    def crawl(self, job: CrawlJob) -> CrawlResult:
        self.send(job)
        return self.result_of(job)

    def result_of(self, job: CrawlJob) -> CrawlResult:
        while (event := self.next_event()) is not None:
            if event["event"] == "finished" and event["crawl_id"] == job.crawl_id:
                del event["event"]
                return CrawlResult.model_validate(event)
        raise AssertionError(f"the worker ended without a result: {self.log[-5:]}")

    def wait(self) -> int:
        code = self.process.wait(PATIENCE_SECONDS)
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        return code

    def problems(self) -> list[dict[str, Any]]:
        """Log lines at error level: a test that provokes none wants none."""
        return [line for line in self.log if line.get("level") in {"error", "critical"}]

    def resident_bytes(self, field_name: str = "VmRSS") -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith(field_name))
        return int(line.split()[1]) * 1024

    def _read_events(self) -> None:
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put(None)

    def _read_log(self) -> None:
        for line in self.process.stderr:
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.log.append({"level": "plain", "event": line.decode("utf-8", "replace")})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(BrokenPipeError):  # a job that it died before reading
                pipe.close()


def write_seeds(folder: Path) -> None:
    (folder / "platforms.yaml").write_text(PLATFORMS, encoding="utf-8")
    (folder / "topics.yaml").write_text(TOPICS, encoding="utf-8")


@contextmanager
def crawl_bench(
    folder: Path, worker: CrawlWorkerProcess | None = None, database: str = ""
) -> Iterator[Bench]:
    """A bench with seeds in `folder`; with a new SQLite store and worker of its own unless given."""
    with ExitStack() as stack:
        worker = worker or stack.enter_context(CrawlWorkerProcess())
        bench = Bench(folder, database or f"sqlite:///{folder}/lendwatch.db", worker)
        yield bench
        bench.engine.dispose()


def wait_until_past(moment: datetime) -> None:
    """Return when the real clock is past `moment`: what a site dates must not be in the future."""
    while (left := (moment - datetime.now(UTC)).total_seconds()) >= 0:
        threading.Event().wait(left + 0.001)
