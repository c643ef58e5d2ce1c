"""Read back from the store what an alert tells of its event. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.events import Event, EventKind
from monitor.query.claims import claim_flags
from monitor.query.labels import farm_of
from monitor.query.lives import states_of, still_up
from monitor.query.novelty import NoveltyView, novelty_of
from monitor.store.models import (
    ArticleLabelRow,
    ArticleRow,
    EventRow,
    MentionRow,
    StoryRow,
)
from monitor.stories.claims import ClaimFlag
from seeds.farm import FarmLikelihood
from seeds.match.mentions import ORDINARY
from seeds.models import Severity

# Copies listed in one alert; the count tells how many there are in all.
COPIES = 5

# Terms shown for a topic: enough to see why it was recognised.
TERMS = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """One event with everything a mail says about it; rows are absent for source events.

    `terms` are the surfaces that made each topic count, as the page writes them; `farm` is None
    for an article that was taken in before there were likelihoods; `doubts` are what speaks against
    the date its page claims; `novelty` is what was new in an article that opened a story. Of one that
    was removed, `copies` are those that can still be read, on `sites_left` other sites; of a copy,
    `of_removed_at` is when what it copies was removed, if that is gone."""

    event: Event
    story: Row[Any] | None = None
    article: Row[Any] | None = None
    of: Row[Any] | None = None
    lead: Row[Any] | None = None
    copies: Sequence[Row[Any]] = ()
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    farm: FarmLikelihood | None = None
    doubts: tuple[ClaimFlag, ...] = ()
    novelty: NoveltyView | None = None
    sites_left: int = 0
    of_removed_at: datetime | None = None


def read_event(connection: Connection, event_id: int) -> Event:
    """Read one event back as the rules saw it."""
    return _event(connection, connection.execute(_events().where(EventRow.id == event_id)).one())


def recent_events(connection: Connection, limit: int) -> list[Event]:
    """Read the last `limit` events, newest first."""
    rows = connection.execute(_events().order_by(EventRow.id.desc()).limit(limit)).all()
    return [_event(connection, row) for row in rows]


def read_facts(connection: Connection, event_id: int) -> Facts:
    """Read an event with its article, story, copies and the terms that counted."""
    event = read_event(connection, event_id)
    article = _article(connection, event.article_id)
    if article is None:
        return Facts(event)
    # The story it is in now: the one of the event may have gone into another meanwhile.
    in_story = select(StoryRow.__table__).where(StoryRow.id == article.story_id)
    story = connection.execute(in_story).first()
    of = _article(connection, event.details.get("of_article_id", article.of_article_id))
    sites_left, copies = 0, _copies(connection, article)
    if event.kind is EventKind.ARTICLE_REMOVED:
        sites_left, copies = still_up(connection, article, COPIES)
    return Facts(
        event=event,
        story=story,
        article=article,
        of=of,
        lead=_article(connection, story.lead_article_id) if story else None,
        copies=copies,
        terms=_terms(connection, article.id),
        farm=farm_of(connection, article.id),
        doubts=claim_flags(connection, [article.id])[article.id],
        novelty=(
            novelty_of(connection, article.id) if event.kind is EventKind.STORY_OPENED else None
        ),
        sites_left=sites_left,
        of_removed_at=_removed_at(connection, of),
    )


def _removed_at(connection: Connection, article: Row[Any] | None) -> datetime | None:
    """When an article was found removed, if it is gone now."""
    life = states_of(connection, [article.id]).get(article.id) if article else None
    return life.since if life is not None and life.state == "removed" else None


def _events() -> Any:
    return select(
        EventRow.__table__,
        ArticleRow.relation.label("article_relation"),
    ).outerjoin(ArticleRow, ArticleRow.id == EventRow.article_id)


def _event(connection: Connection, row: Row[Any]) -> Event:
    details = row.details
    labels = _labels(connection, row.article_id)
    return Event(
        id=row.id,
        kind=EventKind(row.kind),
        happened_at=row.happened_at,
        source=row.source,
        story_id=row.story_id,
        article_id=row.article_id,
        # What stood in the event when it happened wins over what the article is like today.
        relation=details.get("relation", row.article_relation or ""),
        platforms=frozenset(
            details.get("platforms", (label.name for label in labels if label.kind == "platform"))
        ),
        topics={
            name: Severity(severity)
            for name, severity in details.get("topics", _topics(labels)).items()
        },
        baseline=details.get("baseline", False),
        details=details,
    )


def _labels(connection: Connection, article_id: int | None) -> Sequence[Row[Any]]:
    if article_id is None:
        return ()
    query = select(ArticleLabelRow.__table__).where(ArticleLabelRow.article_id == article_id)
    return connection.execute(query).all()


def _topics(labels: Sequence[Row[Any]]) -> dict[str, str]:
    by_rank = {severity.rank: severity.value for severity in Severity}
    return {label.name: by_rank[label.severity] for label in labels if label.kind == "topic"}


def _article(connection: Connection, article_id: int | None) -> Row[Any] | None:
    if article_id is None:
        return None
    query = select(ArticleRow.__table__).where(ArticleRow.id == article_id)
    return connection.execute(query).first()


def _copies(connection: Connection, article: Row[Any]) -> Sequence[Row[Any]]:
    return connection.execute(
        select(ArticleRow.__table__)
        .where(ArticleRow.story_id == article.story_id, ArticleRow.id != article.id)
        .order_by(ArticleRow.first_seen_at, ArticleRow.id)
        .limit(COPIES)
    ).all()


def _terms(connection: Connection, article_id: int) -> dict[str, tuple[str, ...]]:
    """Read the terms of each topic; ordinary words only where a topic has no others."""
    rows = connection.execute(
        select(MentionRow.name, MentionRow.surface, MentionRow.reason)
        .where(
            MentionRow.article_id == article_id,
            MentionRow.kind == "topic",
            MentionRow.field != "boilerplate",
        )
        .order_by(MentionRow.field.desc(), MentionRow.start)  # the title's first
    ).all()
    found: dict[str, dict[str, None]] = {}
    telling = {row.name for row in rows if ORDINARY not in row.reason}
    for row in rows:
        if ORDINARY not in row.reason or row.name not in telling:
            found.setdefault(row.name, {})[row.surface] = None
    return {name: tuple(surfaces)[:TERMS] for name, surfaces in found.items()}
