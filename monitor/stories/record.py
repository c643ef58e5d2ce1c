"""Write what was decided about an article: the only writer of `story`, `article` and `revision`.
Everything happens in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from monitor.changes.diff import Change
from monitor.events import Event, EventKind
from monitor.store.models import ArticleRow, RevisionRow, StoryRow
from monitor.stories.about import About
from monitor.stories.arrival import Arrival
from monitor.stories.details import edit_details, opening_details
from monitor.stories.events import UNRECORDED
from monitor.stories.finder import Found
from monitor.stories.relation import Likeness

# Built once: SQLAlchemy takes longer to build an insert with values than SQLite to run it.
_ADD_STORY = insert(StoryRow).returning(StoryRow.id)
_LEAD = (
    update(StoryRow)
    .where(StoryRow.id == bindparam("story_id"))
    .values(lead_article_id=bindparam("article_id"))
)
_JOIN = (
    update(StoryRow)
    .where(StoryRow.id == bindparam("story_id"))
    .values(
        article_count=StoryRow.article_count + 1,
        site_count=StoryRow.site_count + bindparam("new_sites"),
        last_seen_at=bindparam("seen_at"),
    )
    .returning(StoryRow.article_count, StoryRow.site_count)
)
_ADD_ARTICLE = insert(ArticleRow).returning(ArticleRow.id)
_SEEN = (
    update(ArticleRow)
    .where(ArticleRow.id == bindparam("article_id"))
    .values(last_seen_at=bindparam("seen_at"))
)
_ON_SITE = select(func.count()).where(
    ArticleRow.story_id == bindparam("story_id"), ArticleRow.site == bindparam("site")
)
_ADD_REVISION = insert(RevisionRow)
_RELATE = (
    update(ArticleRow)
    .where(ArticleRow.id == bindparam("article_id"))
    .values(
        relation=bindparam("to_relation"),
        of_article_id=bindparam("to_article"),
        similarity=bindparam("share"),
    )
)
_MOVE = (
    update(ArticleRow)
    .where(ArticleRow.story_id == bindparam("away"))
    .values(story_id=bindparam("into"))
)
_LEAVE = (
    update(StoryRow)
    .where(StoryRow.id == bindparam("away"))
    .values(merged_into=bindparam("into"), article_count=0, site_count=0)
)
# Stories that went into the one that leaves now lead to where it went.
_FORWARD = (
    update(StoryRow)
    .where(StoryRow.merged_into == bindparam("away"))
    .values(merged_into=bindparam("into"))
)
_SPREAD = select(
    func.count(),
    func.count(ArticleRow.site.distinct()),
    func.max(ArticleRow.last_seen_at),
).where(ArticleRow.story_id == bindparam("story_id"))
# What they set is told by the keys of the rows they are run with.
_OPEN = insert(StoryRow).returning(StoryRow.id, sort_by_parameter_order=True)
_SET_STORY = update(StoryRow).where(StoryRow.id == bindparam("which"))
_SET_ARTICLE = update(ArticleRow).where(ArticleRow.id == bindparam("which"))

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """The story an article is in, and how far the story has spread with it."""

    story_id: int
    articles: int = 1
    sites: int = 1


class Records:
    """What the articles of one batch add to the store. What nobody has to find there before the
    batch ends is kept until `write`: revisions of new articles, and what articles are about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._revisions: list[dict[str, Any]] = []
        self._about = About(connection)

    def new(self, arrival: Arrival, found: Found) -> Event:
        """Record an article at a new URL: into `found`'s story, or as the lead of its own."""
        joined = found.known.story_id if found.known is not None and found.joins else None
        place = self._open_story(arrival) if joined is None else self._join(arrival, joined)
        article_id = self._add_article(arrival, found, place.story_id)
        if joined is None:
            lead = {"story_id": place.story_id, "article_id": article_id}
            self._connection.execute(_LEAD, lead)
        self._revisions.append(_revision(arrival, article_id, 1))
        self._about.add(article_id, arrival.understood)
        details = opening_details(arrival, found, place.articles, place.sites)
        kind = EventKind.STORY_OPENED if joined is None else EventKind.STORY_SPREAD
        relation = str(found.likeness.relation)
        return _event(kind, arrival, (place.story_id, article_id, relation), details)

    def edit(self, arrival: Arrival, article: Row[Any], change: Change) -> Event:
        """Record another text (or title, author, claimed time) of a known article.

        A date or author that the page no longer shows is kept: extraction loses them more often
        than sites take them away."""
        new = arrival.entry.article
        number = article.revision_count + 1
        self._connection.execute(
            update(ArticleRow)
            .where(ArticleRow.id == article.id)
            .values(
                title=new.title,
                body=new.body,
                author=new.author or article.author,
                outlet=new.outlet or article.outlet,
                published_at=_iso(new.published_at) or article.published_at,
                published_precision=new.published_precision or article.published_precision,
                language=new.language,
                last_seen_at=max(article.last_seen_at, arrival.entry.fetched_at),
                revision_count=number,
            )
        )
        self._connection.execute(_ADD_REVISION, _revision(arrival, article.id, number))
        self._about.replace(article.id, arrival.understood)
        details = edit_details(arrival.entry, article, number, change)
        subject = (article.story_id, article.id, article.relation)
        return _event(EventKind.ARTICLE_EDITED, arrival, subject, details)

    def seen(self, article: Row[Any], seen_at: datetime) -> None:
        """Record that a known article was met again, unchanged."""
        latest = max(article.last_seen_at, seen_at)
        self._connection.execute(_SEEN, {"article_id": article.id, "seen_at": latest})

    def relate(self, article_id: int, likeness: Likeness, to_article: int) -> None:
        """Record that an article is related otherwise than it was seen to be when it came."""
        row = {
            "article_id": article_id,
            "to_relation": likeness.relation.value,
            "to_article": to_article,
            "share": likeness.similarity,
        }
        self._connection.execute(_RELATE, row)

    def merge(self, away: int, into: int) -> None:
        """Make the articles of story `away` ones of story `into`, the earlier of the two.

        The other keeps its row, without articles, so that its number still leads somewhere."""
        which = {"away": away, "into": into}
        self._connection.execute(_MOVE, which)
        self._connection.execute(_FORWARD, which)
        self._connection.execute(_LEAVE, which)
        articles, sites, seen_at = self._connection.execute(_SPREAD, {"story_id": into}).one()
        self._connection.execute(
            update(StoryRow)
            .where(StoryRow.id == into)
            .values(article_count=articles, site_count=sites, last_seen_at=seen_at)
        )

    def write(self) -> None:
        """Store what was kept."""
        if self._revisions:
            self._connection.execute(_ADD_REVISION, self._revisions)
            self._revisions.clear()
        self._about.write()

    def _open_story(self, arrival: Arrival) -> Place:
        entry = arrival.entry
        row = {
            "lead_article_id": 0,  # the article needs its story's id first
            "title": entry.article.title,
            "opened_at": entry.fetched_at,
            "last_seen_at": entry.fetched_at,
            "article_count": 1,
            "site_count": 1,
        }
        return Place(self._connection.execute(_ADD_STORY, row).scalar_one())

    def _join(self, arrival: Arrival, story_id: int) -> Place:
        which = {"story_id": story_id, "site": arrival.site}
        on_site = self._connection.execute(_ON_SITE, which).scalar_one()
        grown = {
            "story_id": story_id,
            "new_sites": int(not on_site),
            "seen_at": arrival.entry.fetched_at,
        }
        counts = self._connection.execute(_JOIN, grown).one()
        return Place(story_id, counts.article_count, counts.site_count)

    def _add_article(self, arrival: Arrival, found: Found, story_id: int) -> int:
        entry, article = arrival.entry, arrival.entry.article
        row = {
            "url": article.url,
            "site": arrival.site,
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
        }
        return self._connection.execute(_ADD_ARTICLE, row).scalar_one()


def open_stories(connection: Connection, stories: Rows) -> Sequence[int]:
    """Open stories around articles that are in the store, each given as its whole row without the
    id; gives the ids in the same order."""
    return connection.scalars(_OPEN, stories).all()


def correct_stories(connection: Connection, stories: Rows) -> None:
    """Set columns of stories, the same ones in each; `which` is the story's id.

    A story whose articles went into another one has no articles, and is `merged_into` that."""
    connection.execute(_SET_STORY, stories)


def correct_articles(connection: Connection, articles: Rows) -> None:
    """Set story and relation of articles, as they turned out to be; `which` is the article's id.

    No event is recorded: what was told stays told."""
    connection.execute(_SET_ARTICLE, articles)


def _revision(arrival: Arrival, article_id: int, number: int) -> dict[str, Any]:
    entry, article = arrival.entry, arrival.entry.article
    return {
        "article_id": article_id,
        "number": number,
        "log_id": entry.id,
        "seen_at": entry.fetched_at,
        "title": article.title,
        "author": article.author,
        "published_at": _iso(article.published_at),
        "body": article.body,
        "folded_hash": arrival.reading.edition,
    }


def _event(
    kind: EventKind, arrival: Arrival, subject: tuple[int, int, str], details: dict[str, Any]
) -> Event:
    """What happened, to be recorded, with all that the rules decide by, as it is now. `subject`
    are the story, the article and its relation."""
    entry, matches = arrival.entry, arrival.matches
    story_id, article_id, relation = subject
    # An edit is news of an article known before, whatever its source's first crawls still collect.
    baseline = entry.baseline and kind is not EventKind.ARTICLE_EDITED
    told = {
        **details,
        "relation": relation,
        "platforms": list(matches.platforms),
        "topics": {name: severity.value for name, severity in matches.topics.items()},
        "baseline": baseline,
    }
    return Event(
        id=UNRECORDED,
        kind=kind,
        happened_at=entry.fetched_at,
        source=entry.source,
        story_id=story_id,
        article_id=article_id,
        relation=relation,
        platforms=frozenset(matches.platforms),
        topics=dict(matches.topics),
        baseline=baseline,
        details=told,
    )


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time is not None else None
