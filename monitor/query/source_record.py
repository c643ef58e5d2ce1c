"""How each source has done: its last success and yield, its last error."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from monitor.store.models import CrawlRow

# Over a week, a source that is asked each half hour and one that is asked once a day compare.
YIELD_SPAN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Of a source that was ever crawled. Times are aware; None: that never happened.

    `articles` were collected by the last successful crawl, `articles_in_week` by all crawls of
    the last seven days. `error` is why the last crawl failed that did, or is in doubt."""

    state: str
    finished_at: datetime
    message: str
    succeeded_at: datetime | None
    articles: int | None
    articles_in_week: int
    failed_at: datetime | None
    error: str

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
    last = _newest(connection, CrawlRow.state.in_(("finished", "failed", "interrupted")))
    successes = _newest(connection, (CrawlRow.state == "finished") & (CrawlRow.message == ""))
    failures = _newest(connection, (CrawlRow.state == "failed") | doubted)
    week = connection.execute(
        select(CrawlRow.source, func.sum(CrawlRow.articles).label("articles"))
        .where(CrawlRow.started_at > now - YIELD_SPAN)
        .group_by(CrawlRow.source)
    )
    collected = {row.source: int(row.articles) for row in week}
    records = {}
    for name, (state, finished_at, _, message) in last.items():
        success, failure = successes.get(name), failures.get(name)
        records[name] = SourceRecord(
            state=state,
            finished_at=finished_at,
            message=message,
            succeeded_at=success[1] if success else None,
            articles=success[2] if success else None,
            articles_in_week=collected.get(name, 0),
            failed_at=failure[1] if failure else None,
            error=failure[3] if failure else "",
        )
    return records


_Ended = tuple[str, datetime, int, str]


def _newest(connection: Connection, ended: ColumnElement[bool]) -> dict[str, _Ended]:
    """State, end, articles and message of each source's newest crawl that ended so."""
    newest = (
        select(CrawlRow.source, func.max(CrawlRow.finished_at).label("finished_at"))
        .where(CrawlRow.finished_at.is_not(None), ended)
        .group_by(CrawlRow.source)
        .subquery()
    )
    rows = connection.execute(
        select(
            CrawlRow.source,
            CrawlRow.state,
            CrawlRow.finished_at,
            CrawlRow.articles,
            CrawlRow.message,
        )
        .join(
            newest,
            (CrawlRow.source == newest.c.source) & (CrawlRow.finished_at == newest.c.finished_at),
        )
        .where(ended)
    )
    return {row.source: (row.state, row.finished_at, row.articles, row.message) for row in rows}
