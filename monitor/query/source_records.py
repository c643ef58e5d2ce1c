"""How each source did: its newest crawl, its last success, a week's yield and failures. Reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from monitor.crawls import last_crawls
from monitor.store.models import CrawlRow

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source's record; times are aware UTC, None for what never was.

    `message` is why the newest crawl failed or is in doubt. `failures_week` counts fetches by
    outcome over the last seven days, `pages_week` and `articles_week` what was read and kept."""

    source: str
    state: str
    finished_at: datetime
    message: str
    last_success_at: datetime | None = None
    crawls_week: int = 0
    pages_week: int = 0
    articles_week: int = 0
    failures_week: Mapping[str, int] = field(default_factory=dict)


def source_records(connection: Connection, now: datetime) -> dict[str, SourceRecord]:
    """The record of every source that was ever crawled to an end."""
    succeeded = _last_successes(connection)
    week = select(CrawlRow.source, CrawlRow.pages, CrawlRow.articles, CrawlRow.failures)
    week = week.where(CrawlRow.finished_at >= now - WEEK)
    crawls: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    articles: Counter[str] = Counter()
    failures: dict[str, Counter[str]] = {}
    for row in connection.execute(week):
        crawls[row.source] += 1
        pages[row.source] += row.pages
        articles[row.source] += row.articles
        failures.setdefault(row.source, Counter()).update(row.failures)
    return {
        name: SourceRecord(
            name,
            last.state,
            last.finished_at,
            last.message,
            succeeded.get(name),
            crawls[name],
            pages[name],
            articles[name],
            dict(sorted(failures.get(name, Counter()).items())),
        )
        for name, last in last_crawls(connection).items()
    }


def _last_successes(connection: Connection) -> dict[str, datetime]:
    """When each source last finished a crawl that nothing spoke against."""
    query = (
        select(CrawlRow.source, func.max(CrawlRow.finished_at).label("at"))
        .where(CrawlRow.state == "finished", CrawlRow.message == "")
        .group_by(CrawlRow.source)
    )
    return {row.source: row.at for row in connection.execute(query)}
