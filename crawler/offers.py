"""What a home page offers a watcher: the feeds and lists it names. Pure readers of one page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler.links import absolute
from crawler.listings import links_of, parse
from crawler.urls import HostileUrl, site_of

# The types feeds are announced under; JSON feeds are named, so that their refusal can be told.
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml",
        "text/xml",
    }
)
# /rss/finance.xml, /feed/, ?format=rss, news.rdf: the ways links to feeds are written.
_FEED_ADDRESS = re.compile(
    r"(?:[/._=-](?:rss|atom|feeds?|rdf)(?:[/._?&=-]|$))|\.(?:rss|atom|rdf)$", re.IGNORECASE
)
_FEED_WORDS = re.compile(r"\b(?:rss|atom)\b|订阅|訂閱", re.IGNORECASE)

# Where software puts them when a page does not say: WordPress, Discuz, DedeCMS, Hexo, Hugo …
FEED_PATHS = ("/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml")
SITEMAP_PATHS = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap.txt")

# What the sections of this beat are called, the likeliest first.
_SECTIONS = [
    "互联网金融",
    "互聯網金融",
    "网贷",
    "網貸",
    "借贷",
    "借貸",
    "消费金融",
    "消費金融",
    "信贷",
    "信貸",
    "金融",
    "财经",
    "財經",
    "理财",
    "理財",
    "法治",
    "法制",
    "法律",
    "消费",
    "消費",
    "维权",
    "維權",
    "曝光",
    "社会",
    "社會",
    "最新",
    "即時",
    "即时",
    "滚动",
    "滾動",
    "新闻",
    "新聞",
    "资讯",
    "資訊",
    "要闻",
    "要聞",
    "公告",
    "动态",
    "動態",
    "产业",
    "產業",
]
_LONGEST_SECTION = 8
_ASSET = re.compile(r"\.(?:jpe?g|png|gif|css|js|pdf|zip|apk|exe|mp4)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address worth asking for. `found_by` says in a few words how it was found."""

    kind: str  # feed, sitemap or listing
    url: str
    found_by: str
    title: str = ""


def announced(text: str, page_url: str) -> list[Candidate]:
    """The feeds a page names: in its head (`rel=alternate`), then by links that look like feeds."""
    document = parse(text)
    if document is None:
        return []
    found: dict[str, Candidate] = {}
    for candidate in (*_alternates(document, page_url), *_feed_links(document, page_url)):
        found.setdefault(candidate.url, candidate)
    return list(found.values())


def sections(text: str, page_url: str, most: int) -> list[Candidate]:
    """The sections of a site that its home page links to, those of this beat first."""
    document = parse(text)
    if document is None:
        return []
    ranked: dict[str, tuple[int, Candidate]] = {}
    for link in links_of(document, page_url):
        rank = _rank(link.text)
        if rank is not None and _may_be_section(link.url, page_url) and link.url not in ranked:
            candidate = Candidate("listing", link.url, f"section {link.text}", link.text)
            ranked[link.url] = (rank, candidate)
    # Sorting is stable: of one rank, what stands first on the page comes first.
    return [each for _, each in sorted(ranked.values(), key=lambda pair: pair[0])][:most]


def usual_places(page_url: str, kind: str, paths: Sequence[str]) -> list[Candidate]:
    """The addresses at which software puts feeds or sitemaps."""
    return [Candidate(kind, urljoin(page_url, path), "usual place") for path in paths]


def title_of(text: str) -> str:
    """A page's title, on one line."""
    document = parse(text)
    return " ".join(document.xpath("string(//title[1])").split()) if document is not None else ""


def _alternates(document: Any, page_url: str) -> Iterator[Candidate]:
    for link in document.iter("link"):
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        names = (link.get("rel") or "").lower().split()
        url = absolute(link.get("href") or "", page_url)
        if kind in _FEED_TYPES and "alternate" in names and url is not None:
            yield Candidate("feed", url, "link rel=alternate", link.get("title") or "")


def _feed_links(document: Any, page_url: str) -> Iterator[Candidate]:
    for link in links_of(document, page_url):
        parts = urlsplit(link.url)
        named = _FEED_ADDRESS.search(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if _FEED_WORDS.search(link.text) or named:
            yield Candidate("feed", link.url, "link on the page", link.text)


def _rank(text: str) -> int | None:
    if not 2 <= len(text) <= _LONGEST_SECTION:
        return None
    return next((rank for rank, name in enumerate(_SECTIONS) if name in text), None)


def _may_be_section(url: str, page_url: str) -> bool:
    try:
        own = site_of(url) == site_of(page_url)
    except HostileUrl:
        return False
    path = urlsplit(url).path
    return own and path not in {"", "/"} and not _ASSET.search(path)
