"""The articles that others are related to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from monitor.masking import mask
from monitor.store.models import ArticleRow


@dataclass(frozen=True, slots=True)
class Of:
    """The article another one is related to; a platform-swap's is in another story."""

    article_id: int
    story_id: int
    title: str
    url: str


def articles_of(
    connection: Connection, article_ids: Sequence[int | None], reveal: bool
) -> dict[int, Of]:
    """Look up the articles that others are related to."""
    columns = (ArticleRow.id, ArticleRow.story_id, ArticleRow.title, ArticleRow.url)
    wanted = {article_id for article_id in article_ids if article_id is not None}
    rows = connection.execute(select(*columns).where(ArticleRow.id.in_(wanted)))
    return {
        row.id: Of(row.id, row.story_id, row.title if reveal else mask(row.title), row.url)
        for row in rows
    }
