"""Run one source's crawl when its turn comes, and have all of it recorded."""

import asyncio
from datetime import datetime

import structlog
from sqlalchemy import Engine

from crawler.crawl import CrawlResult
from monitor.config import Config
from monitor.ledger import CrawlLedger
from monitor.pool import WorkerPool
from seeds.models import Source

log = structlog.get_logger()


class Dispatch:
    """Hands crawls to the worker pool and keeps the record of them."""

    def __init__(self, engine: Engine, config: Config, pool: WorkerPool) -> None:
        self._ledger = CrawlLedger(engine, config)
        self._pool = pool
        self.stopping = False

    async def crawl(self, source: Source) -> CrawlResult:
        """Crawl `source` when its turn comes, to its end; the store says `running` meanwhile.

        A crawl that a shutdown interrupts keeps its due time: the next start takes it up.
        Raises PoolClosed when the shutdown comes before its turn."""
        async with self._pool.place(source.url):
            job = await asyncio.to_thread(self._ledger.begin, source)
            log.info("crawl started", source=source.name, crawl=job.crawl_id)
            ended = await self._pool.crawl(job)
            result, due_at = await asyncio.to_thread(
                self._ledger.end, source, ended, stopping=self.stopping
            )
        _log_end(result, due_at)
        return result


def _log_end(result: CrawlResult, due_at: datetime | None) -> None:
    level = log.info if result.state == "finished" else log.warning
    level(
        f"crawl {result.state}",
        source=result.source,
        crawl=result.crawl_id,
        articles=result.articles,
        unchanged=result.unchanged,
        known=result.known,
        skipped=result.skipped,
        failures=result.failures,
        **({"message": result.message} if result.message else {}),
        next_due_at=due_at.isoformat(timespec="seconds") if due_at else "at the next start",
    )
