"""A page: one fetch result, before anything is read out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

HeaderLines = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """One exchange as it crossed the network: what was asked and what was answered, in bytes.

    Headers keep their order and case. `body` is as transferred: content encoding on, chunks
    joined. `address` is the IP address that answered."""

    request_line: bytes
    request_headers: HeaderLines
    status_line: bytes
    headers: HeaderLines
    address: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as served (content encoding undone), with what is needed to read them.

    `headers` has lower-case names. `fetched_at` is aware UTC. `url` is where the redirects
    ended, `requested_url` where they began. `rendered` marks a browser's DOM, always UTF-8.
    `robots_tags` are the header lines X-Robots-Tag, each by itself: joined they would mean
    something else. `wire` is there when the page may become evidence: of a rendered one, how
    the document came that the browser was given. `picture` is a PNG of what the browser showed."""

    url: str
    requested_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    rendered: bool = False
    robots_tags: tuple[str, ...] = ()
    wire: Wire | None = None
    picture: bytes = b""
