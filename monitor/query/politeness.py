"""How each source behaves as a guest, as its crawls wrote it down. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from crawler.log.tables import PolitenessRow, SiteTurnRow


@dataclass(frozen=True, slots=True)
class Politeness:
    """A source's conduct towards one site since `since`, and what the site asks for now.

    `smallest_gap` and `crawl_delay` are seconds; `robots_allowed` and `robots_refused` count
    requests by robots.txt's verdict, `robots` says where the newest came from; `page_requests`
    counts what pages in the browser asked for, `cut_pages` the pages that asked for more than a
    page may, `cut_by` is the newest limit so passed; `waiting_until` is None when the site may be asked now."""

    source: str
    site: str
    since: datetime
    updated_at: datetime
    requests: int
    smallest_gap: float | None
    crawl_delay: float
    robots: str
    robots_allowed: int
    robots_refused: int
    status_429: int
    status_503: int
    captchas: int
    page_requests: int
    cut_pages: int
    cut_by: str
    waiting_until: datetime | None


def politeness(
    connection: Connection, now: datetime, sources: Sequence[str] = ()
) -> list[Politeness]:
    """The report of these sources, of all when none is named; by source, busiest site first."""
    columns = [*PolitenessRow.__table__.columns, SiteTurnRow.next_at, SiteTurnRow.paused_until]
    query = (
        select(*columns)
        .outerjoin(SiteTurnRow, SiteTurnRow.site == PolitenessRow.site)
        .order_by(PolitenessRow.source, PolitenessRow.requests.desc(), PolitenessRow.site)
    )
    if sources:
        query = query.where(PolitenessRow.source.in_(sources))
    return [_read(row, now) for row in connection.execute(query)]


def _read(stored: Row[Any], now: datetime) -> Politeness:
    asked = (stored.next_at, stored.paused_until)
    waits = [time for time in asked if time is not None and time > now]
    return Politeness(
        source=stored.source,
        site=stored.site,
        since=stored.since,
        updated_at=stored.updated_at,
        requests=stored.requests,
        smallest_gap=stored.smallest_gap,
        crawl_delay=stored.crawl_delay,
        robots=stored.robots,
        robots_allowed=stored.allowed,
        robots_refused=stored.refused,
        status_429=stored.throttled,
        status_503=stored.unavailable,
        captchas=stored.challenges,
        page_requests=stored.page_requests,
        cut_pages=stored.cut_pages,
        cut_by=stored.cut_by,
        waiting_until=max(waits, default=None),
    )
