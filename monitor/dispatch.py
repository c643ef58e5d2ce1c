"""Run one source's crawl and record all of it: start, end, next due time, failing, recovery."""

import asyncio
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection, Engine

from crawler.crawl import CrawlJob, CrawlResult
from monitor.alerts.outbox import enqueue
from monitor.config import Config
from monitor.crawls import has_finished, new_crawl_id, record_ended, record_started
from monitor.due import FAILING_AFTER, failures_in_a_row, reschedule
from monitor.events import EventKind
from monitor.pool import WorkerPool
from monitor.stories.events import record_source_event
from seeds.models import Source

log = structlog.get_logger()


class Dispatch:
    """Hands crawls to the worker pool and keeps the record of them."""

    def __init__(self, engine: Engine, config: Config, pool: WorkerPool) -> None:
        self._engine = engine
        self._config = config
        self._pool = pool
        self.stopping = False

    async def crawl(self, source: Source) -> CrawlResult:
        """Crawl `source` when its turn comes, to its end; the store says `running` meanwhile.

        A crawl that a shutdown interrupts keeps its due time: the next start takes it up.
        Raises PoolClosed when the shutdown comes before its turn."""
        async with self._pool.place(source.url):
            job = await asyncio.to_thread(self._begin, source)
            log.info("crawl started", source=source.name, crawl=job.crawl_id)
            result = await self._pool.crawl(job)
            due_at = await asyncio.to_thread(self._end, source, result)
        _log_end(result, due_at)
        return result

    def _begin(self, source: Source) -> CrawlJob:
        now = datetime.now(UTC)
        crawl_id = new_crawl_id(source.name, now)
        with self._engine.begin() as connection:
            first = not has_finished(connection, source.name)
            record_started(connection, crawl_id, source.name, now)
        return CrawlJob(
            crawl_id=crawl_id,
            source=source.model_copy(update={"baseline": source.baseline and first}),
            database=self._config.database,
            seeds=str(self._config.seeds),
            options=self._config.crawl,
            evidence=str(self._config.evidence_folder) if self._config.evidence.keep else "",
        )

    def _end(self, source: Source, result: CrawlResult) -> datetime | None:
        with self._engine.begin() as connection:
            record_ended(connection, result)
            if result.state == "interrupted" and self.stopping:
                return None
            before = failures_in_a_row(connection, source.name)
            failures = 0 if result.state == "finished" else before + 1
            self._tell(connection, result, before, failures)
            return reschedule(connection, source, failures, result.finished_at)

    def _tell(
        self, connection: Connection, result: CrawlResult, before: int, failures: int
    ) -> None:
        """One event when a source begins to fail, one when it works again, none in between."""
        if failures == FAILING_AFTER:
            kind = EventKind.SOURCE_FAILING
        elif before >= FAILING_AFTER and failures == 0:
            kind = EventKind.SOURCE_RECOVERED
        else:
            return
        details = {"failures": max(before, failures), "message": result.message}
        event = record_source_event(
            connection, kind, result.source, result.finished_at, details=details
        )
        enqueue(connection, event, self._config.subscriptions, result.finished_at)


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
