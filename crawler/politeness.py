"""Scrapy's side of taking turns: every request waits for its site's and its address's.

DOWNLOADER = "crawler.politeness.PoliteDownloader" paces every request, whichever handler
serves it, and notes 429 and 503 with their Retry-After; PolitenessMiddleware, order 90 of
DOWNLOADER_MIDDLEWARES, only turns requests away early. Scrapy's own pacing stays off:
DOWNLOAD_DELAY = 0, CONCURRENT_REQUESTS_PER_DOMAIN = options.connections_per_site."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cached_property
from inspect import isawaitable
from typing import Any, cast

from scrapy import Request
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import DownloadHandlers
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.challenges import is_challenge_answer
from crawler.egress import is_public
from crawler.guestbook import GuestBook
from crawler.lookup import lookups
from crawler.options import CrawlOptions
from crawler.pace import Pace
from crawler.turns import IN_VIEW, PAUSE_EXEMPT, SiteTurns, places_of, turns
from crawler.urls import HostileUrl, site_of, split_url
from crawler.waits import retry_after

# The delay begins when an answer has come, and was booked before it did: written down anew when it
# took longer than this.
_BOOKED_SECONDS = 0.5
_ANSWERS = (Response, Request)


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

    async def fetch_past_queue(self, request: Request) -> Response:
        """The answer to a request that has waited its turn elsewhere, and its redirects' answer.

        All middlewares, the turns and the client as for any other; left out are Scrapy's own queue
        of a slot, which holds nothing back that the turns do not, and the signals of its ways."""
        while True:
            self.active.add(request)
            try:
                found = await self._through_middlewares(request)
            finally:
                self.active.remove(request)
            if isinstance(found, Response):
                found.request = found.request or request
                return found
            request = found

    async def _through_middlewares(self, request: Request) -> Response | Request:
        """As DownloaderMiddlewareManager.download_async; it makes a coroutine of every middleware's
        every answer, of which most are nothing (measured: a twentieth of a look)."""
        chain: Any = self.middleware
        try:
            found = await self._asked(request, chain.methods["process_request"])
        except Exception as error:  # noqa: BLE001  # a middleware's to answer, or it is raised again
            found = await chain._process_exception(error, request)  # noqa: SLF001
        for method in () if isinstance(found, Request) else chain.methods["process_response"]:
            answer = method(request=request, response=found)
            found = answer if isinstance(answer, _ANSWERS) else await answer
            if isinstance(found, Request):
                break
        return found

    async def _asked(self, request: Request, methods: Iterable[Any]) -> Response | Request:
        for method in methods:
            found = method(request=request)
            if found is not None and isawaitable(found):
                found = await found
            if found is not None:
                return cast("Response | Request", found)
        response: Response = await self.handlers.download_request_async(request)
        return response


class _PacedHandlers:
    def __init__(self, handlers: DownloadHandlers, crawler: Crawler) -> None:
        self._handlers = handlers
        self._crawler = crawler
        options: CrawlOptions = crawler.settings["LENDWATCH_OPTIONS"]
        self._pace = Pace.from_options(options)
        self._patience = options.timeout.total_seconds()
        self._book = crawler.get_extension(GuestBook)

    async def download_request_async(self, request: Request) -> Response:
        site = site_of(request.url)
        if request.meta.get(IN_VIEW):
            return await self._ask(request, site, None)
        addresses = await addresses_of(request.url, self._patience)
        # Made before the turn, which is booked as it begins: else the first request goes out late, and
        # the next one, of another process, comes too soon after it.
        self._handlers._get_handler(split_url(request.url).scheme)  # noqa: SLF001
        began = time.monotonic()
        turn = self._turns.turn(
            site,
            self._pace,
            self._wanted,
            addresses=addresses,
            rules=bool(request.meta.get(PAUSE_EXEMPT)),
            ledger=None if self._book is None else self._book.book,
        )
        try:
            async with turn as gap:
                began = time.monotonic()
                return await self._ask(request, site, gap)
        finally:
            if self._book is not None and time.monotonic() - began >= _BOOKED_SECONDS:
                await self._book.rested([site, *places_of(addresses)])

    async def _ask(self, request: Request, site: str, gap: float | None) -> Response:
        if self._book is not None:
            self._book.sent(site, gap)
        response: Response = await self._handlers.download_request_async(request)
        # Before the turn ends: the next in line must already know of the pause.
        await self._note(site, response)
        return response

    async def _note(self, site: str, response: Response) -> None:
        challenge = is_challenge_answer(response.status, response.headers, response.body)
        if challenge:
            self._turns.challenged(site, self._pace)
        elif response.status in {429, 503}:
            header = response.headers.get("Retry-After")
            wait = retry_after(header.decode("latin-1"), datetime.now(UTC)) if header else None
            self._turns.refused(site, self._pace, wait)
        else:
            self._turns.answered(site)
            return
        if self._book is not None:
            await self._book.refused(site, response.status, challenge=challenge)

    @cached_property
    def _turns(self) -> SiteTurns:
        return turns()  # of the loop that runs when the first request comes

    def _wanted(self) -> bool:
        return bool(self._crawler.crawling)


class PolitenessMiddleware:
    """Turns requests away while the site's pause is longer than a crawl would wait."""

    def process_request(self, request: Request) -> None:
        """Raise SiteThrottled before the request queues for nothing, or asks for robots.txt."""
        turns().check_pause(site_of(request.url))


async def note_challenge(crawler: Crawler, url: str) -> None:
    """A page that answered 200 asks for a proof of being human: leave its site alone for a while."""
    site = site_of(url)
    turns().challenged(site, Pace.from_options(crawler.settings["LENDWATCH_OPTIONS"]))
    if (book := crawler.get_extension(GuestBook)) is not None:
        await book.refused(site, 200, challenge=True)


async def addresses_of(url: str, patience: float) -> list[str]:
    """The addresses a request may go to, as places to take turns at.

    An address that is not public stands for one port: a machine of the operator's own serves
    many sites, and its owner opened it. None when the look-up fails: the fetch says so itself."""
    parts = split_url(url)
    if parts.literal:
        found = [parts.host]
    else:
        try:
            async with asyncio.timeout(patience):
                answer = await lookups().addresses(parts.host, parts.port)
        except (OSError, UnicodeError, TimeoutError):
            return []
        found = [each["host"] for each in answer]
    return [each if is_public(each) else f"{each} port {parts.port}" for each in found]
