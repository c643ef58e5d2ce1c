"""Show one article with all that is known of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from crawler.log.tables import ArticleLogRow
from monitor.masking import mask
from monitor.query.claims import claim_flags
from monitor.query.events import EventView, events_where
from monitor.query.labels import farm_of, labels_of
from monitor.query.lives import LifeView, life_of
from monitor.query.novelty import NoveltyView, novelty_of
from monitor.query.related import Of, articles_of
from monitor.store.models import (
    ArticleRow,
    EventRow,
    MentionRow,
    RevisionRow,
    StoryRow,
)
from monitor.stories.claims import ClaimFlag
from seeds.farm import FarmLikelihood
from seeds.models import Severity


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One text the article had, from `seen_at` on; `number` counts from 1."""

    number: int
    seen_at: datetime
    title: str
    author: str | None
    published_at: str | None
    body: str


@dataclass(frozen=True, slots=True)
class MentionView:
    """One occurrence that counted, and why; offsets are into the article's `field`."""

    kind: str
    name: str
    surface: str
    field: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as last read. `boilerplate` is what was cut off the page's text; `claim_flags`
    are what speaks against `published_at`; `farm` is None when the article was taken in before
    there were likelihoods; `novelty` is None for a copy, and where nothing was judged; `life` is how
    it stands at its address."""

    article_id: int
    story_id: int
    is_lead: bool
    url: str
    site: str
    source: str
    title: str
    body: str
    boilerplate: str
    author: str | None
    outlet: str | None
    published_at: str | None
    published_precision: str | None
    claim_flags: tuple[ClaimFlag, ...]
    language: str
    first_seen_at: datetime
    last_seen_at: datetime
    relation: str
    of: Of | None
    similarity: float
    platforms: tuple[str, ...]
    topics: Mapping[str, Severity]
    farm: FarmLikelihood | None
    novelty: NoveltyView | None
    mentions: tuple[MentionView, ...]
    revisions: tuple[RevisionView, ...]
    events: tuple[EventView, ...]
    life: LifeView | None


def article(connection: Connection, article_id: int, *, reveal: bool = False) -> ArticleView | None:
    """Show one article; None when there is none of this number.

    Personal data in its texts is masked, one character for one, unless `reveal`."""
    row = connection.execute(
        select(ArticleRow.__table__).where(ArticleRow.id == article_id)
    ).one_or_none()
    return None if row is None else _view(connection, row, reveal)


def article_at(connection: Connection, url: str) -> int | None:
    """The number of the article at the canonical `url`; None when it is not known."""
    return connection.scalar(select(ArticleRow.id).where(ArticleRow.url == url))


def _view(connection: Connection, row: Row[Any], reveal: bool) -> ArticleView:
    shown: Callable[[str], str] = str if reveal else mask
    labels = labels_of(connection, [row.id])[row.id]
    return ArticleView(
        article_id=row.id,
        story_id=row.story_id,
        is_lead=row.id == _lead_id(connection, row.story_id),
        url=row.url,
        site=row.site,
        source=row.source,
        title=shown(row.title),
        body=shown(row.body),
        boilerplate=shown(_boilerplate(connection, row.id)),
        author=row.author and shown(row.author),
        outlet=row.outlet,
        published_at=row.published_at,
        published_precision=row.published_precision,
        claim_flags=claim_flags(connection, [row.id])[row.id],
        language=row.language,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        relation=row.relation,
        of=articles_of(connection, [row.of_article_id], reveal).get(row.of_article_id),
        similarity=row.similarity,
        platforms=labels.platforms,
        topics=labels.topics,
        farm=_farm(connection, row.id, shown),
        novelty=novelty_of(connection, row.id, reveal=reveal),
        mentions=_mentions(connection, row.id, shown),
        revisions=_revisions(connection, row.id, shown),
        events=events_where(connection, EventRow.article_id == row.id),
        life=life_of(connection, row.id, reveal=reveal),
    )


def _lead_id(connection: Connection, story_id: int) -> int | None:
    return connection.execute(
        select(StoryRow.lead_article_id).where(StoryRow.id == story_id)
    ).scalar()


def _boilerplate(connection: Connection, article_id: int) -> str:
    """Read it from the article log: only the newest text's matters, and only here."""
    found = connection.execute(
        select(ArticleLogRow.boilerplate)
        .join(RevisionRow, RevisionRow.log_id == ArticleLogRow.id)
        .where(RevisionRow.article_id == article_id)
        .order_by(RevisionRow.number.desc())
        .limit(1)
    ).scalar()
    return found or ""


def _farm(
    connection: Connection, article_id: int, shown: Callable[[str], str]
) -> FarmLikelihood | None:
    found = farm_of(connection, article_id)
    if found is None:
        return None
    masked = (replace(each, excerpt=shown(each.excerpt)) for each in found.reasons)
    return replace(found, reasons=tuple(masked))


def _mentions(
    connection: Connection, article_id: int, shown: Callable[[str], str]
) -> tuple[MentionView, ...]:
    mention = MentionRow
    rows = connection.execute(
        select(
            mention.kind, mention.name, mention.surface, mention.field,
            mention.start, mention.end, mention.reason,
        )
        .where(mention.article_id == article_id)
        .order_by(mention.field.desc(), mention.start, mention.id)
    )  # fmt: skip
    return tuple(
        MentionView(
            row.kind, row.name, shown(row.surface), row.field, row.start, row.end, row.reason
        )
        for row in rows
    )


def _revisions(
    connection: Connection, article_id: int, shown: Callable[[str], str]
) -> tuple[RevisionView, ...]:
    rows = connection.execute(
        select(RevisionRow.__table__)
        .where(RevisionRow.article_id == article_id)
        .order_by(RevisionRow.number)
    )
    return tuple(
        RevisionView(
            number=row.number,
            seen_at=row.seen_at,
            title=shown(row.title),
            author=row.author and shown(row.author),
            published_at=row.published_at,
            body=shown(row.body),
        )
        for row in rows
    )
