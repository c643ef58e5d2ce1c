"""The crawl workers of one machine: who takes the next crawl, and when a worker is replaced."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import structlog

from crawler.crawl import CrawlJob, CrawlResult
from crawler.urls import site_of
from monitor.worker import CrawlWorker, Progress, WorkerDied

# A line a crawl and one for each trouble: months of a quiet beat. Children that run keep writing
# to the file that was put aside.
LOG_BYTES = 10 * 1024 * 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one worker is asked to do before another takes its place."""

    # One reactor serves several slow, polite crawls at once; more only share its one core.
    crawls_at_once: int = 8
    # lxml and Twisted give memory back slowly; a fresh child costs 1 s, a leak costs the machine.
    crawls_per_life: int = 200
    memory_bytes: int = 300 * 1024 * 1024
    memory_bytes_with_browser: int = 1024 * 1024 * 1024


class PoolClosed(Exception):
    """The pool is closing: nothing more begins; what is due is crawled at the next start."""


class WorkerPool:
    """Runs crawls in up to `size` children, one crawl a site at a time.

    `progress` receives the children's messages while crawls run. `log_path` is where the
    children's log lines go; None leaves them on this process's stderr."""

    def __init__(
        self,
        size: int,
        progress: Progress,
        log_path: Path | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._size = size
        self._progress = progress
        self._log_path = log_path
        self._limits = limits or Limits()
        self._log_to: IO[bytes] | None = None
        self._workers: list[CrawlWorker] = []
        self._retiring: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(size * self._limits.crawls_at_once)
        self._choosing = asyncio.Lock()
        self._isolating = asyncio.Lock()
        self._sites: dict[str, asyncio.Lock] = {}
        self._closing = False

    @contextlib.asynccontextmanager
    async def place(self, url: str) -> AsyncIterator[None]:
        """Wait until the site of `url` is free and a worker has room; raises PoolClosed."""
        site = self._sites.setdefault(site_of(url), asyncio.Lock())
        async with site, self._places:
            if self._closing:
                raise PoolClosed
            yield

    async def crawl(self, job: CrawlJob) -> CrawlResult:
        """Run `job` in a worker; `interrupted` when it could not be ended. Hold a `place`.

        When a worker dies with several crawls in hand, nobody can say whose fault it was: each
        is run once more, alone, so that one bad source is not charged to its neighbours."""
        started_at = datetime.now(UTC)
        try:
            try:
                return await self._crawl_in(await self._choose(), job)
            except WorkerDied as died:
                if died.alone or self._closing:
                    raise
                log.warning("crawl is run again, alone", crawl=job.crawl_id, reason=str(died))
                return await self._crawl_alone(job)
        except (WorkerDied, PoolClosed) as error:
            reason = "lendwatch was stopped before its end" if self._closing else str(error)
            return CrawlResult(
                crawl_id=job.crawl_id,
                source=job.source.name,
                state="interrupted",
                started_at=started_at,
                finished_at=datetime.now(UTC),
                message=reason,
            )

    def workers(self) -> list[dict[str, int | None]]:
        """What each child does now: pid, crawls in hand, resident memory."""
        return [
            {"pid": worker.pid, "busy": worker.busy, "memory_bytes": worker.memory_bytes()}
            for worker in self._workers
            if worker.alive
        ]

    async def warm_up(self) -> None:
        """Start the first worker before there is a crawl for it: its start takes a second."""
        with contextlib.suppress(PoolClosed):
            await self._choose()

    async def close(self, grace_seconds: float) -> None:
        """Let crawls end within the grace; what does not is killed, and `interrupted`."""
        self._closing = True
        async with self._choosing:  # a child that is being started is in the list after this
            workers = list(self._workers)
        await asyncio.gather(*(worker.stop(grace_seconds) for worker in workers))
        await asyncio.gather(*self._retiring)
        if self._log_to is not None:
            self._log_to.close()

    def kill(self) -> None:
        """Kill every child now, for somebody who does not want to wait for `close`."""
        for worker in self._workers:
            worker.kill()

    async def _crawl_in(self, worker: CrawlWorker, job: CrawlJob) -> CrawlResult:
        try:
            return await worker.crawl(job)
        finally:
            self._retire_if_worn(worker, browser=bool(job.source.browser))

    async def _crawl_alone(self, job: CrawlJob) -> CrawlResult:
        """Run `job` in a worker that no other crawl shares, one such at a time."""
        async with self._isolating:
            async with self._choosing:
                worker = await self._start()
                worker.retiring = True  # nobody else chooses it
            return await self._crawl_in(worker, job)

    async def _choose(self) -> CrawlWorker:
        """The least busy living worker; a new one while there are fewer than `size`."""
        async with self._choosing:
            self._workers = [worker for worker in self._workers if worker.alive]
            open_to_work = [worker for worker in self._workers if not worker.retiring]
            least = min(open_to_work, key=lambda worker: worker.busy, default=None)
            if least is None or (least.busy > 0 and len(open_to_work) < self._size):
                return await self._start()
            return least

    async def _start(self) -> CrawlWorker:
        if self._closing:
            raise PoolClosed
        worker = CrawlWorker(self._progress, self._log_stream())
        await worker.start()
        self._workers.append(worker)
        return worker

    def _log_stream(self) -> IO[bytes] | None:
        """Where a new child's log goes; a long file is put aside first, once."""
        if self._log_path is None:
            return None
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        if self._log_to is not None and os.fstat(self._log_to.fileno()).st_size > LOG_BYTES:
            self._log_to.close()
            self._log_to = None
            with contextlib.suppress(FileNotFoundError):  # somebody else put it aside
                self._log_path.replace(self._log_path.with_suffix(".log.1"))
        if self._log_to is None:
            self._log_to = self._log_path.open("ab")
        return self._log_to

    def _retire_if_worn(self, worker: CrawlWorker, *, browser: bool) -> None:
        limits = self._limits
        most = limits.memory_bytes_with_browser if browser else limits.memory_bytes
        if worker.taken >= limits.crawls_per_life or worker.memory_bytes() > most:
            worker.retiring = True
        if worker.retiring and worker.busy == 0 and worker.alive and not self._closing:
            log.info("crawl worker replaced", pid=worker.pid, crawls=worker.taken)
            task = asyncio.create_task(worker.stop(grace_seconds=10))
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
