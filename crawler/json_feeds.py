"""Read a JSON Feed (https://www.jsonfeed.org/version/1.1/): bytes to the links of its items."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.links import Link, absolute

_VERSION = "https://jsonfeed.org/version/"


def json_feed(body: bytes) -> Mapping[str, Any] | None:
    """The feed's own object; None when the bytes are no JSON Feed."""
    if not body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    named = isinstance(feed, dict) and str(feed.get("version", "")).startswith(_VERSION)
    return feed if named and isinstance(feed.get("items"), list) else None


def item_links(feed: Mapping[str, Any], base: str, limit: int) -> Iterator[Link]:
    """The items' links, in the feed's order, of at most `limit` items; those without are left out."""
    for item in feed["items"][:limit]:
        if not isinstance(item, dict):
            continue
        for key in ("url", "external_url", "id"):
            url = _address(item.get(key), key, base)
            if url is not None:
                yield Link(url, _updated_at(item), str(item.get("title") or ""))
                break


def _address(given: Any, key: str, base: str) -> str | None:
    """What the key gives, when that is an address: an id may be a number or a word."""
    if not isinstance(given, str) or not given:
        return None
    if key == "id" and not given.startswith(("http://", "https://")):
        return None
    return absolute(given, base)


def _updated_at(item: Mapping[str, Any]) -> datetime | None:
    for key in ("date_modified", "date_published"):
        try:
            time = datetime.fromisoformat(str(item.get(key, "")))
        except ValueError:
            continue
        return time if time.tzinfo else time.replace(tzinfo=UTC)
    return None
