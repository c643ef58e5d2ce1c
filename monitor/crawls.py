"""The record of crawls: what ran, when, and how it ended. The only writer of the crawl table."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, true, update

from crawler.crawl import CrawlResult
from monitor.store.models import CrawlRow
from seeds.models import Source


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """How a source's newest ended crawl went."""

    source: str
    state: str
    finished_at: datetime
    articles: int
    message: str


def new_crawl_id(source: str, now: datetime) -> str:
    """A name that sorts by time and says its source: it stands in logs and in the store."""
    return f"{now:%Y%m%dT%H%M%S}-{source}-{secrets.token_hex(3)}"


def record_started(connection: Connection, crawl_id: str, source: str, now: datetime) -> None:
    """A crawl began; until it ends, its row says `running`.

    A source has one crawl at a time: what still says so of an earlier one was never recorded."""
    _interrupt(connection, now, "its end could not be recorded", source)
    connection.execute(
        insert(CrawlRow).values(
            id=crawl_id,
            source=source,
            state="running",
            started_at=now,
            pages=0,
            articles=0,
            failures={},
            message="",
        )
    )


def record_ended(connection: Connection, result: CrawlResult) -> None:
    """A crawl ended as `result` tells."""
    connection.execute(
        update(CrawlRow)
        .where(CrawlRow.id == result.crawl_id)
        .values(
            state=result.state,
            finished_at=result.finished_at,
            pages=result.pages,
            articles=result.articles,
            skipped=result.skipped,
            unchanged=result.unchanged,
            known=result.known,
            failures=result.failures,
            message=result.message,
        )
    )


def record_doubt(connection: Connection, result: CrawlResult) -> None:
    """Keep the message of a crawl that finished and is in doubt all the same."""
    statement = update(CrawlRow).where(CrawlRow.id == result.crawl_id)
    connection.execute(statement.values(message=result.message))


def record_interrupted(connection: Connection, now: datetime) -> Sequence[str]:
    """Mark what a dead supervisor left `running` as interrupted; return those sources."""
    left = connection.execute(select(CrawlRow.source).where(CrawlRow.state == "running"))
    sources = sorted({row.source for row in left})
    _interrupt(connection, now, "lendwatch was killed before its end")
    return sources


def _interrupt(
    connection: Connection, now: datetime, message: str, source: str | None = None
) -> None:
    statement = update(CrawlRow).where(CrawlRow.state == "running")
    if source is not None:
        statement = statement.where(CrawlRow.source == source)
    connection.execute(statement.values(state="interrupted", finished_at=now, message=message))


def last_crawls(
    connection: Connection, which: ColumnElement[bool] | None = None
) -> dict[str, LastCrawl]:
    """The newest ended crawl of every source that was ever crawled; of those `which` picks."""
    which = true() if which is None else which
    newest = (
        select(CrawlRow.source, func.max(CrawlRow.finished_at).label("finished_at"))
        .where(CrawlRow.finished_at.is_not(None), which)
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
        .where(which)
    )
    return {
        row.source: LastCrawl(row.source, row.state, row.finished_at, row.articles, row.message)
        for row in rows
    }


def has_caught_up(connection: Connection, source: Source) -> bool:
    """Whether a crawl of `source` ever came to the end of what was there: the end of its baseline.

    One that fetched all it may (`max_articles`) left old articles for the next."""
    crawls = connection.execute(
        select(CrawlRow.pages, CrawlRow.failures).where(
            CrawlRow.source == source.name, CrawlRow.state == "finished"
        )
    )
    return any(row.pages + sum(row.failures.values()) < source.max_articles for row in crawls)
