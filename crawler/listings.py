"""Read a listing page: HTML text to the links of its articles and to its next page."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cssselect import SelectorError
from lxml import etree, html
from parsel.csstranslator import HTMLTranslator

from crawler.article_links import likely_articles
from crawler.extract.floods import first_tags, without_floods
from crawler.links import Link, absolute
from seeds.models import Selectors
from seeds.selectors import is_xpath


class EmptyListing(Exception):
    """A listing page without a link to an article: its layout changed, or it was no listing."""


class BadSelector(Exception):
    """A selector of the source cannot be evaluated: fix the source."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page shows. `next_url` is None on the last page."""

    articles: tuple[Link, ...]
    next_url: str | None = None


def read_listing(text: str, page_url: str, selectors: Selectors) -> Listing:
    """Read decoded HTML. With `selectors.links`, exactly what it selects, on any site.

    Without it, the links that look like articles of the same site (see `likely_articles`)."""
    document = parse(text)
    if document is None:
        return Listing(())
    base = base_of(document, page_url)
    if selectors.links:
        found = [link_of(node, base) for node in select(document, selectors.links)]
        articles = list({link.url: link for link in found if link is not None}.values())
    else:
        articles = likely_articles(links_of(document, page_url), page_url)
    return Listing(tuple(articles), _next_url(document, base, page_url, selectors.next))


def links_of(document: Any, page_url: str) -> list[Link]:
    """All links on a page, in its order; the entries of a feed that follows it come last."""
    base = base_of(document, page_url)
    found = [link_of(node, base) for node in document.iter("a")]
    if found:  # a feed alone is no page: its source is declared as the wrong kind
        found += [_entry_link(node, base) for node in document.iter("item")]
    return [link for link in found if link is not None]


def select(document: Any, selector: str) -> list[Any]:
    """The nodes (or strings) that a CSS or XPath 1.0 selector finds.

    XPath runs without extension functions: `re:test` would bring patterns that can hang."""
    try:
        found = _compiled(selector)(document)
    except etree.XPathError as error:
        raise _bad(selector, error) from error
    return found if isinstance(found, list) else [found]


@lru_cache(maxsize=256)
def _compiled(selector: str) -> Any:
    try:
        path = selector if is_xpath(selector) else HTMLTranslator().css_to_xpath(selector)
        return etree.XPath(path, regexp=False, smart_strings=False)
    except (SelectorError, etree.XPathError) as error:
        raise _bad(selector, error) from error


def _bad(selector: str, error: Exception) -> BadSelector:
    return BadSelector(f"selector {selector!r}: {error}; write CSS or XPath 1.0")


def parse(text: str) -> Any | None:
    """The tree of a decoded page; None when there is nothing on it."""
    # lxml refuses str with an encoding declaration, and NUL; bytes avoid both.
    body = without_floods(first_tags(text)).encode("utf-8", "replace")
    # `huge_tree` moves the silent depth limit from 254 to 2,048 levels.
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        document = html.document_fromstring(body, parser=parser)
    except etree.ParserError:
        return None  # nothing but white space or comments
    # Pages that include whole pages: libxml2 leaves those beside the first, where no path reaches.
    for further in list(document.itersiblings("html")):
        document.append(further)
    return document


def base_of(document: Any, page_url: str) -> str:
    """What the page's links are relative to."""
    href = document.xpath("string(//base/@href)").strip()
    return (absolute(href, page_url) or page_url) if href else page_url


def link_of(node: Any, base: str) -> Link | None:
    """A link from a selected `a`, from the first `a` inside another element, or from a string."""
    if isinstance(node, str):
        href, text = node, ""
    else:
        anchor = node if node.get("href") is not None else next(node.iter("a"), None)
        if anchor is None or anchor.get("href") is None:
            return None
        href, text = anchor.get("href"), " ".join(_words(anchor)) or anchor.get("title", "")
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    url = absolute(href, base)
    return Link(url, None, text) if url is not None else None


def _entry_link(item: Any, base: str) -> Link | None:
    """The link of a feed's entry on a page: some sites send their feed behind the page.

    To a reader of HTML `<link>` is empty, and its address the text that follows."""
    link = item.find("link")
    url = absolute((link.tail or "").strip(), base) if link is not None else None
    return Link(url, None, " ".join(_words(item.find("title")))) if url is not None else None


def _words(node: Any | None) -> Iterator[str]:
    for text in node.itertext() if node is not None else ():
        yield from text.split()


def _next_url(document: Any, base: str, page_url: str, selector: str | None) -> str | None:
    """The next page by the source's selector, else by `rel=next`; never the page itself."""
    path = selector or '//*[(self::a or self::link) and @rel="next"]'
    for node in select(document, path):
        link = link_of(node, base)
        if link is not None and link.url != absolute(page_url, page_url):
            return link.url
    return None
