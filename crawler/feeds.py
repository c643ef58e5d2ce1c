"""Read a feed: RSS, Atom, RDF, CDF or JSON bytes to the links of its entries."""

import calendar
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from crawler.json_feeds import item_links, json_feed
from crawler.links import Link, absolute, without_build_times
from crawler.page import Page


class NotAFeed(Exception):
    """What came is no feed: the source's address is wrong or its site changed."""


def read_feed(page: Page, limit: int) -> list[Link]:
    """The entries' links, in the feed's order, at most `limit`; NotAFeed says what came instead.

    Entries without a usable link are passed over. Ill-formed feeds are read as far as they go.
    A feed that declares entities is refused: no generator does, "billion laughs" does, and
    feedparser, though it does not expand them, spends a second and 100 MB on leaving them out."""
    if _declares_entities(page.body):
        raise NotAFeed(f"{page.url} declares entities; such a feed is not read")
    if (found := json_feed(page.body)) is not None:
        return without_build_times(list(item_links(found, page.url, limit)))
    parsed = feedparser.parse(
        io.BytesIO(page.body),
        response_headers=_headers(page),
        sanitize_html=False,  # only links, titles and times are used
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed(_what_came(page))
    links = [link for entry in parsed.entries[:limit] for link in _entry_links(entry, page.url)]
    return without_build_times(links)


def feed_title(page: Page) -> str:
    """The title a feed gives itself, on one line; empty for what is no feed."""
    if _declares_entities(page.body):
        return ""
    if (found := json_feed(page.body)) is not None:
        return " ".join(str(found.get("title", "")).split())
    parsed = feedparser.parse(io.BytesIO(page.body), response_headers=_headers(page))
    return " ".join(str(parsed.feed.get("title", "")).split())


def _declares_entities(body: bytes) -> bool:
    if b"\x00" in body[:64]:  # UTF-16 or UTF-32
        body = body.replace(b"\x00", b"")
    return b"<!entity" in body.lower()


def _headers(page: Page) -> dict[str, str]:
    headers = {"content-location": page.headers.get("content-location", page.url)}
    if content_type := page.headers.get("content-type"):
        headers["content-type"] = content_type
    return headers


def _what_came(page: Page) -> str:
    start = page.body[:512].lstrip().lower()
    if not page.body.strip():
        came = "an empty answer"
    elif start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        came = "an HTML page"
    elif start.startswith((b"{", b"[")):
        came = "JSON that is no JSON Feed"
    elif b"<channel" in start:
        came = "a channel (CDF) without entries"
    elif start.startswith(b"<"):
        came = "XML that is no feed"
    else:
        came = page.headers.get("content-type") or "something without a content type"
    return f"{page.url} answered {came}, not a feed; correct the source's url or kind"


def _entry_links(entry: dict[str, Any], base: str) -> Iterator[Link]:
    for candidate in _candidates(entry):
        url = absolute(candidate, base)
        if url is not None:
            yield Link(url, _updated_at(entry), str(entry.get("title", "")))
            return


def _candidates(entry: dict[str, Any]) -> Iterator[str]:
    """Addresses an entry may mean, the likeliest first.

    Its link; else a non-enclosure link; else a guid that is an address itself."""
    if link := entry.get("link"):
        yield str(link)
    for link in entry.get("links", ()):
        if link.get("href") and link.get("rel", "alternate") in {"alternate", "related", "self"}:
            yield str(link["href"])
    guid = str(entry.get("id", ""))
    if guid.startswith(("http://", "https://")):
        yield guid


def _updated_at(entry: dict[str, Any]) -> datetime | None:
    """The entry's `updated`, else its `published`; feedparser gives both in UTC."""
    for name in ("updated_parsed", "published_parsed"):
        # dict's own: feedparser's mapping answers `updated` with `published`, and warns.
        if time := dict.get(entry, name):
            try:
                return datetime.fromtimestamp(calendar.timegm(time), UTC)
            except (ValueError, OverflowError, OSError):
                return None
    return None
