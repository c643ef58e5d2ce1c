"""How articles stand at their addresses, and which copies of a story can still be read."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, func, or_, select

from monitor.masking import mask
from monitor.store.life_tables import ArticleLifeRow, LifeStepRow
from monitor.store.models import ArticleReadingRow, ArticleRow, RevisionRow


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a life (strike, removed, cleared, blocked, restored) and the look it rests on."""

    deed: str
    happened_at: datetime
    look_id: int
    log_id: int | None
    outcome: str
    status: int | None
    address: str
    reason: str
    quoted: str


@dataclass(frozen=True, slots=True)
class LifeView:
    """How an article stands: live, suspect or removed `since`; `held` says why enough strikes made
    no removal; `next_look_at` None: it is not looked at any more. Steps come oldest first."""

    state: str
    since: datetime
    strikes: int
    first_strike_at: datetime | None
    held: str
    blocked_since: datetime | None
    blocked_reason: str
    last_look_at: datetime
    next_look_at: datetime | None
    steps: tuple[StepView, ...]


_STEP = tuple(StepView.__dataclass_fields__)
_LIFE = tuple(name for name in LifeView.__dataclass_fields__ if name != "steps")


def life_of(connection: Connection, article_id: int, *, reveal: bool = False) -> LifeView | None:
    """How an article stands; None when nobody has looked into that yet."""
    life = select(ArticleLifeRow.__table__).where(ArticleLifeRow.article_id == article_id)
    row = connection.execute(life).one_or_none()
    if row is None:
        return None
    steps = connection.execute(
        select(LifeStepRow.__table__)
        .where(LifeStepRow.article_id == article_id)
        .order_by(LifeStepRow.id)
    )
    shown: Callable[[str], str] = str if reveal else mask
    return LifeView(
        **{name: getattr(row, name) for name in _LIFE},
        steps=tuple(
            StepView(
                **{name: getattr(each, name) for name in _STEP if name != "quoted"},
                quoted=shown(each.quoted),
            )
            for each in steps
        ),
    )


def states_of(connection: Connection, article_ids: Collection[int]) -> dict[int, Row[Any]]:
    """State and since when, of those of `article_ids` that have a life."""
    life = ArticleLifeRow
    rows: Sequence[Row[Any]] = connection.execute(
        select(life.__table__).where(life.article_id.in_(article_ids))
    ).all()
    return {row.article_id: row for row in rows}


def versions_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    """Which version of a story's text each of its copies has now: 1 is that of the first of
    `article_ids`, and equal numbers are equal texts."""
    rows = connection.execute(
        select(ArticleRow.id, RevisionRow.folded_hash)
        .join(
            RevisionRow,
            and_(
                RevisionRow.article_id == ArticleRow.id,
                RevisionRow.number == ArticleRow.revision_count,
            ),
        )
        .where(ArticleRow.id.in_(article_ids))
    )
    texts = {row.id: row.folded_hash for row in rows}
    order = {
        text: place for place, text in enumerate(dict.fromkeys(map(texts.get, article_ids)), 1)
    }
    return {each: order[texts.get(each)] for each in article_ids}


def still_up(
    connection: Connection, article: Row[Any], most: int
) -> tuple[int, Sequence[Row[Any]]]:
    """On how many other sites a story can be read, and at most one copy of each of `most` of them,
    those of sites least like a content farm first."""
    life, reading = ArticleLifeRow, ArticleReadingRow
    rows = connection.execute(
        select(ArticleRow.__table__)
        .outerjoin(life, life.article_id == ArticleRow.id)
        .outerjoin(reading, reading.article_id == ArticleRow.id)
        .where(
            ArticleRow.story_id == article.story_id,
            ArticleRow.id != article.id,
            ArticleRow.site != article.site,
            or_(life.state.is_(None), and_(life.state == "live", life.blocked_since.is_(None))),
        )
        .order_by(func.coalesce(reading.farm_score, 0.0), ArticleRow.first_seen_at, ArticleRow.id)
    ).all()
    first: dict[str, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.site, row)
    return len(first), list(first.values())[:most]
