"""What sites asked of us, and how we kept to it.

The only writer of `site_turn`, `robots_file` and `politeness`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, case, delete, func, select

from crawler.log.dialect import insert_into
from crawler.log.tables import PolitenessRow, RobotsFileRow, SiteTurnRow
from crawler.turns import ADDRESS

# What a crawl's conduct adds to.
_ADDED = (
    "requests",
    "allowed",
    "refused",
    "throttled",
    "unavailable",
    "challenges",
    "page_requests",
    "cut_pages",
)


@dataclass(frozen=True, slots=True)
class SiteTurn:
    """When a site may be asked again, as far as it outlives a process. Times are aware UTC."""

    site: str
    next_at: datetime
    paused_until: datetime
    refusals: int


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What an origin's robots.txt answered; without a body, `everything` is the verdict."""

    origin: str
    fetched_at: datetime
    body: bytes | None
    everything: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Conduct:
    """How one crawl behaved towards one site.

    `smallest_gap` is in seconds between two requests' starts, None when there was one only.
    `robots` is the newest verdict's reason, `crawl_delay` (seconds) what was in force."""

    site: str
    requests: int = 0
    smallest_gap: float | None = None
    allowed: int = 0
    refused: int = 0
    robots: str = ""
    crawl_delay: float = 0.0
    throttled: int = 0  # 429
    unavailable: int = 0  # 503
    challenges: int = 0  # captchas
    page_requests: int = 0  # of pages in the browser, for what they consist of
    cut_pages: int = 0  # of these, those that asked for more than a page may
    cut_by: str = ""  # the newest such limit


def find_turns(connection: Connection) -> list[SiteTurn]:
    """All sites that asked for something which may still hold."""
    columns = [getattr(SiteTurnRow, name) for name in SiteTurn.__dataclass_fields__]
    return [SiteTurn(*row) for row in connection.execute(select(*columns))]


def record_turns(connection: Connection, turns: Sequence[SiteTurn], now: datetime) -> None:
    """Remember when these sites and addresses may be asked again, within the caller's transaction.

    Addresses whose time has come are dropped: a site has ever new ones."""
    if not turns:
        return
    table = SiteTurnRow.__table__
    assert isinstance(table, Table)
    statement = insert_into(connection, table)
    new = statement.excluded
    changes = {name: new[name] for name in ("next_at", "paused_until", "refusals")}
    statement = statement.on_conflict_do_update(index_elements=[table.c.site], set_=changes)
    rows = [{name: getattr(turn, name) for name in turn.__dataclass_fields__} for turn in turns]
    connection.execute(statement, sorted(rows, key=lambda row: str(row["site"])))
    free = SiteTurnRow.site.startswith(ADDRESS) & (SiteTurnRow.next_at < now)
    connection.execute(delete(SiteTurnRow).where(free))


def find_robots(connection: Connection, origin: str) -> RobotsFile | None:
    """The newest answer of this origin, however old."""
    columns = [getattr(RobotsFileRow, name) for name in RobotsFile.__dataclass_fields__]
    row = connection.execute(select(*columns).where(RobotsFileRow.origin == origin)).one_or_none()
    return None if row is None else RobotsFile(*row)


def record_robots(connection: Connection, file: RobotsFile, longest: timedelta) -> None:
    """Keep an answer, and drop those older than `longest`, within the caller's transaction."""
    table = RobotsFileRow.__table__
    assert isinstance(table, Table)
    row = {name: getattr(file, name) for name in file.__dataclass_fields__}
    statement = insert_into(connection, table).values(row)
    changes = {name: statement.excluded[name] for name in row if name != "origin"}
    connection.execute(statement.on_conflict_do_update(index_elements=["origin"], set_=changes))
    oldest = file.fetched_at - longest
    connection.execute(delete(RobotsFileRow).where(RobotsFileRow.fetched_at < oldest))


def record_conduct(
    connection: Connection, source: str, conducts: Sequence[Conduct], now: datetime
) -> None:
    """Add a crawl's conduct to its source's, within the caller's transaction."""
    if not conducts:
        return
    table = PolitenessRow.__table__
    assert isinstance(table, Table)
    statement = insert_into(connection, table)
    new = statement.excluded
    changes: dict[str, Any] = {name: table.c[name] + new[name] for name in _ADDED}
    changes |= {name: new[name] for name in ("crawl_delay", "updated_at")}
    old_gap, new_gap = table.c.smallest_gap, new.smallest_gap
    changes["smallest_gap"] = case(
        (old_gap.is_(None), new_gap),
        (new_gap.is_(None), old_gap),
        (new_gap < old_gap, new_gap),
        else_=old_gap,
    )
    for name in ("robots", "cut_by"):
        changes[name] = func.coalesce(func.nullif(new[name], ""), table.c[name])
    key = [table.c.source, table.c.site]
    statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    rows = [_row(source, conduct, now) for conduct in conducts]
    connection.execute(statement, sorted(rows, key=lambda row: str(row["site"])))


def _row(source: str, conduct: Conduct, now: datetime) -> Mapping[str, Any]:
    numbers = {name: getattr(conduct, name) for name in conduct.__dataclass_fields__}
    return {"source": source, "since": now, "updated_at": now, **numbers}
