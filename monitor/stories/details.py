"""What an event's details tell its reader, as JSON. Pure."""

from typing import Any

from sqlalchemy import Row

from crawler.article import LoggedArticle
from monitor.changes.diff import Change
from monitor.stories.arrival import Arrival
from monitor.stories.finder import Found


def opening_details(arrival: Arrival, found: Found, articles: int, sites: int) -> dict[str, Any]:
    """Of an article that opened or joined a story: where it is, how far the story has spread,
    and which article it is nearest to."""
    details: dict[str, Any] = {
        "title": arrival.entry.article.title,
        "url": arrival.entry.article.url,
        "site": arrival.site,
        "articles": articles,
        "sites": sites,
        "similarity": found.likeness.similarity,
    }
    if found.known is not None:
        details["of_article_id"] = found.known.article_id
        details["of_url"] = found.known.url
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
