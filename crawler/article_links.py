"""Which links on a listing page lead to its articles: pure rules over addresses and titles.

A link alone says little: a section may have a number, a title may be short. The links of a list
share one form of address (/news/society/1180618, /news/society/1180619), so each form is judged
by all its links, and what the form is found to be holds for each of them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.links import Link
from crawler.urls import HostileUrl, canonical_url, site_of

# /2026/11/24/, /202611/24, /2026-11-24, /20261124: a day in the path (or a month at least).
_DATE_PATH = re.compile(r"/(?:19|20)\d\d[/_-]?(?:0[1-9]|1[0-2])(?:[/_-]?(?:0[1-9]|[12]\d|3[01]))?")
_DAY = re.compile(r"(?:19|20)\d\d[_-]?(?:0[1-9]|1[0-2])[_-]?(?:0[1-9]|[12]\d|3[01])?")
# A number of four digits and more (1234567.html, 618_0042.shtml), or the like of 8f3a12d4.
_NUMBER = re.compile(r"\d{4,}|(?=[0-9a-f]*\d)[0-9a-f]{8,}")
_ID_KEY = re.compile(r"(?:id|aid|nid|newsid|articleid|article|art|p|tid|docid|sn)$", re.IGNORECASE)
# Four words and more joined by hyphens, or words of other scripts: a title made into an address.
_SLUG = re.compile(r"(?:[^-]+-){3,}[^-]+")
_PAGE_FILE = re.compile(r"\.(?:s?html?|aspx?|php|jsp)$", re.IGNORECASE)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|categor(?:y|ies)|authors?|users?|search|page|login|signin|register|about|"
    r"contact|privacy|terms|help|feed|rss|index)(?:[/.?_-]|$)",
    re.IGNORECASE,
)
# NewsOtherList.aspx, bloglist/forum/3: lists (and players), unless an article of a day stands there.
_LIST = re.compile(r"/(?:[a-z_-]*list|topics?|videos?)(?:[/.?_-]|$)", re.IGNORECASE)
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
# A form of address is that of articles when half of its links stand under titles …
_TITLED = 0.5
# … and, without a number or a date in it, when this many do: /about/us.html has a long text, too.
_SIBLINGS = 3
# Beside this many links of one kind, a single link of another is a promotion, not the list;
# beside hundreds, so is one link in fifty.
_LONG_LIST = 30
_RARE = 50
# Longer values in a query are where an advertisement leads, or who is asking.
_LONGEST_NUMBER = 64
# The same number of so many digits under two forms of address is one article, shown twice.
_SAME_NUMBER = 7


@dataclass(frozen=True, slots=True)
class _Address:
    """What an address shows. `form` is what it shares with those of its kind, `shape` the same
    without the sections' names, `root` its beginning; `number` tells it from them, and is empty
    when nothing does."""

    root: str
    form: str
    shape: str
    number: str
    dated: bool
    slug: bool
    file: bool

    @property
    def is_plain(self) -> bool:
        """Whether it can be no section's."""
        return self.dated and bool(self.number)


def likely_articles(links: Iterable[Link], page_url: str) -> list[Link]:
    """Of all the links on a listing page, those that look like articles of the same site.

    In the page's order, each address once, under the longest text that links to it."""
    best = _candidates(links, page_url)
    address = {url: _read(url) for url in best}
    forms: dict[str, list[bool]] = defaultdict(list)
    for url, link in best.items():
        forms[address[url].form].append(is_title(link.text))
    titled = {form: (sum(each), len(each)) for form, each in forms.items()}
    found = [
        url
        for url, link in best.items()
        if _is_article(link, address[url], *titled[address[url].form])
    ]
    found = _without_promotions(found, address)
    return [best[url] for url in _shown_once(found, best, address)]


def is_title(text: str) -> bool:
    """Whether a link's text is as long as a title."""
    return len(_HAN.findall(text)) >= _TITLE_HAN or len(text.split()) >= _TITLE_WORDS


def _candidates(links: Iterable[Link], page_url: str) -> dict[str, Link]:
    site = site_of(page_url)
    here = canonical_url(page_url)
    best: dict[str, Link] = {}
    for link in links:
        if link.url == here or _is_tool(link.url) or not _same_site(link.url, site):
            continue
        # The same article often stands under its picture (no text) and under its title.
        if link.url not in best or len(link.text) > len(best[link.url].text):
            best[link.url] = link
    return best


def _same_site(url: str, site: str) -> bool:
    try:
        return site_of(url) == site
    except HostileUrl:
        return False


def _is_tool(url: str) -> bool:
    parts = urlsplit(url)
    if parts.path in {"", "/"} and not any(_ID_KEY.match(key) for key, _ in parse_qsl(parts.query)):
        return True
    if _LIST.search(parts.path) and not _DATE_PATH.search(parts.path):
        return True
    return bool(_ASSETS.search(parts.path) or _NOT_ARTICLES.search(parts.path))


def _read(url: str) -> _Address:
    parts = urlsplit(url)
    segments = [unquote(each) for each in parts.path.split("/")[1:] if each]
    number, place = "", len(segments)
    for index, segment in enumerate(segments):
        name = _PAGE_FILE.sub("", segment)
        counted = name.isdigit() and index == len(segments) - 1  # /article/7.html
        if (counted or _NUMBER.search(segment)) and not _DAY.fullmatch(name):
            number, place = segment, index
    query = ""
    if not number:
        number, query = _in_query(parts.query)
    # Behind its number, an address may hold a title: that is no part of its form.
    head = segments[: place + 1]
    slug = any(_SLUG.fullmatch(each) or not each.isascii() for each in segments[-1:])
    kinds = [_kind(each) for each in head]
    last = head[-1] if query and head else ""
    shape = "/".join("w" if kind == each else kind for kind, each in zip(kinds, head, strict=True))
    host = parts.netloc
    return _Address(
        root=f"{host}/{''.join(kinds[:1])}",
        form=f"{host}/{'/'.join(kinds)}?{query}",
        shape=f"{host}/{shape}?{last}{query}",
        number=number,
        dated=bool(_DATE_PATH.search(parts.path)),
        slug=slug,
        file=bool(_PAGE_FILE.search(parts.path)),
    )


def _in_query(query: str) -> tuple[str, str]:
    """The value that tells the article, and the key it stands under."""
    pairs = parse_qsl(query)
    for key, value in pairs:
        if _ID_KEY.match(key):
            return value, key
    for key, value in pairs:
        if len(value) <= _LONGEST_NUMBER and _NUMBER.search(value) and not _DAY.fullmatch(value):
            return value, key
    return "", ""


def _kind(segment: str) -> str:
    """A segment of a path with all that differs from article to article taken out."""
    name = _PAGE_FILE.sub("", segment)
    tail = segment[len(name) :]
    if _NUMBER.search(name) or name.isdigit():
        return f"9{tail}"
    if _SLUG.fullmatch(name) or not name.isascii():
        return f"s{tail}"
    return segment


def _is_article(link: Link, address: _Address, titled: int, siblings: int) -> bool:
    """By the titles that so many of its form's links have; by its own address when it is plain."""
    is_titled = titled >= _TITLED * siblings
    if address.is_plain:
        return is_titled or not link.text or is_title(link.text)
    if address.number or address.slug:
        return is_titled and titled > 0
    return titled >= _SIBLINGS and is_titled and is_title(link.text)


def _without_promotions(found: Sequence[str], address: dict[str, _Address]) -> list[str]:
    shapes = Counter(address[url].shape for url in found)
    longest = max(shapes.values(), default=0)
    if longest < _LONG_LIST:
        return list(found)
    return [url for url in found if shapes[address[url].shape] > max(1, longest // _RARE)]


def _shown_once(
    found: Sequence[str], best: dict[str, Link], address: dict[str, _Address]
) -> list[str]:
    """Leave out an article's second address: the one under the root of fewer links."""
    roots = Counter(address[url].root for url in found)
    first: dict[str, str] = {}
    for url in sorted(found, key=lambda each: -roots[address[each].root]):
        number = address[url].number
        if len(number) >= _SAME_NUMBER:
            first.setdefault(number, url)
    kept = []
    for url in found:
        other = first.get(address[url].number, url)
        same = address[other].root == address[url].root
        if same or not _same_title(best[url].text, best[other].text):
            kept.append(url)
    return kept


def _same_title(one: str, other: str) -> bool:
    """Whether two texts begin alike, or one of them is missing (a picture)."""
    return not one or not other or one[:4] == other[:4]
