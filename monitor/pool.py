"""The crawl workers of one machine: who takes the next crawl, and when a worker is replaced."""

import asyncio
from pathlib import Path
from typing import IO

import structlog

from crawler.crawl import CrawlJob, CrawlResult
from crawler.urls import site_of
from monitor.worker import CrawlWorker, Progress

# One reactor serves several slow, polite crawls at once; more only share its one core.
CRAWLS_AT_ONCE = 8

# lxml and Twisted give memory back slowly; a fresh child costs 1 s, a leak costs the machine.
CRAWLS_PER_LIFE = 200
MEMORY_BYTES = 300 * 1024 * 1024
MEMORY_BYTES_WITH_BROWSER = 1024 * 1024 * 1024

log = structlog.get_logger()


class WorkerPool:
    """Runs crawls in up to `size` children, one crawl a site at a time.

    `progress` receives the children's messages while crawls run. `log_path` is where the
    children's log lines go; None leaves them on this process's stderr."""

    def __init__(self, size: int, progress: Progress, log_path: Path | None = None) -> None:
        self._size = size
        self._progress = progress
        self._log_path = log_path
        self._log_to: IO[bytes] | None = None
        self._workers: list[CrawlWorker] = []
        self._retiring: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(size * CRAWLS_AT_ONCE)
        self._choosing = asyncio.Lock()
        self._sites: dict[str, asyncio.Lock] = {}
        self._closing = False

    async def crawl(self, job: CrawlJob) -> CrawlResult:
        """Run `job` when its site is free and a worker has a place."""
        site = self._sites.setdefault(site_of(job.source.url), asyncio.Lock())
        async with site, self._places:
            worker = await self._choose()
            try:
                return await worker.crawl(job)
            finally:
                self._retire_if_worn(worker, browser=job.source.browser)

    def workers(self) -> list[dict[str, int | None]]:
        """What each child does now: pid, crawls in hand, resident memory."""
        return [
            {"pid": worker.pid, "busy": worker.busy, "memory_bytes": worker.memory_bytes()}
            for worker in self._workers
            if worker.alive
        ]

    async def close(self, grace_seconds: float) -> None:
        """Let crawls end within the grace; what does not is recorded as interrupted."""
        self._closing = True
        await asyncio.gather(*(worker.stop(grace_seconds) for worker in self._workers))
        await asyncio.gather(*self._retiring)
        if self._log_to is not None:
            self._log_to.close()

    async def _choose(self) -> CrawlWorker:
        """The least busy living worker; a new one while there are fewer than `size`."""
        async with self._choosing:
            self._workers = [worker for worker in self._workers if worker.alive]
            open_to_work = [worker for worker in self._workers if not worker.retiring]
            least = min(open_to_work, key=lambda worker: worker.busy, default=None)
            if least is None or (least.busy > 0 and len(open_to_work) < self._size):
                least = CrawlWorker(self._progress, self._log_stream())
                await least.start()
                self._workers.append(least)
            return least

    def _log_stream(self) -> IO[bytes] | None:
        if self._log_path is None:
            return None
        if self._log_to is None:
            self._log_path.parent.mkdir(parents=True, exist_ok=True)
            self._log_to = self._log_path.open("ab")
        return self._log_to

    def _retire_if_worn(self, worker: CrawlWorker, *, browser: bool) -> None:
        limit = MEMORY_BYTES_WITH_BROWSER if browser else MEMORY_BYTES
        worn = worker.taken >= CRAWLS_PER_LIFE or worker.memory_bytes() > limit
        if worn and worker.alive:
            worker.retiring = True
        if worker.retiring and worker.busy == 0 and worker.alive and not self._closing:
            log.info("crawl worker replaced", pid=worker.pid, crawls=worker.taken)
            task = asyncio.create_task(worker.stop(grace_seconds=10))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
