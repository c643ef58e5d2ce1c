"""Keep the lives of articles and choose whom to look at again: the only writer of `article_life`,
`life_step` and `site_pace`. Everything happens in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, bindparam, insert, or_, select, update

from crawler.log.dialect import insert_for, insert_into
from crawler.log.looks import KeptLook
from monitor.changes.life import Deed, Life, State
from monitor.changes.revisits import (
    DEFAULT_PRICE,
    History,
    Pace,
    change_rate,
    new_price,
    next_visit,
    worth,
)
from monitor.changes.standing import Found, Standing
from monitor.store.life_tables import ArticleLifeRow, LifeStepRow, SitePaceRow
from monitor.store.models import ArticleRow

DAY = timedelta(days=1)
# Before anything was asked of a site, as if it had last been asked so long ago.
FIRST_BUDGET = timedelta(hours=1)
# Of what is due, so many are weighed against each other.
WEIGHED = 2_000
# Other articles of a site that are looked at when one of them is gone for the first time.
WITNESSES = 2

_LIFE = tuple(each.name for each in fields(Life))
_HISTORY = ("first_seen_at", "last_look_at", "looks", "changes", "last_change_at")
_LIFE_IN, _HISTORY_IN = attrgetter(*_LIFE), attrgetter(*_HISTORY)
_RANKED = ("article_id", "site", "state", "next_look_at", *_HISTORY)
_OF_URL = (
    select(
        ArticleLifeRow.__table__,
        ArticleRow.revision_count,
        ArticleRow.title,
        ArticleRow.url,
        ArticleRow.story_id,
        ArticleRow.relation,
    )
    .join(ArticleRow, ArticleRow.id == ArticleLifeRow.article_id)
    .where(ArticleRow.url.in_(bindparam("urls", expanding=True)))
)
_BIRTHS = select(
    ArticleRow.id,
    ArticleRow.site,
    ArticleRow.source,
    ArticleRow.first_seen_at,
    ArticleRow.revision_count,
)
# Built once: each takes longer to build than to run, and every crawl asks.
_DUE: Select[Any] = (
    select(*(ArticleLifeRow.__table__.c[name] for name in _RANKED), ArticleRow.url)
    .join(ArticleRow, ArticleRow.id == ArticleLifeRow.article_id)
    .where(
        ArticleLifeRow.source == bindparam("of"), ArticleLifeRow.next_look_at <= bindparam("now")
    )
    .limit(WEIGHED)
)
_MOST_OVERDUE = _DUE.order_by(ArticleLifeRow.next_look_at)
_URGENT = _MOST_OVERDUE.where(
    or_(
        ArticleLifeRow.state != State.LIVE.value,
        ArticleLifeRow.next_look_at <= ArticleLifeRow.last_look_at,
    )
)
_YOUNGEST = _DUE.order_by(ArticleLifeRow.first_seen_at.desc())
_PACE = select(SitePaceRow.__table__).where(SitePaceRow.site == bindparam("of"))
_PACE_ALONE = _PACE.with_for_update()
_SAVE = update(ArticleLifeRow).where(ArticleLifeRow.article_id == bindparam("which"))
_STEP = insert(LifeStepRow)


@dataclass(frozen=True, slots=True)
class Known:
    """An article's life as it is stored, before a look at it."""

    row: Row[Any]
    life: Life
    history: History


def bear(connection: Connection, article_ids: Sequence[int]) -> None:
    """Give articles that are new their lives: they are there, and seen for the first time."""
    born = connection.execute(_BIRTHS.where(ArticleRow.id.in_(article_ids))).mappings().all()
    if born:
        rows = [_born(each) for each in born]
        statement = insert_into(connection, ArticleLifeRow)
        connection.execute(statement.on_conflict_do_nothing(), rows)


class Lives:
    """The lives that one batch of looks is about: read together, and stored together.

    Whatever else reads or writes lives within the batch has to come after `store`."""

    def __init__(self, connection: Connection, urls: Sequence[str]) -> None:
        self._connection = connection
        self._known = {row.url: _known(row) for row in self._read(urls)}
        self._unsaved: dict[str, dict[str, Any]] = {}

    def known(self, url: str) -> Known | None:
        """The life of the article at a canonical URL; None when there is no such article."""
        if url in self._unsaved:  # a second look in one batch
            self.store()
        if url not in self._known:
            rows = self._read([url]) or self._born(url)
            if not rows:
                return None
            self._known[url] = _known(rows[0])
        return self._known[url]

    def change(self, known: Known, changed: Mapping[str, Any]) -> None:
        """Note what a look changed of a life; what it left as it is need not be written."""
        row = known.row._mapping  # noqa: SLF001  # SQLAlchemy's name for it, and public
        new = {name: value for name, value in changed.items() if value != row[name]}
        # The next look always: as a witness it may have been called since the row was read.
        new |= {"which": known.row.article_id, "next_look_at": changed["next_look_at"]}
        self._unsaved[known.row.url] = new

    def store(self) -> None:
        """Store all that was noted; what was read before of these lives is out of date then."""
        alike: dict[frozenset[str], list[dict[str, Any]]] = {}
        for url, values in self._unsaved.items():
            del self._known[url]
            alike.setdefault(frozenset(values), []).append(values)
        for rows in alike.values():
            self._connection.execute(_SAVE, rows)
        self._unsaved.clear()

    def _read(self, urls: Sequence[str]) -> Sequence[Row[Any]]:
        return self._connection.execute(_OF_URL, {"urls": urls}).all() if urls else ()

    def _born(self, url: str) -> Sequence[Row[Any]]:
        """An article from before there were lives gets one."""
        article_id = self._connection.scalar(select(ArticleRow.id).where(ArticleRow.url == url))
        if article_id is None:
            return ()
        bear(self._connection, [article_id])
        return self._read([url])


def add_step(
    connection: Connection, article_id: int, deed: Deed, kept: KeptLook, found: Found
) -> None:
    """Put a step on record, with its evidence."""
    look = kept.look
    connection.execute(
        _STEP,
        {
            "article_id": article_id,
            "deed": deed.value,
            "happened_at": look.looked_at,
            "look_id": kept.id,
            "log_id": look.log_id,
            "outcome": look.outcome,
            "status": look.status,
            "address": look.address,
            "reason": found.reason,
            "quoted": found.quoted[:500],
        },
    )


def call_witnesses(connection: Connection, known: Row[Any]) -> None:
    """Have some other articles of a site looked at before all that is ordinary: whether one
    article is gone or the site has moved is told by them. They are due from their last look on."""
    life = ArticleLifeRow
    newest = connection.scalars(
        select(life.article_id)
        .where(
            life.site == known.site,
            life.article_id != known.article_id,
            life.state == State.LIVE.value,
        )
        .order_by(life.last_look_at.desc(), life.article_id)
        .limit(WITNESSES)
    ).all()
    called = update(life).where(life.article_id.in_(newest))
    connection.execute(called.values(next_look_at=life.last_look_at))


def pace_of(connection: Connection, site: str) -> tuple[Pace, float]:
    """A site's pace, and the price of a look at it."""
    row = connection.execute(_PACE, {"of": site}).one_or_none()
    return (Pace(row.changes, row.expected), row.price) if row else (Pace(0, 0), DEFAULT_PRICE)


def keep_pace(connection: Connection, site: str, pace: Pace) -> None:
    """Store a site's pace."""
    _put_pace(connection, site, changes=pace.changes, expected=pace.expected)


def rechecks(connection: Connection, source: str, per_day: int, now: datetime) -> tuple[str, ...]:
    """Choose which articles of `source` a crawl looks at again: what may be gone first, then what
    is worth most; of each site at most what `per_day` pays for since it was last asked."""
    rows = _due(connection, source, now)
    chosen: list[tuple[tuple[bool, bool, float], str]] = []
    for site in sorted({row.site for row in rows}):
        paces, price, budget = _budget(connection, site, per_day, now)
        if budget < 1:
            continue  # it adds up
        due = [row for row in rows if row.site == site]
        ranked = sorted((_rank(row, paces, now), row.url) for row in due)
        chosen += ranked[: int(budget)]
        price = new_price(price, sum(map(_is_ordinary, due)), budget)
        _put_pace(connection, site, price=price, asked_at=now)
    return tuple(url for _, url in sorted(chosen))


def _due(connection: Connection, source: str, now: datetime) -> list[Row[Any]]:
    """The lives that are due: all that are urgent, and of the others the most overdue and the
    youngest, among which those are that are worth most."""
    asked = {"of": source, "now": now}
    most: Sequence[Row[Any]] = connection.execute(_MOST_OVERDUE, asked).all()
    found = {row.article_id: row for row in most}
    if len(found) == WEIGHED:  # else these are all
        for query in (_URGENT, _YOUNGEST):
            rows: Sequence[Row[Any]] = connection.execute(query, asked).all()
            found |= {row.article_id: row for row in rows}
    return list(found.values())


def _is_ordinary(row: Row[Any]) -> bool:
    return bool(row.state == State.LIVE.value and row.next_look_at > row.last_look_at)


def _budget(
    connection: Connection, site: str, per_day: int, now: datetime
) -> tuple[Pace, float, float]:
    """A site's pace, its price, and how many looks its budget pays for now."""
    row = connection.execute(_PACE_ALONE, {"of": site}).one_or_none()
    if row is None:
        return Pace(0, 0), DEFAULT_PRICE, max(1.0, per_day * (FIRST_BUDGET / DAY))
    asked_at = row.asked_at or now - FIRST_BUDGET
    budget = per_day * (min(now - asked_at, DAY) / DAY)
    return Pace(row.changes, row.expected), row.price, budget


def _rank(row: Row[Any], pace: Pace, now: datetime) -> tuple[bool, bool, float]:
    history = _history(row)
    elapsed = max(1.0, (now - history.last_look_at).total_seconds())
    urgent = row.state != State.LIVE.value
    return not urgent, _is_ordinary(row), -worth(change_rate(history, pace, now), elapsed)


def _put_pace(connection: Connection, site: str, **values: Any) -> None:
    fresh = {"changes": 0.0, "expected": 0.0, "price": DEFAULT_PRICE, "asked_at": None}
    statement = _pace_with(connection.dialect.name, tuple(sorted(values)))
    connection.execute(statement, {"site": site, **fresh, **values})


@cache
def _pace_with(dialect: str, names: tuple[str, ...]) -> Any:
    statement = insert_for(dialect, SitePaceRow)
    changes = {name: statement.excluded[name] for name in names}
    return statement.on_conflict_do_update(index_elements=["site"], set_=changes)


def _known(row: Row[Any]) -> Known:
    return Known(row, _life(row), _history(row))


def _life(row: Row[Any]) -> Life:
    state, *rest = _LIFE_IN(row)
    return Life(State(state), *rest)


def _history(row: Row[Any]) -> History:
    first, last, looks, changes, changed = _HISTORY_IN(row)
    watched = max(0.0, (last - first).total_seconds()) if looks else 0.0
    return History(first, last, looks, changes, watched, changed)


def _born(article: RowMapping) -> dict[str, Any]:
    history = History(article["first_seen_at"], article["first_seen_at"], 0, 0, 0.0, None)
    life = Life(State.LIVE, article["first_seen_at"])
    return {
        **asdict(life),
        "state": life.state.value,
        "article_id": article["id"],
        "site": article["site"],
        "source": article["source"],
        "found": Standing.HERE.value,
        "kept": Standing.HERE.value,
        "kept_reason": "",
        "kept_quoted": "",
        "revision": article["revision_count"],
        **{name: getattr(history, name) for name in _HISTORY},
        "next_look_at": next_visit(history, Pace(0, 0), DEFAULT_PRICE),
    }
