"""The crawl worker's loop: jobs come in as JSON lines, events go out as JSON lines.

In: one CrawlJob a line. Out: {"event": "started" | "progress" | "finished", …}; progress and
finished carry a CrawlResult's keys, started only `crawl_id`, `source` and `started_at`; a line that is no job is answered by
{"event": "refused", "message": …}. End of input: the crawls in hand are finished, then the
worker exits. SIGTERM, SIGINT: they are stopped, report `interrupted`, then the worker exits.
"""

import asyncio
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import structlog
from pydantic import ValidationError
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.reactor import install_reactor
from twisted.internet import task
from twisted.internet.defer import Deferred

from crawler.crawl import CrawlJob, CrawlResult
from crawler.crawling import Crawl
from crawler.evidence.archive import close_archives
from crawler.lifeline import die_with_parent, leave_terminal
from crawler.logs import log_to_stderr

# A reader of progress wants to see movement; more often than this only costs.
PROGRESS_SECONDS = 0.5
# Each crawl leaves cycles (an engine and its parts, 25 kB and more by pages) that the thresholds
# below would keep for hours. Collecting takes 50 ms: at a crawl's end, at most this often.
COLLECT_SECONDS = 30
READ_BYTES = 64 * 1024
REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

log = structlog.get_logger(__name__)


def main() -> None:
    """Be a crawl worker until the input ends or a signal comes."""
    die_with_parent()
    leave_terminal()
    events = _take_stdout()
    log_to_stderr()
    install_reactor(REACTOR)
    # What is loaded by now stays; extraction makes many small objects and few cycles. Looking for
    # cycles every 700 of them, modules included, cost 15 % of a crawl (2.5 against 3.0 s a 300).
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    try:
        task.react(_run, (events,))
    except SystemExit as ended:
        # All is committed and told. Taking a large interpreter apart costs 0.2 s for nothing.
        logging.shutdown()
        os._exit(ended.code if isinstance(ended.code, int) else 1)


def _run(_reactor: object, events: BinaryIO) -> Deferred[None]:
    return deferred_from_coro(Worker(sys.stdin.fileno(), events).run())


def _take_stdout() -> BinaryIO:
    """Keep the protocol's stream for ourselves: what a library prints goes to stderr instead."""
    events = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return events


class Worker:
    """Takes jobs from the descriptor `jobs`, runs them all at once, tells `events` what happens."""

    def __init__(self, jobs: int, events: BinaryIO) -> None:
        self._jobs = jobs
        self._events = events
        self._lines: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._crawls: dict[asyncio.Task[None], Crawl] = {}
        self._stopping = False
        self._collected_at = time.monotonic()

    async def run(self) -> None:
        """Serve until the input ends or a signal comes, and all crawls have reported."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        # A thread, because stdin may be a file or a terminal, which no event loop can watch.
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()
        while (line := await self._lines.get()) is not None and not self._stopping:
            self._begin(line)
        while self._crawls:
            await asyncio.wait(self._crawls)
        close_archives()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        # By descriptor: a thread inside sys.stdin's buffer aborts the interpreter's exit.
        begun = b""
        while chunk := os.read(self._jobs, READ_BYTES):
            *lines, begun = (begun + chunk).split(b"\n")
            for line in filter(bytes.strip, lines):
                loop.call_soon_threadsafe(self._lines.put_nowait, line)
        loop.call_soon_threadsafe(self._lines.put_nowait, None)

    def _begin(self, line: bytes) -> None:
        try:
            job = CrawlJob.model_validate_json(line)
        except ValidationError as error:
            log.warning("job.refused", error=str(error))
            self._tell("refused", {"message": f"not a crawl job: {error}"})
            return
        crawl = Crawl(job, _Throttle(self))
        running = asyncio.get_running_loop().create_task(self._crawl(job, crawl))
        self._crawls[running] = crawl
        running.add_done_callback(self._crawls.pop)

    async def _crawl(self, job: CrawlJob, crawl: Crawl) -> None:
        started = {"crawl_id": job.crawl_id, "source": job.source.name}
        self._tell("started", started | {"started_at": crawl.started_at.isoformat()})
        result = await crawl.run()
        log.info(
            "crawl.ended",
            crawl=job.crawl_id,
            state=result.state,
            articles=result.articles,
            failures=result.failures,
            message=result.message,
        )
        self.tell_result("finished", result)
        if time.monotonic() - self._collected_at >= COLLECT_SECONDS:
            gc.collect()
            self._collected_at = time.monotonic()

    def tell_result(self, event: str, result: CrawlResult) -> None:
        """Send an event that carries a result's keys."""
        self._tell(event, result.model_dump(mode="json"))

    def _tell(self, event: str, keys: Mapping[str, object]) -> None:
        line = json.dumps({"event": event, **keys}, ensure_ascii=False)
        try:
            self._events.write(line.encode() + b"\n")
            self._events.flush()
        except BrokenPipeError:
            # Who gave the jobs is gone; its end kills this process too, but not always first.
            log.warning("worker.orphaned", untold=event)
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), self._events.fileno())
            self._stop()

    def _stop(self) -> None:
        log.info("worker.stopping", crawls=len(self._crawls))
        self._stopping = True
        self._lines.put_nowait(None)
        for crawl in list(self._crawls.values()):
            stopping = asyncio.get_running_loop().create_task(crawl.stop())
            # Held until done: the loop itself keeps only a weak reference.
            self._crawls[stopping] = crawl
            stopping.add_done_callback(self._crawls.pop)


class _Throttle:
    """Passes on a crawl's progress, at most every PROGRESS_SECONDS."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._told_at = time.monotonic()

    def __call__(self, result: CrawlResult) -> None:
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_SECONDS:
            self._told_at = now
            self._worker.tell_result("progress", result)
