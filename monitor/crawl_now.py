"""Crawl some sources now, take in what they collected, and hand over the alerts: one pass."""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawler.crawl import CrawlResult
from monitor.alerts.deliver import DeliveryReport, deliver_once
from monitor.config import Config
from monitor.crawls import record_interrupted
from monitor.dispatch import Dispatch
from monitor.due import ask_now, reconcile
from monitor.evidence.retention import drop_old
from monitor.intake import IntakeReport
from monitor.pool import PoolClosed, WorkerPool
from monitor.takein import TakingIn
from monitor.worker import Progress
from seeds.models import Seeds, Source

# A crawl ends within a second of being told to; one whose site does not answer is killed.
GRACE_SECONDS = 6


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did: a result a source that was begun, the intake's counts, the deliveries."""

    results: tuple[CrawlResult, ...]
    intake: IntakeReport
    delivery: DeliveryReport


async def crawl_now(
    engine: Engine, config: Config, seeds: Seeds, sources: Sequence[Source], progress: Progress
) -> Pass:
    """Run one pass over `sources`; the caller holds the store (`monitor.lock`).

    SIGTERM or SIGINT ends the crawls; what they had collected is taken in all the same."""
    pool = WorkerPool(config.crawl.workers, progress, config.workspace / "logs" / "crawl.log")
    crawls = _Crawls(Dispatch(engine, config, pool), pool, progress)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, crawls.interrupt)
    try:
        _, taking_in, _ = await asyncio.gather(
            pool.warm_up(),
            asyncio.to_thread(TakingIn, engine, config, seeds.watchlist),
            asyncio.to_thread(_prepare, engine, seeds),
        )
        results = await crawls.run(sources)
        crawls.interrupt()  # all have ended: the workers go while we take in
        taken = await asyncio.to_thread(taking_in.all)
        now = datetime.now(UTC)
        delivered = await deliver_once(engine, config, now)
        keep, folder = config.evidence, config.evidence_folder
        await asyncio.to_thread(drop_old, engine, folder, keep, now)
    finally:
        await crawls.close()
    return Pass(results, taken, delivered)


class _Crawls:
    """The crawls of one pass, all at once as far as sites and workers allow."""

    def __init__(self, dispatch: Dispatch, pool: WorkerPool, progress: Progress) -> None:
        self._dispatch = dispatch
        self._pool = pool
        self._progress = progress
        self._closing: asyncio.Task[None] | None = None

    async def run(self, sources: Sequence[Source]) -> tuple[CrawlResult, ...]:
        """The results of those that were begun, in the order of `sources`."""
        results = await asyncio.gather(*(self._crawl(source) for source in sources))
        return tuple(result for result in results if result is not None)

    def interrupt(self) -> None:
        """End what runs, begin nothing more; asked a second time, kill what runs."""
        if self._closing is None:
            self._closing = self._close()
        else:
            self._pool.kill()

    async def close(self) -> None:
        """Let the workers go."""
        self._closing = self._closing or self._close()
        await self._closing

    def _close(self) -> asyncio.Task[None]:
        self._dispatch.stopping = True
        return asyncio.create_task(self._pool.close(GRACE_SECONDS))

    async def _crawl(self, source: Source) -> CrawlResult | None:
        try:
            result = await self._dispatch.crawl(source)
        except PoolClosed:
            return None
        self._progress({"event": "finished", **result.model_dump(mode="json")})
        return result


def ask_running(engine: Engine, sources: Sequence[Source]) -> list[str]:
    """Make `sources` due now, for the supervisor that holds the store.

    Gives the names of those it does not know: disabled, or declared after it started."""
    now = datetime.now(UTC)
    with engine.begin() as connection:
        return [each.name for each in sources if not ask_now(connection, each.name, now)]


def _prepare(engine: Engine, seeds: Seeds) -> None:
    """Clear what a dead process left, and know every source: its result sets its next time."""
    now = datetime.now(UTC)
    enabled = tuple(source for source in seeds.sources if source.enabled)
    with engine.begin() as connection:
        record_interrupted(connection, now)
        reconcile(connection, enabled, now)
