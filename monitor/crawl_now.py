"""Crawl some sources now, take in what they collected, and hand over the alerts: one pass."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from crawler.crawl import CrawlResult
from monitor.alerts.deliver import Delivery, DeliveryReport
from monitor.config import Config
from monitor.crawls import record_interrupted
from monitor.dispatch import Dispatch
from monitor.due import ask_now, reconcile
from monitor.intake import IntakeReport
from monitor.pool import WorkerPool
from monitor.takein import build_intake, take_in_all
from monitor.worker import Progress
from seeds.models import Seeds, Source

GRACE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did: a result a source, the intake's counts, the deliveries."""

    results: tuple[CrawlResult, ...]
    intake: IntakeReport
    delivery: DeliveryReport


async def crawl_now(
    engine: Engine, config: Config, seeds: Seeds, sources: Sequence[Source], progress: Progress
) -> Pass:
    """Run one pass over `sources`; the caller holds the store (`monitor.lock`)."""
    _prepare(engine, seeds)
    pool = WorkerPool(config.crawl.workers, progress, config.workspace / "logs" / "crawl.log")
    dispatch = Dispatch(engine, config, pool)

    async def crawl(source: Source) -> CrawlResult:
        result = await dispatch.crawl(source)
        progress({"event": "finished", **result.model_dump(mode="json")})
        return result

    try:
        results = await asyncio.gather(*(crawl(source) for source in sources))
    finally:
        dispatch.stopping = True
        await pool.close(GRACE_SECONDS)
    intake = build_intake(engine, config, seeds.watchlist)
    taken = await asyncio.to_thread(take_in_all, intake)
    delivered = await Delivery(engine, config).run_once(datetime.now(UTC))
    return Pass(tuple(results), taken, delivered)


def ask_running(engine: Engine, sources: Sequence[Source]) -> None:
    """Make `sources` due now, for the supervisor that holds the store."""
    with engine.begin() as connection:
        for source in sources:
            ask_now(connection, source, datetime.now(UTC))


def _prepare(engine: Engine, seeds: Seeds) -> None:
    """Clear what a dead process left, and know every source: its result sets its next time."""
    now = datetime.now(UTC)
    enabled = tuple(source for source in seeds.sources if source.enabled)
    with engine.begin() as connection:
        record_interrupted(connection, now)
        reconcile(connection, enabled, now)
