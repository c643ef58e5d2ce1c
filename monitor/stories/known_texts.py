"""Give the texts of known articles ready to be compared, from the store. Never writes."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select

from monitor.store.models import ArticleRow, RevisionRow, StoryRow
from monitor.stories.finder import PARTS, Known
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Relation
from monitor.stories.shelf import Shelf
from seeds.match import Matcher, Matches

# Built once, as all statements that are run for every article.
_BY_URL = select(ArticleRow.__table__).where(ArticleRow.url == bindparam("url"))
_NOW = select(
    ArticleRow.id, ArticleRow.url, ArticleRow.title, ArticleRow.body, ArticleRow.revision_count
).where(ArticleRow.id.in_(bindparam("ids", expanding=True)))
_FIRST = (
    select(ArticleRow.id, ArticleRow.url, RevisionRow.title, RevisionRow.body)
    .join(ArticleRow, ArticleRow.id == RevisionRow.article_id)
    .where(RevisionRow.article_id.in_(bindparam("ids", expanding=True)), RevisionRow.number == 1)
)
_KNOWN_URLS = select(ArticleRow.url).where(ArticleRow.url.in_(bindparam("urls", expanding=True)))
_REVISION = select(RevisionRow.__table__).where(
    RevisionRow.article_id == bindparam("article_id"), RevisionRow.number == bindparam("number")
)
_FIRST_AND_CURRENT = (
    select(
        RevisionRow.id,
        RevisionRow.number,
        RevisionRow.article_id,
        ArticleRow.story_id,
        ArticleRow.relation,
        ArticleRow.of_article_id,
        ArticleRow.url,
        ArticleRow.site,
        StoryRow.lead_article_id,
    )
    .join(ArticleRow, ArticleRow.id == RevisionRow.article_id)
    .join(StoryRow, StoryRow.id == ArticleRow.story_id)
    .where(
        RevisionRow.article_id.in_(bindparam("ids", expanding=True)),
        or_(RevisionRow.number == 1, RevisionRow.number == ArticleRow.revision_count),
    )
)
_STORIES = select(ArticleRow.id, ArticleRow.story_id).where(
    ArticleRow.id.in_(bindparam("ids", expanding=True))
)
_PARTS = (
    select(ArticleRow.id)
    .where(
        ArticleRow.story_id == bindparam("story_id"),
        ArticleRow.of_article_id == bindparam("article_id"),
        ArticleRow.relation == Relation.PARTIAL.value,
    )
    .order_by(ArticleRow.id)
    .limit(PARTS)
)
_TEXTS = select(RevisionRow.id, RevisionRow.title, RevisionRow.body).where(
    RevisionRow.id.in_(bindparam("ids", expanding=True))
)


def known_urls(connection: Connection, urls: Sequence[str]) -> set[str]:
    """Which of these canonical URLs, a batch's, have an article."""
    return set(connection.scalars(_KNOWN_URLS, {"urls": urls}))


def known_article(connection: Connection, url: str) -> Row[Any]:
    """The article at a canonical URL that has one."""
    return connection.execute(_BY_URL, {"url": url}).one()


def texts_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, list[Any]]:
    """The texts (url, title, body) of each article: as it is now, and as it was first."""
    texts: dict[int, list[Any]] = {}
    for row in connection.execute(_NOW, {"ids": article_ids}).all():
        texts.setdefault(row.id, []).append(row)
    edited = [each for each, (now,) in texts.items() if now.revision_count > 1]
    for first in connection.execute(_FIRST, {"ids": edited}).all() if edited else ():
        texts[first.id].append(first)
    return texts


def current_revision(connection: Connection, article: Row[Any]) -> Row[Any]:
    """The text an article has now."""
    which = {"article_id": article.id, "number": article.revision_count}
    return connection.execute(_REVISION, which).one()


class KnownTexts:
    """Reads revisions, and keeps the ones used last."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._shelf = Shelf()
        self._fresh: dict[int, Known] = {}

    def load(self, connection: Connection, article_ids: Sequence[int]) -> Iterator[Known]:
        """Give the first and the current text of each article, in the order of `article_ids`.

        Both, because a page that was edited is still reposted as it was."""
        stored = [each for each in article_ids if each not in self._fresh]
        texts: dict[int, list[Known]] = {each: [] for each in article_ids}
        for known in self._stored(connection, stored) if stored else ():
            texts[known.article_id].append(known)
        for article_id, known_of_it in texts.items():
            fresh = self._fresh.get(article_id)
            yield from [fresh] if fresh is not None else known_of_it

    def stories(self, connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
        """The story of each article."""
        fresh = {each: self._fresh[each].story_id for each in article_ids if each in self._fresh}
        stored = [each for each in article_ids if each not in fresh]
        rows = connection.execute(_STORIES, {"ids": stored}).all() if stored else []
        return fresh | {row.id: row.story_id for row in rows}

    def parts(self, connection: Connection, known: Known) -> Iterator[Known]:
        """What an article came to as `partial`, and the first that came to it so and joined."""
        which = {"story_id": known.story_id, "article_id": known.article_id}
        parts = [row.id for row in connection.execute(_PARTS, which)]
        parts += [
            each.article_id
            for each in self._fresh.values()
            if each.relation is Relation.PARTIAL and each.of_id == known.article_id
        ]
        if known.relation is Relation.PARTIAL and known.of_id is not None:
            parts.insert(0, known.of_id)
        return self.load(connection, parts[: PARTS + 1])

    def matches(self, title: str, body: str) -> Matches:
        """What a known text mentions."""
        return self._matcher.match(title, body)

    def add(self, known: Known) -> None:
        """Take a new article's text that the store will hold before long: see `settle`."""
        self._fresh[known.article_id] = known

    def settle(self) -> None:
        """The store holds what was added: from here on it knows best."""
        for known in self._fresh.values():
            self._shelf.put(known.article_id, 1, known.reading)
        self._fresh.clear()

    def forget(self) -> None:
        """Drop what is kept: after a rollback the same ids come to mean other texts."""
        self._shelf.clear()
        self._fresh.clear()

    def _stored(self, connection: Connection, article_ids: Sequence[int]) -> Iterator[Known]:
        """The texts in the store, of each article the current one first."""
        rows = connection.execute(_FIRST_AND_CURRENT, {"ids": article_ids}).all()
        readings = self._readings(connection, rows)
        for row in sorted(rows, key=lambda each: -each.number):
            yield Known(
                article_id=row.article_id,
                story_id=row.story_id,
                lead_id=row.lead_article_id,
                relation=Relation(row.relation),
                reading=readings[row.id],
                of_id=row.of_article_id,
                url=row.url,
                site=row.site,
            )

    def _readings(self, connection: Connection, rows: Sequence[Any]) -> dict[int, Reading]:
        found: dict[int, Reading] = {}
        missing: dict[int, Any] = {}
        for row in rows:
            reading = self._shelf.get(row.article_id, row.number)
            if reading is None:
                missing[row.id] = row
            else:
                found[row.id] = reading
        if missing:
            for text_id, title, body in connection.execute(_TEXTS, {"ids": list(missing)}):
                found[text_id] = reading = read(title, body, self.matches(title, body))
                which = missing[text_id]
                self._shelf.put(which.article_id, which.number, reading)
        return found
