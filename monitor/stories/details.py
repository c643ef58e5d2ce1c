"""What an event's details tell its reader, as JSON. Pure."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from crawler.article import LoggedArticle
from monitor.changes.diff import Change
from monitor.events import Event
from monitor.stories.arrival import Arrival
from monitor.stories.finder import Found
from seeds.match import Matches


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


def about_both(edit: Event, earlier: Matches) -> Event:
    """An edit told to those as well who watch what the earlier text was about: that a name was
    taken out is what they wait for."""
    platforms = tuple(dict.fromkeys((*edit.details["platforms"], *earlier.platforms)))
    topics = dict(edit.topics)
    for name, severity in earlier.topics.items():
        known = topics.get(name)
        if known is None or severity.rank > known.rank:
            topics[name] = severity
    told = {
        **edit.details,
        "platforms": list(platforms),
        "topics": {name: severity.value for name, severity in topics.items()},
    }
    return replace(edit, platforms=frozenset(platforms), topics=topics, details=told)
