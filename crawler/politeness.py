"""Whose turn it is: one connection a site, a delay between requests, and pauses sites ask for.

DOWNLOADER = "crawler.politeness.PoliteDownloader" paces every request, whichever handler
serves it, and notes 429 and 503 with their Retry-After; PolitenessMiddleware, order 620 of
DOWNLOADER_MIDDLEWARES, only turns requests away early. Scrapy's own pacing stays off:
DOWNLOAD_DELAY = 0, CONCURRENT_REQUESTS_PER_DOMAIN = options.connections_per_site.

The state is the process's, not the crawl's: two crawls of one site in one worker take turns."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Self
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.options import CrawlOptions
from crawler.outcomes import SiteThrottled
from crawler.urls import HostileUrl, site_of

# Request.meta key of robots.txt fetches: asked once a day, they take a connection, but neither
# wait out a delay nor start one. A site with `Crawl-delay: 600` would otherwise never get past its robots.txt.
PAUSE_EXEMPT = "lendwatch_robots"
# A pause this short is waited out and the request tried again in the same crawl.
_WAITED_OUT = 120.0
# A Crawl-delay is waited out up to half of crawl_timeout's default; beyond, the next crawl goes on.
_LONGEST_DELAY = 900.0
# 429 or 503 without Retry-After: this many delays, doubled each time (30 s, 60 s, … at 5 s).
_BACK_OFF_DELAYS = 6
_LONGEST_BACK_OFF = 3600.0
# A Retry-After beyond a day is more likely a broken clock than a wish.
_LONGEST_RETRY_AFTER = timedelta(days=1)
_SLICE = 1.0  # how soon a waiting request notices that its crawl was stopped
_MOST_SITES = 20_000


@dataclass(slots=True)
class _Site:
    gate: asyncio.Semaphore
    next_at: float = 0.0
    paused_until: float = 0.0
    asked_delay: float = 0.0  # Crawl-delay
    refusals: int = 0  # 429 and 503 in a row
    inside: int = field(default=0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast one crawl may go: seconds between requests, connections at a time."""

    delay: float
    connections: int

    @classmethod
    def from_options(cls, options: CrawlOptions) -> Self:
        """The pace that the configuration asks for."""
        return cls(options.delay.total_seconds(), options.connections_per_site)


class SiteTurns:
    """Who may talk to which site when. Times are the clock's, in seconds."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._sites: dict[str, _Site] = {}

    @asynccontextmanager
    async def turn(
        self, site: str, pace: Pace, wanted: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[None]:
        """Wait for a connection and for the delay, then hold the connection.

        Raises SiteThrottled when the wait is too long for a crawl, or `wanted` turns False."""
        async with self.connection(site, pace) as state:
            await self._wait(site, state, pace, wanted)
            yield

    @asynccontextmanager
    async def connection(self, site: str, pace: Pace) -> AsyncIterator[_Site]:
        """Hold one of the site's connections, without a delay before or after it."""
        state = self._state(site, pace)
        state.inside += 1
        try:
            async with state.gate:
                yield state
        finally:
            state.inside -= 1

    async def next_request(self, site: str, pace: Pace, wanted: Callable[[], bool]) -> None:
        """Wait out the delay before another request of whoever holds the site's connection.

        Raises SiteThrottled as `turn` does."""
        await self._wait(site, self._state(site, pace), pace, wanted)

    def ask_delay(self, site: str, seconds: float) -> None:
        """A Crawl-delay: of all hosts of a site, the longest counts."""
        state = self._state(site, Pace(0.0, 1))
        state.asked_delay = max(state.asked_delay, seconds)

    def refused(self, site: str, pace: Pace, wait: timedelta | None) -> float:
        """The site answered 429 or 503: pause it. Returns the pause in seconds."""
        state = self._state(site, pace)
        state.refusals += 1
        if wait is None:
            base = _BACK_OFF_DELAYS * max(pace.delay, state.asked_delay)
            seconds = min(base * float(2 ** min(state.refusals - 1, 10)), _LONGEST_BACK_OFF)
        else:
            seconds = wait.total_seconds()
        state.paused_until = max(state.paused_until, self._clock() + seconds)
        return seconds

    def answered(self, site: str) -> None:
        """The site answered anything else: the next refusal starts a new series."""
        if state := self._sites.get(site):
            state.refusals = 0

    def pause(self, site: str) -> float:
        """Seconds until the site wants to hear from us again; 0 when it does already."""
        state = self._sites.get(site)
        return max(0.0, state.paused_until - self._clock()) if state else 0.0

    def check_pause(self, site: str) -> None:
        """Raise SiteThrottled when the site's pause is longer than a crawl waits."""
        if (left := self.pause(site)) > _WAITED_OUT:
            raise SiteThrottled(f"{site} asked for a pause; {left:.0f} s of it are left")

    async def _wait(self, site: str, state: _Site, pace: Pace, wanted: Callable[[], bool]) -> None:
        self.check_pause(site)
        delay = max(pace.delay, state.asked_delay)
        now = self._clock()
        start = max(now, state.next_at)
        if start - now > _LONGEST_DELAY:
            raise SiteThrottled(f"{site} allows the next request in {start - now:.0f} s only")
        state.next_at = start + delay  # booked before sleeping: the next in line counts from here
        while (left := max(start, state.paused_until) - self._clock()) > 0:
            self.check_pause(site)
            if not wanted():
                raise SiteThrottled(f"{site} was not asked: the crawl is being stopped")
            await self._sleep(min(left, _SLICE))

    def _state(self, site: str, pace: Pace) -> _Site:
        state = self._sites.get(site)
        if state is None:
            if len(self._sites) >= _MOST_SITES:
                self._forget_idle()
            state = self._sites[site] = _Site(asyncio.Semaphore(pace.connections))
        return state

    def _forget_idle(self) -> None:
        now = self._clock()
        for site, state in list(self._sites.items()):
            if not state.inside and state.next_at <= now and state.paused_until <= now:
                del self._sites[site]


_OF_LOOP: WeakKeyDictionary[asyncio.AbstractEventLoop, SiteTurns] = WeakKeyDictionary()


def turns() -> SiteTurns:
    """The turns of this process (of its running event loop, of which it has one)."""
    return _OF_LOOP.setdefault(asyncio.get_running_loop(), SiteTurns())


class PoliteDownloader(Downloader):
    """Scrapy's downloader with one slot a site, and a turn taken for each request."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.handlers: Any = _PacedHandlers(self.handlers, crawler)

    def get_slot_key(self, request: Request) -> str:
        """The registrable domain, on each hop anew (Scrapy's own key survives a redirect).

        The scheduler asks before EgressMiddleware does: a hostile URL queues under no site."""
        try:
            return site_of(request.url)
        except HostileUrl:
            return ""


class _PacedHandlers:
    def __init__(self, handlers: DownloadHandlers, crawler: Crawler) -> None:
        self._handlers = handlers
        self._crawler = crawler
        self._pace = Pace.from_options(crawler.settings["LENDWATCH_OPTIONS"])

    async def download_request_async(self, request: Request) -> Response:
        site = site_of(request.url)
        if request.meta.get(PAUSE_EXEMPT):
            async with turns().connection(site, self._pace):
                response: Response = await self._handlers.download_request_async(request)
                self._note(site, response)
                return response
        async with turns().turn(site, self._pace, self._wanted):
            response = await self._handlers.download_request_async(request)
            # Before the turn ends: the next in line must already know of the pause.
            self._note(site, response)
            return response

    def _note(self, site: str, response: Response) -> None:
        if response.status in {429, 503}:
            header = response.headers.get("Retry-After")
            wait = retry_after(header.decode("latin-1"), datetime.now(UTC)) if header else None
            turns().refused(site, self._pace, wait)
        else:
            turns().answered(site)

    def _wanted(self) -> bool:
        return bool(self._crawler.crawling)


class PolitenessMiddleware:
    """Turns requests away while the site's pause is longer than a crawl would wait."""

    async def process_request(self, request: Request) -> None:
        """Raise SiteThrottled before the request queues for nothing."""
        turns().check_pause(site_of(request.url))


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The pause a Retry-After header asks for, in either form; None when it is neither.

    Never negative, never more than a day."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), _LONGEST_RETRY_AFTER)
