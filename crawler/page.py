"""A page: one fetch result, before anything is read out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Bytes as served (content encoding undone), with what is needed to read them.

    `headers` has lower-case names. `fetched_at` is aware UTC. `url` is where the redirects
    ended, `requested_url` where they began. `rendered` marks a browser's DOM, always UTF-8.
    `robots_tags` are the header lines X-Robots-Tag, each by itself: joined they would mean
    something else."""

    url: str
    requested_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    rendered: bool = False
    robots_tags: tuple[str, ...] = ()
