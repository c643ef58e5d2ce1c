"""Which links lead to articles: pure rules over addresses and the words they stand under."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from crawler.urls import HostileUrl, canonical_url, site_of
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


def likely_articles(links: Iterable[Link], page_url: str) -> list[Link]:
    """Of all the links on a listing page, those that look like articles of the same site."""
    site = site_of(page_url)
    here = canonical_url(page_url)
    best: dict[str, Link] = {}
    for link in links:
        if link.url == here or not _same_site(link.url, site) or not looks_like_article(link):
            continue
        # The same article often stands under its picture (no text) and under its title.
        if link.url not in best or len(link.text) > len(best[link.url].text):
            best[link.url] = link
    return list(best.values())


def _same_site(url: str, site: str) -> bool:
    try:
        return site_of(url) == site
    except HostileUrl:
        return False


# /2026/11/24/, /202611/24, /2026-11-24, /20261124: a day in the path (or a month at least).
_DATE_PATH = re.compile(r"/(?:19|20)\d\d[/_-]?(?:0[1-9]|1[0-2])(?:[/_-]?(?:0[1-9]|[12]\d|3[01]))?")
# A number of four digits and more in the last part: /news/1234567.html, /a/618_0042.shtml, /p/8f3a12
_ID_PATH = re.compile(r"/[^/]*(?:\d{4,}|(?=[0-9a-f]*\d)[0-9a-f]{8,})[^/]*/?$")
_ID_QUERY = re.compile(
    r"(?:^|&)(?:id|aid|nid|newsid|articleid|article|art|p|tid|docid|sn)=[\w-]{1,}", re.IGNORECASE
)
# Four words and more joined by hyphens: a title made into an address.
_SLUG = re.compile(r"/(?:[^/-]+-){3,}[^/-]+/?$")
_PAGE_FILE = re.compile(r"\.(?:s?html?|aspx?|php|jsp)$", re.IGNORECASE)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|users?|search|page|login|signin|register|about|"
    r"contact|privacy|terms|help|feed|rss|index)(?:[/.?_-]|$)",
    re.IGNORECASE,
)
_ASSETS = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|apk|exe|"
    r"dmg|mp[34]|m4a|avi|mov|flv|woff2?)$",
    re.IGNORECASE,
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

# Titles: 8 Han characters or 4 Latin words and more. Sections and buttons (公司新闻, Read more) are
# shorter; measured by hand on 30 front pages of news sites of this beat.
_TITLE_HAN = 8
_TITLE_WORDS = 4


def looks_like_article(link: Link) -> bool:
    """Whether a link on a front page leads to an article rather than a section or a tool.

    The path decides when it is plain (a date with an id: yes; an asset or a tag page: no), and
    the words under the link when it is not.

    >>> looks_like_article(Link("https://e.com/2026/11/24/1234.html"))
    True
    >>> looks_like_article(Link("https://e.com/tag/2026/1234", text="这是一个长长的标题文字"))
    False
    """
    parts = urlsplit(link.url)
    if _ASSETS.search(parts.path) or _NOT_ARTICLES.search(parts.path):
        return False
    if parts.path in {"", "/"} and not _ID_QUERY.search(parts.query):
        return False
    has_date = bool(_DATE_PATH.search(parts.path))
    has_id = bool(_ID_PATH.search(parts.path) or _ID_QUERY.search(parts.query))
    has_slug = bool(_SLUG.search(parts.path))
    score = 2 * _like_title(link.text) + has_date + has_id + has_slug
    score += bool(_PAGE_FILE.search(parts.path))
    return score >= 2


def _like_title(text: str) -> bool:
    return len(_HAN.findall(text)) >= _TITLE_HAN or len(text.split()) >= _TITLE_WORDS
