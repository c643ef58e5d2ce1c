"""The ledger of crawls: start, end, next due time, failing, recovery, each in one transaction."""

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from crawler.crawl import CrawlJob, CrawlResult
from crawler.places import SECRETS_FILE
from monitor.alerts.outbox import enqueue
from monitor.changes.lives import rechecks
from monitor.changes.looked import settled
from monitor.config import Config
from monitor.crawls import (
    has_caught_up,
    new_crawl_id,
    record_doubt,
    record_ended,
    record_started,
)
from monitor.due import FAILING_AFTER, failures_in_a_row, reschedule
from monitor.events import EventKind
from monitor.layout_canary import changed_layout
from monitor.stories.events import record_source_event
from seeds.models import Source


class CrawlLedger:
    """Keeps the record of crawls, whoever runs them."""

    def __init__(self, engine: Engine, config: Config) -> None:
        self._engine = engine
        self._config = config

    def begin(self, source: Source) -> CrawlJob:
        """A crawl of `source` begins; the store says `running` until it ends."""
        now = datetime.now(UTC)
        crawl_id = new_crawl_id(source.name, now)
        with self._engine.begin() as connection:
            baseline = self._wants_baseline(source) and not has_caught_up(connection, source)
            record_started(connection, crawl_id, source.name, now)
            again = self._rechecks(connection, source, now)
            gone = settled(connection, again, now)
        return CrawlJob(
            crawl_id=crawl_id,
            source=source.model_copy(update={"baseline": baseline}),
            database=self._config.database,
            seeds=str(self._config.seeds),
            options=self._config.crawl,
            secrets=str(self._config.workspace / SECRETS_FILE),
            evidence=str(self._config.evidence_folder) if self._config.evidence.keep else "",
            pictures=self._config.evidence.pictures,
            rechecks=again,
            settled=gone,
        )

    def _rechecks(self, connection: Connection, source: Source, now: datetime) -> tuple[str, ...]:
        """The known articles of a source that are to be looked at again."""
        options = self._config.rechecks
        return rechecks(connection, source.name, options.per_day, now) if options.enabled else ()

    def _wants_baseline(self, source: Source) -> bool:
        own = source.baseline
        return self._config.crawl.baseline if own is None else own

    def end(
        self, source: Source, result: CrawlResult, *, stopping: bool = False
    ) -> tuple[CrawlResult, datetime | None]:
        """The crawl ended; gives the result with our doubts in it, and the next due time.

        `stopping`: a crawl that our own shutdown interrupts keeps its due time (None)."""
        with self._engine.begin() as connection:
            record_ended(connection, result)
            if result.state == "interrupted" and stopping:
                return result, None
            before = failures_in_a_row(connection, source.name)
            failures = 0 if result.state == "finished" else before + 1
            if doubt := self._doubt(connection, result):
                result = result.model_copy(update={"message": doubt})
                record_doubt(connection, result)
                # Many pages over some crawls say so: there is nothing to wait for.
                failures = max(before + 1, FAILING_AFTER)
            self._tell(connection, result, before, failures)
            # What still comes is news: a changed layout is no reason to look less often.
            due_at = reschedule(
                connection, source, failures, result.finished_at, backs_off=not doubt
            )
            return result, due_at

    def _doubt(self, connection: Connection, result: CrawlResult) -> str:
        """Why a crawl that finished is no success all the same; empty when it is one."""
        return changed_layout(connection, result.source) if result.state == "finished" else ""

    def _tell(
        self, connection: Connection, result: CrawlResult, before: int, failures: int
    ) -> None:
        """One event when a source begins to fail, one when it works again, none in between."""
        if before < FAILING_AFTER <= failures:
            kind = EventKind.SOURCE_FAILING
        elif before >= FAILING_AFTER and failures == 0:
            kind = EventKind.SOURCE_RECOVERED
        else:
            return
        in_doubt = failures > 0 and result.state == "finished"
        count = 0 if in_doubt else max(before, failures)
        details = {"failures": count, "message": result.message}
        event = record_source_event(
            connection, kind, result.source, result.finished_at, details=details
        )
        enqueue(connection, event, self._config.subscriptions, result.finished_at)
