"""What a page asks of robots that have read it: noindex, noarchive, nofollow. Pure.

In `<meta name="robots">` and the header `X-Robots-Tag`, for all or for us by name
(developers.google.com/search/docs/crawling-indexing/robots-meta-tag); what forbids most counts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.page import Page

# Directives that carry a value after a colon: their names are no robots' names.
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_MEANS = {
    "noindex": {"noindex"},
    "nofollow": {"nofollow"},
    "noarchive": {"noarchive"},
    "nocache": {"noarchive"},  # Bing's name for it
    "none": {"noindex", "nofollow"},
}
# A head is a few kilobytes; scripts in front of the tag have made some longer.
_HEAD_BYTES = 256 * 1024
_BODY = re.compile(rb"<body\b", re.IGNORECASE)
_HIDDEN = re.compile(
    rb"<!--.*?-->|<(script|style|noscript)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_META = re.compile(rb"<meta\b([^>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directives:
    """What one page forbids: to keep it as found, to keep its bytes, to follow its links."""

    noindex: bool = False
    noarchive: bool = False
    nofollow: bool = False


def directives_of(page: Page, agent: str) -> Directives:
    """What `page` asks of the robot whose product token is `agent`, when it was fetched."""
    asked = [*page.robots_tags, *_metas(page.body, agent.lower())]
    found: set[str] = set()
    for text in asked:
        found |= _forbidden(text, agent.lower(), page.fetched_at)
    return Directives(*(name in found for name in ("noindex", "noarchive", "nofollow")))


def _metas(body: bytes, agent: str) -> Iterator[str]:
    """The contents of the head's robots tags that are for us."""
    if b"robots" not in (head := _head(body)) and agent.encode() not in head:
        return
    for tag in _META.findall(_HIDDEN.sub(b"", head)):
        values = {
            name.lower(): (double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(tag)
        }
        if values.get(b"name", b"").strip().lower().decode("latin-1") in {"robots", agent}:
            yield values.get(b"content", b"").decode("latin-1")


def _head(body: bytes) -> bytes:
    head = body[:_HEAD_BYTES]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16: every other byte of a tag is zero
        head = head[2:].replace(b"\x00", b"")
    end = _BODY.search(head)
    return (head[: end.start()] if end else head).lower()


def _forbidden(text: str, agent: str, now: datetime) -> set[str]:
    """What one tag or header line forbids `agent`; a name before a colon says whom it is for."""
    found: set[str] = set()
    ours = True
    words = text.lower().split(",")
    for number, word in enumerate(words):
        name, colon, value = (part.strip() for part in word.partition(":"))
        if colon and name not in _VALUED:
            ours = name in {agent, "*", "robots"}
            name, colon, value = (part.strip() for part in value.partition(":"))
        if not ours:
            continue
        found |= _MEANS.get(name, set())
        # "Wednesday, 25-Aug-2010 …" has a comma of its own.
        if name == "unavailable_after" and _is_past((value, *words[number + 1 :][:1]), now):
            found |= _MEANS["noindex"]
    return found


def _is_past(parts: tuple[str, ...], now: datetime) -> bool:
    for text in (parts[0], ",".join(parts)):
        for read in (datetime.fromisoformat, parsedate_to_datetime):
            try:
                time = read(text.strip())
            except ValueError:
                continue
            return (time if time.tzinfo else time.replace(tzinfo=UTC)) <= now
    return False
