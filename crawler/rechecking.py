"""Whether a fetch shows a known article for sure, and what to ask its site for when not. Pure.

Whether an article is gone is not judged here: the look log gets what it takes to."""

import hashlib
from urllib.parse import SplitResult, urlsplit

from crawler.items import Reading
from crawler.log.looks import Role
from crawler.log.seen import KEPT, SKIPPED
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.urls import canonical_url
from seeds.models import Source

# Characters of an article that may be a notice in its place: those are a line or two and a menu.
# Where it is short indeed, its site is asked twice more in that crawl.
SHORT = 400

# What a place is to an article, and its address.
Place = tuple[Role, str]

_ABSENT = frozenset({Outcome.NOT_FOUND, Outcome.GONE})
# Endings in which something else may stand there than the article.
_DOUBTFUL = _ABSENT | {Outcome.LAYOUT, Outcome.NOINDEX}
_LEGAL_REASONS = 451


def leads_home(reading: Reading) -> bool:
    """Whether the article's address leads to a front page, which is another one."""
    page = reading.page
    return page is not None and is_elsewhere(reading.url, page) and _is_front(page.url)


def is_doubtful(reading: Reading) -> bool:
    """Whether a fetch of a known article's address does not show the article for sure."""
    page = reading.page or reading.answer
    if reading.outcome in _DOUBTFUL or (page is not None and page.status == _LEGAL_REASONS):
        return True
    if reading.outcome not in (KEPT, SKIPPED) or page is None:
        return False
    short = reading.article is not None and len(reading.article.body) < SHORT
    return short or is_elsewhere(reading.url, page)


def says_nothing_of_source(reading: Reading, source: Source) -> bool:
    """Whether a fetch tells how an article is doing, and not whether its source works."""
    gone = reading.known and reading.outcome in _ABSENT
    return reading.recheck or (gone and source.kind != "page")


def places_to_compare(url: str, crawl_id: str) -> list[Place]:
    """The site's front page (unless it is the article), and an address beside the article's at
    which nothing can be.

    Made up anew for each crawl: what answers there must not come from a cache.

    >>> places_to_compare("https://e.com/a/1.html", "x")[1][1]
    'https://e.com/a/2d711642b726b044.html'
    """
    name = hashlib.sha256(crawl_id.encode()).hexdigest()[:16]
    parts = urlsplit(url)
    home = parts._replace(path="/", query="", fragment="").geturl()
    found: list[Place] = [("home", home), ("nowhere", _made_up(parts, name).geturl())]
    return [place for place in found if place[1] != url]


def _made_up(parts: SplitResult, name: str) -> SplitResult:
    if parts.query:  # the article is named in it: by its last value, mostly
        key, equals, _ = parts.query.rpartition("=")
        return parts._replace(query=f"{key}{equals}{name}")
    folder, _, last = parts.path.rstrip("/").rpartition("/")
    ending = "/" if parts.path.endswith("/") else _extension(last)
    return parts._replace(path=f"{folder}/{name}{ending}")


def _extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return f"{dot}{extension}" if stem and extension.isalnum() and len(extension) <= 5 else ""


def is_elsewhere(url: str, page: Page) -> bool:
    """Whether redirects led to another page; a change of scheme, of `www.` or of a slash is none."""
    return url != page.url and _plain(url) != _plain(page.url)


def _plain(url: str) -> tuple[str, str, str]:
    parts = urlsplit(canonical_url(url))
    return parts.netloc.removeprefix("www."), parts.path.rstrip("/"), parts.query


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
