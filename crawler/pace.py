"""How fast a crawl may go, and what a site asks for: what turns are taken by (crawler/turns.py)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Self

from crawler.options import CrawlOptions


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one crawl may go: seconds between requests, connections at a time."""

    delay: float
    connections: int

    @classmethod
    def from_options(cls, options: CrawlOptions) -> Self:
        """The pace that the configuration asks for."""
        return cls(options.delay.total_seconds(), options.connections_per_site)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a site asks for now, in seconds from now: until the next request, until it wants to
    hear from us at all; and how often it refused, or asked for a captcha, in a row."""

    next_in: float
    paused_for: float
    refusals: int
    challenges: int = 0


# Books a start at these places (by each the seconds that it wants between two requests) where other
# processes see it, and tells how long to wait for theirs. The other argument: for robots.txt.
Ledger = Callable[[Mapping[str, float], bool], Awaitable[Standing]]
