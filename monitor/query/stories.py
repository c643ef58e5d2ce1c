"""List stories, and show one with all its articles and events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from monitor.masking import mask
from monitor.query.claims import claim_flags, span_of
from monitor.query.events import EventView, events_where
from monitor.query.filters import (
    Filters,
    article_conditions,
    check_choice,
    check_page,
    time_range,
)
from monitor.query.labels import labels_of, merged
from monitor.query.lives import states_of, versions_of
from monitor.query.novelty import NoveltyView, led_by_recycled, novelty_of
from monitor.query.related import Of, articles_of
from monitor.query.spread import Spread, spread_of
from monitor.store.models import ArticleRow, EventRow, StoryRow
from monitor.stories.claims import ClaimedSpan, ClaimFlag
from seeds.models import Severity

SORTS = ("newest", "oldest", "active", "largest")


@dataclass(frozen=True, slots=True)
class StoriesQuery(Filters):
    """Which stories to list: those with an article that meets the filters.

    `since` and `until` bound when the story was opened. Sorts: `newest` and `oldest` by that,
    `active` by the last copy seen, `largest` by the number of articles. `recycled`: only those
    whose lead brought nothing new, or (False) only the others."""

    recycled: bool | None = None
    sort: str = "newest"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class StorySummary:
    """A story in a list; title, address, `farm` (how likely a content farm made it, 0 to 1; None:
    not known), `claim_flags` (what speaks against its claimed date) and `novelty` (new, partly,
    recycled; None: not judged) are its lead's, labels those of all its articles."""

    story_id: int
    title: str
    lead_article_id: int
    lead_url: str
    relation: str
    opened_at: datetime
    last_seen_at: datetime
    article_count: int
    site_count: int
    platforms: tuple[str, ...]
    topics: Mapping[str, Severity]
    farm: float | None
    claim_flags: tuple[ClaimFlag, ...]
    novelty: str | None


@dataclass(frozen=True, slots=True)
class StoriesPage:
    """One page of stories, and how many there are on all."""

    total: int
    stories: tuple[StorySummary, ...]


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One copy in a story, and how it relates to `of`."""

    article_id: int
    is_lead: bool
    title: str
    url: str
    site: str
    source: str
    outlet: str | None
    published_at: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    relation: str
    of: Of | None
    similarity: float
    revision_count: int
    farm: float | None
    claim_flags: tuple[ClaimFlag, ...]
    version: int  # of the story's text; copies with equal numbers have equal texts
    state: str  # live, suspect, removed
    gone_since: datetime | None


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story: its articles in the order they were first seen, its sites, how it spread, what
    days its pages claim (None: no page does), what was new in its lead when it opened (None: not
    judged), and the events of its articles, also those that happened while an article was in
    another story.

    `asked` is the number it was asked for by: that of a story which went into this one, or its own."""

    summary: StorySummary
    articles: tuple[StoryArticle, ...]
    sites: tuple[str, ...]
    spread: Spread
    claimed: ClaimedSpan | None
    events: tuple[EventView, ...]
    novelty: NoveltyView | None
    asked: int


def list_stories(
    connection: Connection, query: StoriesQuery, *, reveal: bool = False
) -> StoriesPage:
    """List stories; raises QueryError for what cannot be answered. `reveal` unmasks titles."""
    check_page(query.limit, query.offset)
    conditions = _conditions(query)
    total = connection.execute(
        select(func.count()).select_from(StoryRow).where(*conditions)
    ).scalar_one()
    story_ids = connection.execute(
        select(StoryRow.id)
        .where(*conditions)
        .order_by(*_order(query.sort))
        .limit(query.limit)
        .offset(query.offset)
    ).scalars()
    return StoriesPage(total, _summaries(connection, list(story_ids), reveal))


def story(connection: Connection, story_id: int, *, reveal: bool = False) -> StoryView | None:
    """Show one story, or the one it went into; None when there is none of this number."""
    now = story_now(connection, story_id)
    summaries = _summaries(connection, [now], reveal)
    if not summaries:
        return None
    summary = summaries[0]
    rows = connection.execute(
        select(ArticleRow.__table__)
        .where(ArticleRow.story_id == now)
        .order_by(ArticleRow.first_seen_at, ArticleRow.id)
    ).all()
    article_ids = [row.id for row in rows]
    others = articles_of(connection, [row.of_article_id for row in rows], reveal)
    farms = {each: labels.farm for each, labels in labels_of(connection, article_ids).items()}
    doubts = claim_flags(connection, article_ids)
    versions = versions_of(connection, article_ids)
    states = states_of(connection, article_ids)
    articles = tuple(
        _article(
            row,
            summary,
            others,
            (farms[row.id], doubts[row.id], versions[row.id], states.get(row.id)),
            reveal,
        )
        for row in rows
    )
    events = events_where(
        connection,
        or_(
            EventRow.article_id.in_(article_ids),
            and_(EventRow.article_id.is_(None), EventRow.story_id == now),
        ),
    )
    return StoryView(
        summary=summary,
        articles=articles,
        sites=tuple(dict.fromkeys(article.site for article in articles)),
        spread=spread_of(articles),
        claimed=span_of(connection, now),
        events=events,
        novelty=novelty_of(connection, summary.lead_article_id, reveal=reveal),
        asked=story_id,
    )


def story_now(connection: Connection, story_id: int) -> int:
    """The story that one's articles are in now: the one it went into, however often, or itself."""
    seen: set[int] = set()
    into: int | None = story_id
    while into is not None and into not in seen:
        seen.add(story_id := into)
        into = connection.scalar(select(StoryRow.merged_into).where(StoryRow.id == story_id))
    return story_id


def _conditions(query: StoriesQuery) -> list[ColumnElement[bool]]:
    check_choice("sort", query.sort, SORTS)
    conditions: list[ColumnElement[bool]] = [StoryRow.merged_into.is_(None)]
    since, until = time_range(query)
    if since:
        conditions.append(StoryRow.opened_at >= since)
    if until:
        conditions.append(StoryRow.opened_at < until)
    if query.recycled is not None:
        conditions.append(led_by_recycled(recycled=query.recycled))
    of_articles = article_conditions(query, timed=False)
    if of_articles:
        conditions.append(StoryRow.id.in_(select(ArticleRow.story_id).where(*of_articles)))
    return conditions


def _order(sort: str) -> list[ColumnElement[Any]]:
    orders: dict[str, ColumnElement[Any]] = {
        "newest": StoryRow.opened_at.desc(),
        "oldest": StoryRow.opened_at.asc(),
        "active": StoryRow.last_seen_at.desc(),
        "largest": StoryRow.article_count.desc(),
    }
    return [orders[sort], StoryRow.id.asc() if sort == "oldest" else StoryRow.id.desc()]


def _summaries(
    connection: Connection, story_ids: Sequence[int], reveal: bool
) -> tuple[StorySummary, ...]:
    rows = connection.execute(
        select(StoryRow.__table__, ArticleRow.url, ArticleRow.relation)
        .join(ArticleRow, ArticleRow.id == StoryRow.lead_article_id)
        .where(StoryRow.id.in_(story_ids))
    ).all()
    members = _members(connection, story_ids)
    labels = labels_of(connection, [a for articles in members.values() for a in articles])
    doubts = claim_flags(connection, [row.lead_article_id for row in rows])
    found = {}
    for row in rows:
        about = merged([labels[article_id] for article_id in members[row.id]])
        found[row.id] = StorySummary(
            story_id=row.id,
            title=row.title if reveal else mask(row.title),
            lead_article_id=row.lead_article_id,
            lead_url=row.url,
            relation=row.relation,
            opened_at=row.opened_at,
            last_seen_at=row.last_seen_at,
            article_count=row.article_count,
            site_count=row.site_count,
            platforms=about.platforms,
            topics=about.topics,
            farm=labels[row.lead_article_id].farm,
            claim_flags=doubts[row.lead_article_id],
            novelty=labels[row.lead_article_id].novelty,
        )
    return tuple(found[story_id] for story_id in story_ids if story_id in found)


def _members(connection: Connection, story_ids: Sequence[int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {story_id: [] for story_id in story_ids}
    for story_id, article_id in connection.execute(
        select(ArticleRow.story_id, ArticleRow.id).where(ArticleRow.story_id.in_(story_ids))
    ):
        members[story_id].append(article_id)
    return members


def _article(
    row: Row[Any],
    summary: StorySummary,
    others: Mapping[int, Of],
    judged: tuple[float | None, tuple[ClaimFlag, ...], int, Row[Any] | None],
    reveal: bool,
) -> StoryArticle:
    farm, doubts, version, life = judged
    state = life.state if life is not None else "live"
    return StoryArticle(
        article_id=row.id,
        is_lead=row.id == summary.lead_article_id,
        title=row.title if reveal else mask(row.title),
        url=row.url,
        site=row.site,
        source=row.source,
        outlet=row.outlet,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        relation=row.relation,
        of=others.get(row.of_article_id),
        similarity=row.similarity,
        revision_count=row.revision_count,
        farm=farm,
        claim_flags=doubts,
        version=version,
        state=state,
        gone_since=life.since if life is not None and state == "removed" else None,
    )
