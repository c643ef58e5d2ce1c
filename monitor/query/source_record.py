"""How each source has done: its last success and yield, its last error."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from monitor.crawls import LastCrawl, last_crawls
from monitor.store.models import CrawlRow

# Over a week, a source that is asked each half hour and one that is asked once a day compare.
YIELD_SPAN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Of a source that was ever crawled. Times are aware; None: that never happened.

    `articles` were collected by the last successful crawl, `articles_in_week` by all crawls of
    the last seven days. `error` is why the last crawl failed that did, or is in doubt;
    `failures` counts those since the last success."""

    state: str
    finished_at: datetime
    message: str
    succeeded_at: datetime | None
    articles: int | None
    articles_in_week: int
    failed_at: datetime | None
    error: str
    failures: int = 0

    @property
    def is_failing(self) -> bool:
        """Whether the last error is newer than the last success."""
        if self.failed_at is None:
            return False
        return self.succeeded_at is None or self.failed_at > self.succeeded_at


def source_records(connection: Connection, now: datetime) -> dict[str, SourceRecord]:
    """The record of every source that was ever crawled to an end, by its name."""
    # A crawl that finished and has a message is in doubt (`monitor/layout_canary.py`).
    doubted = (CrawlRow.state == "finished") & (CrawlRow.message != "")
    successes = last_crawls(connection, (CrawlRow.state == "finished") & (CrawlRow.message == ""))
    failures = last_crawls(connection, (CrawlRow.state == "failed") | doubted)
    week = connection.execute(
        select(CrawlRow.source, func.sum(CrawlRow.articles).label("articles"))
        .where(CrawlRow.started_at > now - YIELD_SPAN)
        .group_by(CrawlRow.source)
    )
    failed = _failures_since(connection, (CrawlRow.state == "failed") | doubted, successes)
    collected = {row.source: int(row.articles) for row in week}
    records = {}
    for name, last in last_crawls(connection).items():
        success, failure = successes.get(name), failures.get(name)
        records[name] = SourceRecord(
            state=last.state,
            finished_at=last.finished_at,
            message=last.message,
            succeeded_at=success.finished_at if success else None,
            articles=success.articles if success else None,
            articles_in_week=collected.get(name, 0),
            failed_at=failure.finished_at if failure else None,
            error=failure.message if failure else "",
            failures=failed.get(name, 0),
        )
    return records


def _failures_since(
    connection: Connection, failed: ColumnElement[bool], successes: Mapping[str, LastCrawl]
) -> Counter[str]:
    query = select(CrawlRow.source, CrawlRow.finished_at).where(failed)
    return Counter(
        row.source
        for row in connection.execute(query)
        if row.source not in successes or row.finished_at > successes[row.source].finished_at
    )
