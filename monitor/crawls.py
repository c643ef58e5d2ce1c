"""The record of crawls: what ran, when, and how it ended. The only writer of the crawl table."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    select,
    true,
    update,
)

from crawler.crawl import CrawlResult
from monitor.store.models import CrawlRow
from seeds.models import Source

# Built once: each takes longer to build than to run, and every crawl writes.
_START = insert(CrawlRow)
_CHANGE = update(CrawlRow).where(CrawlRow.id == bindparam("which"))
_CHANGE_RUNNING = update(CrawlRow).where(CrawlRow.state == "running")
_CHANGE_RUNNING_OF = _CHANGE_RUNNING.where(CrawlRow.source == bindparam("of"))
# What a result puts on record.
_TOLD = (
    "state",
    "finished_at",
    "pages",
    "articles",
    "skipped",
    "unchanged",
    "known",
    "failures",
    "message",
)


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
    started = {"id": crawl_id, "source": source, "state": "running", "started_at": now}
    nothing = {"pages": 0, "articles": 0, "failures": {}, "message": ""}
    connection.execute(_START, started | nothing)


def record_ended(connection: Connection, result: CrawlResult) -> None:
    """A crawl ended as `result` tells."""
    told = {name: getattr(result, name) for name in _TOLD}
    connection.execute(_CHANGE, {"which": result.crawl_id, **told})


def record_doubt(connection: Connection, result: CrawlResult) -> None:
    """Keep the message of a crawl that finished and is in doubt all the same."""
    connection.execute(_CHANGE, {"which": result.crawl_id, "message": result.message})


def record_interrupted(connection: Connection, now: datetime) -> Sequence[str]:
    """Mark what a dead supervisor left `running` as interrupted; return those sources."""
    left = connection.execute(select(CrawlRow.source).where(CrawlRow.state == "running"))
    sources = sorted({row.source for row in left})
    _interrupt(connection, now, "lendwatch was killed before its end")
    return sources


def _interrupt(
    connection: Connection, now: datetime, message: str, source: str | None = None
) -> None:
    changed = {"state": "interrupted", "finished_at": now, "message": message}
    if source is None:
        connection.execute(_CHANGE_RUNNING, changed)
    else:
        connection.execute(_CHANGE_RUNNING_OF, {"of": source, **changed})


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
