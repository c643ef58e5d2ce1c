"""What sites asked of us, and how we kept to it.

The only writer of `site_turn`, `robots_file` and `politeness`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Table,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from crawler.log.dialect import insert_for, insert_into
from crawler.log.tables import PolitenessRow, RobotsFileRow, SiteTurnRow
from crawler.turns import LONGEST_WAIT

# A pause and a delay are a day at most (crawler/waits.py, crawler/turns.py), and what is booked
# begins LONGEST_WAIT from now at most.
_LONGEST = timedelta(days=2)
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
    """When a site or an address may be asked again. Times are aware UTC."""

    site: str
    next_at: datetime
    paused_until: datetime
    refusals: int
    challenges: int = 0


_TURN_NAMES = tuple(SiteTurn.__dataclass_fields__)
_TURN = [getattr(SiteTurnRow, name) for name in _TURN_NAMES]
# Built once: each takes longer to build than to run, and every crawl asks.
_LEFT_ALONE = select(*_TURN).where(
    or_(
        SiteTurnRow.next_at > bindparam("now"),
        SiteTurnRow.paused_until > bindparam("now"),
        SiteTurnRow.refusals > 0,
        SiteTurnRow.challenges > 0,
    )
)
_DROP = delete(SiteTurnRow).where(
    SiteTurnRow.next_at < bindparam("past"),
    SiteTurnRow.paused_until < bindparam("past"),
    SiteTurnRow.refusals == 0,
    SiteTurnRow.challenges == 0,
)


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


def find_turns(connection: Connection, now: datetime) -> list[SiteTurn]:
    """All places that are to be left alone for now, or refused us when they were asked last."""
    rows = connection.execute(_LEFT_ALONE, {"now": now})
    return [_believed(SiteTurn(*found), now) for found in rows]


def record_turns(connection: Connection, turns: Sequence[SiteTurn], now: datetime) -> None:
    """Remember when these places may be asked again, within the caller's transaction.

    What another process was asked for meanwhile is never shortened."""
    if not turns:
        return
    limit = {"limit": now + _LONGEST}
    rows = [
        {name: getattr(turn, name) for name in turn.__dataclass_fields__} | limit for turn in turns
    ]
    statement = _remember_turn(connection.dialect.name)
    connection.execute(statement, sorted(rows, key=lambda row: str(row["site"])))


@cache
def _remember_turn(dialect: str) -> Insert:
    """The statement, which takes longer to build than to run."""
    table = SiteTurnRow.__table__
    assert isinstance(table, Table)
    statement = insert_for(dialect, table).values({name: bindparam(name) for name in _TURN_NAMES})
    new = statement.excluded
    later = {name: _later(table.c[name], new[name]) for name in ("next_at", "paused_until")}
    changes = later | {name: new[name] for name in ("refusals", "challenges")}
    remembered: Insert = statement.on_conflict_do_update(
        index_elements=[table.c.site], set_=changes
    )
    return remembered


def book_turn(
    connection: Connection, delays: Mapping[str, float], now: datetime, *, rules: bool
) -> list[SiteTurn]:
    """Book the next start at these places, within the caller's transaction.

    `delays` are the seconds that each wants between two requests. Returns how the places stood
    before: the start is at the latest `next_at` of them that is to come. Where one is paused,
    or that is later than anybody waits for, nothing is booked. `rules`: for robots.txt, which waits
    for no longer than the delay."""
    table = SiteTurnRow.__table__
    assert isinstance(table, Table)
    # So that each has a row to lock: of two processes that ask at once, one waits for the other.
    free = {"next_at": now, "paused_until": now, "refusals": 0, "challenges": 0}
    names = sorted(delays)
    insert = insert_into(connection, table).on_conflict_do_nothing(index_elements=["site"])
    connection.execute(insert, [{"site": name, **free} for name in names])
    query = select(*_TURN).where(table.c.site.in_(names)).order_by(table.c.site)
    stood = [_believed(SiteTurn(*row), now) for row in connection.execute(query.with_for_update())]
    if any(turn.paused_until > now for turn in stood):
        return stood
    longest = max(delays.values())
    start = max(now, *(turn.next_at for turn in stood))
    start = min(start, now + timedelta(seconds=longest)) if rules else start
    if start > now + timedelta(seconds=LONGEST_WAIT):
        return stood
    for turn in stood:
        next_at = start + timedelta(seconds=delays[turn.site])
        next_at = max(next_at, turn.next_at) if rules else next_at
        connection.execute(update(table).where(table.c.site == turn.site).values(next_at=next_at))
    return stood


def drop_turns(connection: Connection, now: datetime) -> None:
    """Forget the places that nobody waits for, within the caller's transaction."""
    connection.execute(_DROP, {"past": now - _LONGEST})


def _believed(turn: SiteTurn, now: datetime) -> SiteTurn:
    """Without a time that only another clock's mistake can have brought."""
    limit = now + _LONGEST
    return replace(
        turn,
        next_at=turn.next_at if turn.next_at <= limit else now,
        paused_until=turn.paused_until if turn.paused_until <= limit else now,
    )


def _later(old: ColumnElement[datetime], new: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return case((old > bindparam("limit", type_=old.type), new), (old > new, old), else_=new)


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
    rows = [_row(source, conduct, now) for conduct in conducts]
    statement = _add_conduct(connection.dialect.name)
    connection.execute(statement, sorted(rows, key=lambda row: str(row["site"])))


@cache
def _add_conduct(dialect: str) -> Insert:
    """The statement, which takes longer to build than to run."""
    table = PolitenessRow.__table__
    assert isinstance(table, Table)
    statement = insert_for(dialect, table)
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
    adding: Insert = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return adding


def _row(source: str, conduct: Conduct, now: datetime) -> Mapping[str, Any]:
    numbers = {name: getattr(conduct, name) for name in conduct.__dataclass_fields__}
    return {"source": source, "since": now, "updated_at": now, **numbers}
