"""Give the texts of known articles ready to be compared, from the store. Never writes."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from monitor.store.models import ArticleRow, RevisionRow, StoryRow
from monitor.stories.finder import Known, Shelf
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Relation
from seeds.match import Matcher


def known_article(connection: Connection, url: str) -> Row[Any] | None:
    """The article at a canonical URL, or None when the URL is new."""
    return connection.execute(
        select(ArticleRow.__table__).where(ArticleRow.url == url)
    ).one_or_none()


def article_by_id(connection: Connection, article_id: int) -> Row[Any]:
    """An article as it is now."""
    return connection.execute(select(ArticleRow.__table__).where(ArticleRow.id == article_id)).one()


def current_revision(connection: Connection, article: Row[Any]) -> Row[Any]:
    """The text an article has now."""
    return connection.execute(
        select(RevisionRow.__table__).where(
            RevisionRow.article_id == article.id, RevisionRow.number == article.revision_count
        )
    ).one()


class KnownTexts:
    """Reads revisions, and keeps the ones used last."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._shelf = Shelf()

    def load(self, connection: Connection, article_ids: Sequence[int]) -> Iterator[Known]:
        """Give the first and the current text of each article, in the order of `article_ids`.

        Both, because a page that was edited is still reposted as it was."""
        rows = connection.execute(
            select(
                RevisionRow.id,
                RevisionRow.article_id,
                ArticleRow.story_id,
                ArticleRow.relation,
                StoryRow.lead_article_id,
            )
            .join(ArticleRow, ArticleRow.id == RevisionRow.article_id)
            .join(StoryRow, StoryRow.id == ArticleRow.story_id)
            .where(
                RevisionRow.article_id.in_(article_ids),
                or_(RevisionRow.number == 1, RevisionRow.number == ArticleRow.revision_count),
            )
        ).all()
        place = {article_id: place for place, article_id in enumerate(article_ids)}
        readings = self._readings(connection, [row.id for row in rows])
        for row in sorted(rows, key=lambda each: (place[each.article_id], -each.id)):
            yield Known(
                text_id=row.id,
                article_id=row.article_id,
                story_id=row.story_id,
                lead_id=row.lead_article_id,
                relation=Relation(row.relation),
                reading=readings[row.id],
            )

    def forget(self) -> None:
        """Drop what is kept: after a rollback the same ids come to mean other texts."""
        self._shelf.clear()

    def _readings(self, connection: Connection, text_ids: Sequence[int]) -> dict[int, Reading]:
        ready = {each: self._shelf.get(each) for each in text_ids}
        found = {each: reading for each, reading in ready.items() if reading is not None}
        missing = [each for each in text_ids if each not in found]
        if missing:
            texts = select(RevisionRow.id, RevisionRow.title, RevisionRow.body)
            for row in connection.execute(texts.where(RevisionRow.id.in_(missing))):
                matches = self._matcher.match(row.title, row.body)
                found[row.id] = read(row.title, row.body, matches)
                self._shelf.put(row.id, found[row.id])
        return found
