"""Articles that go on over several pages: which page is next, and one article of them all."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import SplitResult, parse_qsl, urlsplit

from crawler.article import Article
from crawler.links import absolute
from crawler.page import Page

# Pages of one article that are read: galleries go on for fifty, at five seconds each.
MOST_PARTS = 10

_WORDS = ("下一页", "下一頁", "下页", "下頁", "后一页", "後一頁")
# In every encoding a page may be in, so that a page need not be decoded to be asked.
_NEXT_WORDS = tuple(
    word.encode(codec, "ignore")
    for codec, words in (("utf-8", _WORDS), ("gb18030", _WORDS), ("big5", _WORDS[1::2]))
    for word in words
)
_NEXT = re.compile(b"|".join(map(re.escape, _NEXT_WORDS)))
_SIGNS = re.compile(
    _NEXT.pattern + rb"""|rel\s*=\s*["']?next|next\s*page|>\s*next""", re.IGNORECASE
)
# Possessive: what is hostile cannot make it try again and again.
_LINK = re.compile(
    rb"""<(?:a|link)\b(?P<before>(?:(?!\bhref\b)[^<>]){0,300}+)\bhref\s*+=\s*+["']?+"""
    rb"""(?P<href>[^"'\s<>]{1,500}+)(?P<after>[^<>]{0,300}+)>(?P<text>.{0,120}?)</?(?:a|link|head|li|div)\b""",
    re.IGNORECASE | re.DOTALL,
)
_REL_NEXT = re.compile(rb"""\brel\s*=\s*["']?[\w\s]*\bnext\b""", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]*>")
_FILE = re.compile(r"(?P<stem>.*?)(?P<ending>\.[a-zA-Z]{3,5})?/?")
_NUMBERED = re.compile(r"(?P<stem>.*)[_-](?P<number>\d{1,2})")
# Never `cpage`, which counts pages of comments.
_NUMBER_KEYS = frozenset(
    ("page", "p", "pn", "pg", "pageno", "page_no", "pagenum", "currentpage", "pageindex")
)
_EDGE = 3  # lines at a later page's ends that may repeat what every page of the article has


def next_part(pages: Sequence[Page]) -> str | None:
    """The address of the page on which the article goes on; None when the last one ends it.

    `pages` are those read so far, in order. The page must link there under a word for "next" or
    the number itself, and the address must be the article's own with the next number: 下一篇 and
    a site's `rel=next` lead to other articles."""
    last = pages[-1]
    if not _has_signs(last.body) or any(page.body == last.body for page in pages[:-1]):
        return None
    wanted = _wanted(pages)
    for link in _LINK.finditer(last.body):
        href = link["href"].decode("ascii", "ignore").replace("&amp;", "&")
        if not any(character.isdigit() for character in href):
            continue
        url = absolute(href, last.url)
        number = part_number(url, pages[0].url) if url else None
        if number in wanted and _leads_on(link, number):
            return url
    return None


def _has_signs(body: bytes) -> bool:
    # The words first: ten times as fast as the pattern, and most pages have none.
    if not any(word in body for word in _NEXT_WORDS) and b"next" not in body.lower():
        return False
    return _SIGNS.search(body) is not None


def part_number(url: str, first: str) -> int | None:
    """Which page of the article at `first` an address is; None when it is not one of its pages.

    /a/1.html goes on as /a/1_2.html, /a/1-2.html, /a/1/2, /a/1/2.html, /a/1.html?page=2."""
    one, other = urlsplit(first), urlsplit(url)
    if one.netloc != other.netloc or url == first:
        return None
    if one.path == other.path:
        return _number_in_query(one, other)
    return _number_in_path(one.path, other.path) if one.query == other.query else None


def _number_in_path(first: str, other: str) -> int | None:
    start, there = _FILE.fullmatch(first), _FILE.fullmatch(other)
    assert start is not None
    assert there is not None  # the pattern fits everything
    stem, ending = start["stem"], start["ending"]
    numbered, own = _NUMBERED.fullmatch(there["stem"]), _NUMBERED.fullmatch(stem)
    if numbered and there["ending"] == ending:
        # /slug-2/ beside /slug/ is another article of that name; a file's is not.
        follows = ending is not None and numbered["stem"] == stem
        if follows or (own and own["number"] in ("0", "1") and numbered["stem"] == own["stem"]):
            return int(numbered["number"])
    folder, _, name = there["stem"].rpartition("/")
    return _small(name) if folder == stem else None


def _number_in_query(one: SplitResult, other: SplitResult) -> int | None:
    before, after = dict(parse_qsl(one.query)), dict(parse_qsl(other.query))
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    if len(changed) != 1 or not changed <= _NUMBER_KEYS:
        return None
    return _small(after.get(changed.pop(), ""))


def _small(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else None


def _wanted(pages: Sequence[Page]) -> tuple[int, ...]:
    """The number of the page to come: most sites call the second page 2, some call it 1."""
    last = part_number(pages[-1].url, pages[0].url) if len(pages) > 1 else None
    return (2, 1) if last is None else (last + 1,)


def _leads_on(link: re.Match[bytes], number: int | None) -> bool:
    text = _TAG.sub(b"", link["text"]).strip()
    return (
        text.strip(b"[]() ") == str(number).encode()
        or _REL_NEXT.search(link["before"] + link["after"]) is not None
        or _NEXT.search(text) is not None
        or text.lower().startswith((b"next", b">", b"&gt;", "»".encode(), b"&raquo;"))
    )


def join(articles: Sequence[Article]) -> Article:
    """One article of those read from its pages, in order, at the address of the first.

    What every page repeats at its top and bottom (title, lead, credits) is kept once."""
    first = articles[0]
    lines, boilerplate = first.body.split("\n"), first.boilerplate.split("\n")
    for article in articles[1:]:
        lines += _new_lines(article.body.split("\n"), frozenset(lines), first.title)
        boilerplate += article.boilerplate.split("\n")
    modified = [article.modified_at for article in articles if article.modified_at]
    dated = next((article for article in articles if article.published_at), first)
    return replace(
        first,
        body="\n".join(lines),
        boilerplate="\n".join(filter(None, dict.fromkeys(boilerplate))),
        author=_first(article.author for article in articles),
        outlet=_first(article.outlet for article in articles),
        published_at=dated.published_at,
        published_precision=dated.published_precision,
        modified_at=max(modified, default=None),
        truncated=any(article.truncated for article in articles),
    )


def _new_lines(part: Sequence[str], known: frozenset[str], title: str) -> Iterator[str]:
    if known.issuperset(part):
        return  # the same page again
    for position, line in enumerate(part):
        at_edge = position < _EDGE or position >= len(part) - _EDGE
        if not (at_edge and (line in known or line == title)):
            yield line


def _first(names: Iterable[str | None]) -> str | None:
    return next((name for name in names if name), None)
