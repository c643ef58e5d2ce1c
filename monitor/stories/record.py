"""Write what was decided about an article: the only writer of `story`, `article`, `revision`,
`mention`, `article_label` and `event`. Everything happens in the caller's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from crawler.article import LoggedArticle
from crawler.urls import site_of
from monitor.changes.diff import Change
from monitor.events import Event, EventKind
from monitor.store.models import (
    ArticleLabelRow,
    ArticleRow,
    EventRow,
    MentionRow,
    RevisionRow,
    StoryRow,
)
from monitor.stories.details import edit_details, opening_details
from monitor.stories.finder import Found
from monitor.stories.reading import Reading
from seeds.match import Matches

# Built once: SQLAlchemy takes longer to build an insert with values than SQLite to run it.
_ADD_STORY = insert(StoryRow).returning(StoryRow.id)
_ADD_ARTICLE = insert(ArticleRow).returning(ArticleRow.id)
_ADD_EVENT = insert(EventRow).returning(EventRow.id)
_ADD_REVISION = insert(RevisionRow)
_ON_SITE = select(func.count()).where(
    ArticleRow.story_id == bindparam("story_id"), ArticleRow.site == bindparam("site")
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A logged article with what was read in it."""

    entry: LoggedArticle
    matches: Matches
    reading: Reading


def record_new(
    connection: Connection, arrival: Arrival, found: Found, changed: Change | None = None
) -> Event:
    """Record an article at a new URL: into `found`'s story, or as the lead of its own.

    `changed` are the facts a copy tells otherwise than its story's lead."""
    entry = arrival.entry
    site = site_of(entry.article.url)
    joined = found.known.story_id if found.known is not None and found.joins else None
    known = {"story_id": joined, "site": site}
    new_site = joined is None or not connection.scalar(_ON_SITE, known)
    story_id = joined if joined is not None else _open_story(connection, entry)
    article_id = _add_article(connection, arrival, found, story_id, site)
    values: dict[str, Any] = {"lead_article_id": article_id}
    if joined is not None:
        values = {
            "article_count": StoryRow.article_count + 1,
            "site_count": StoryRow.site_count + int(new_site),
            "last_seen_at": entry.fetched_at,
        }
    connection.execute(update(StoryRow).where(StoryRow.id == story_id).values(**values))
    _add_revision(connection, arrival, article_id, 1)
    _add_mentions(connection, article_id, arrival.matches)
    kind = EventKind.STORY_OPENED if joined is None else EventKind.STORY_SPREAD
    details = opening_details(connection, arrival.entry, found, story_id)
    if changed is not None:
        details |= {"changed": list(changed.kinds), "summary": changed.summary}
    return _record_event(
        connection, kind, arrival, _Subject(story_id, article_id, found.likeness.relation), details
    )


def record_edit(
    connection: Connection, arrival: Arrival, article: Row[Any], change: Change
) -> Event:
    """Record another text (or title, author, claimed time) of a known article.

    A date or author that the page no longer shows is kept: extraction loses them more often
    than sites take them away."""
    entry = arrival.entry
    number = article.revision_count + 1
    connection.execute(
        update(ArticleRow)
        .where(ArticleRow.id == article.id)
        .values(
            title=entry.article.title,
            body=entry.article.body,
            author=entry.article.author or article.author,
            outlet=entry.article.outlet or article.outlet,
            published_at=_iso(entry.article.published_at) or article.published_at,
            published_precision=entry.article.published_precision or article.published_precision,
            language=entry.article.language,
            last_seen_at=max(article.last_seen_at, entry.fetched_at),
            revision_count=number,
        )
    )
    _add_revision(connection, arrival, article.id, number)
    _forget_mentions(connection, article.id)
    _add_mentions(connection, article.id, arrival.matches)
    details = edit_details(entry, article, number, change)
    subject = _Subject(article.story_id, article.id, article.relation)
    return _record_event(connection, EventKind.ARTICLE_EDITED, arrival, subject, details)


def record_seen(connection: Connection, article: Row[Any], seen_at: datetime) -> None:
    """Record that a known article was met again, unchanged."""
    connection.execute(
        update(ArticleRow)
        .where(ArticleRow.id == article.id)
        .values(last_seen_at=max(article.last_seen_at, seen_at))
    )


def record_source_event(
    connection: Connection,
    kind: EventKind,
    source: str,
    happened_at: datetime,
    details: Mapping[str, Any],
) -> Event:
    """Record that a source fails or works again."""
    event_id = connection.execute(
        _ADD_EVENT,
        {
            "kind": kind.value,
            "happened_at": happened_at,
            "story_id": None,
            "article_id": None,
            "source": source,
            "details": dict(details),
        },
    ).scalar_one()
    return Event(event_id, kind, happened_at, source, details=dict(details))


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an event is about."""

    story_id: int
    article_id: int
    relation: str


def _record_event(
    connection: Connection,
    kind: EventKind,
    arrival: Arrival,
    subject: _Subject,
    details: Mapping[str, Any],
) -> Event:
    """Record an event with all that the rules decided by, as it was when it happened."""
    entry, matches = arrival.entry, arrival.matches
    told = {
        **details,
        "relation": str(subject.relation),
        "platforms": list(matches.platforms),
        "topics": {name: severity.value for name, severity in matches.topics.items()},
        "baseline": entry.baseline,
    }
    event_id = connection.execute(
        _ADD_EVENT,
        {
            "kind": kind.value,
            "happened_at": entry.fetched_at,
            "story_id": subject.story_id,
            "article_id": subject.article_id,
            "source": entry.source,
            "details": told,
        },
    ).scalar_one()
    return Event(
        id=event_id,
        kind=kind,
        happened_at=entry.fetched_at,
        source=entry.source,
        story_id=subject.story_id,
        article_id=subject.article_id,
        relation=str(subject.relation),
        platforms=frozenset(matches.platforms),
        topics=dict(matches.topics),
        baseline=entry.baseline,
        details=told,
    )


def _open_story(connection: Connection, entry: LoggedArticle) -> int:
    return connection.execute(
        _ADD_STORY,
        {
            "lead_article_id": 0,  # the article needs its story's id first
            "title": entry.article.title,
            "opened_at": entry.fetched_at,
            "last_seen_at": entry.fetched_at,
            "article_count": 1,
            "site_count": 1,
        },
    ).scalar_one()


def _add_article(
    connection: Connection, arrival: Arrival, found: Found, story_id: int, site: str
) -> int:
    entry, article = arrival.entry, arrival.entry.article
    return connection.execute(
        _ADD_ARTICLE,
        {
            "url": article.url,
            "site": site,
            "source": entry.source,
            "title": article.title,
            "body": article.body,
            "author": article.author,
            "outlet": article.outlet,
            "published_at": _iso(article.published_at),
            "published_precision": article.published_precision,
            "language": article.language,
            "first_seen_at": entry.fetched_at,
            "last_seen_at": entry.fetched_at,
            "story_id": story_id,
            "relation": found.likeness.relation.value,
            "of_article_id": found.known.article_id if found.known else None,
            "similarity": found.likeness.similarity,
            "revision_count": 1,
        },
    ).scalar_one()


def _add_revision(connection: Connection, arrival: Arrival, article_id: int, number: int) -> None:
    entry, article = arrival.entry, arrival.entry.article
    connection.execute(
        _ADD_REVISION,
        {
            "article_id": article_id,
            "number": number,
            "log_id": entry.id,
            "seen_at": entry.fetched_at,
            "title": article.title,
            "author": article.author,
            "published_at": _iso(article.published_at),
            "body": article.body,
            "folded_hash": arrival.reading.edition,
        },
    )


def _forget_mentions(connection: Connection, article_id: int) -> None:
    connection.execute(delete(MentionRow).where(MentionRow.article_id == article_id))
    connection.execute(delete(ArticleLabelRow).where(ArticleLabelRow.article_id == article_id))


def _add_mentions(connection: Connection, article_id: int, matches: Matches) -> None:
    mentions = [
        {
            "article_id": article_id,
            "kind": each.kind,
            "name": each.name,
            "surface": each.surface,
            "field": each.field,
            "start": each.start,
            "end": each.end,
            "reason": each.reason,
        }
        for each in matches.mentions
        if each.counted
    ]
    labels = [("platform", name, 0) for name in matches.platforms]
    labels += [("topic", name, severity.rank) for name, severity in matches.topics.items()]
    if mentions:
        connection.execute(insert(MentionRow), mentions)
    if labels:
        connection.execute(
            insert(ArticleLabelRow),
            [
                {"article_id": article_id, "kind": kind, "name": name, "severity": severity}
                for kind, name, severity in labels
            ],
        )


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time is not None else None
