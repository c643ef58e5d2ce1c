"""What an event's details tell its reader, as JSON. Never writes."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from crawler.article import LoggedArticle
from crawler.urls import site_of
from monitor.changes.diff import Change
from monitor.store.models import ArticleRow, StoryRow
from monitor.stories.finder import Found

_COUNTS = select(StoryRow.article_count, StoryRow.site_count).where(
    StoryRow.id == bindparam("story_id")
)
_URL = select(ArticleRow.url).where(ArticleRow.id == bindparam("article_id"))


def opening_details(
    connection: Connection, entry: LoggedArticle, found: Found, story_id: int
) -> dict[str, Any]:
    """Of an article that opened or joined a story: where it is, how far the story has spread,
    and which article it is nearest to."""
    counts = connection.execute(_COUNTS, {"story_id": story_id}).one()
    details: dict[str, Any] = {
        "title": entry.article.title,
        "url": entry.article.url,
        "site": site_of(entry.article.url),
        "articles": counts.article_count,
        "sites": counts.site_count,
        "similarity": found.likeness.similarity,
    }
    if found.known is not None:
        details["of_article_id"] = found.known.article_id
        details["of_url"] = connection.scalar(_URL, {"article_id": found.known.article_id})
    return details


def edit_details(
    entry: LoggedArticle, article: Row[Any], number: int, change: Change
) -> dict[str, Any]:
    """Of an edit: what changed, and which revision holds it."""
    return {
        "title": entry.article.title,
        "url": article.url,
        "site": article.site,
        "revision": number,
        "material": change.material,
        "kinds": list(change.kinds),
        "summary": change.summary,
    }
