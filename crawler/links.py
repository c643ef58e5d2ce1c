"""Which links lead to articles: pure rules over addresses and the words they stand under."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.urls import HostileUrl, canonical_url
from seeds.models import Source
from seeds.patterns import compile_pattern


@dataclass(frozen=True, slots=True)
class Link:
    """An address found on a feed, sitemap or listing page.

    `updated_at` (aware) is when the site says the article last changed, None when it does not
    say. `text` is what the link stands under: a title, usually."""

    url: str
    updated_at: datetime | None = None
    text: str = ""


class LinkRules:
    """A source's `include` and `exclude` patterns, on RE2: no pattern can hang a crawl."""

    def __init__(self, source: Source) -> None:
        self._include = [compile_pattern(pattern) for pattern in source.include]
        self._exclude = [compile_pattern(pattern) for pattern in source.exclude]

    def admit(self, url: str) -> bool:
        """Whether the article at `url` is wanted: any include (or none declared), no exclude."""
        if self._include and not any(pattern.search(url) for pattern in self._include):
            return False
        return not any(pattern.search(url) for pattern in self._exclude)


def absolute(link: str, base: str) -> str | None:
    """`link` in canonical form, seen from the page `base`; None when it is no http(s) address."""
    try:
        return canonical_url(link, base)
    except HostileUrl:
        return None


def newest_first(links: Sequence[Link]) -> list[Link]:
    """Links with a time, newest first, then the others in their order: what is cut is old."""
    dated = [link for link in links if link.updated_at is not None]
    dated.sort(key=lambda link: link.updated_at.timestamp() if link.updated_at else 0, reverse=True)
    return [*dated, *(link for link in links if link.updated_at is None)]


def without_build_times(links: Sequence[Link]) -> list[Link]:
    """Drop times that tell when the *list* was made: all the same on more than one link.

    Generators that stamp every entry with "now" would have every article fetched every time."""
    times = {link.updated_at for link in links}
    if len(links) < 2 or len(times) != 1:
        return list(links)
    return [Link(link.url, None, link.text) for link in links]
