"""What a page in the browser may ask for: every request it makes passes here first.

The document itself is handed to it as our own client fetched it: asked of robots, paced, bounded and
with every redirect seen. Redirects of what a page asks for are seen by crawler/page_wire.py, and
judged here. Where the connection then goes is the proxy's to check (crawler/proxy.py); sockets are
seen only there.

What one view of a page consists of comes together, as to any visitor: the delay lies between pages.
In return a view has an end (so many requests, so many bytes), and what its scripts ask the site for
is asked of robots.txt as if we had asked."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any
from weakref import WeakSet

import structlog
from playwright.async_api import BrowserContext, Frame, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as BrowserPage
from playwright.async_api import Request as BrowserRequest
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.credentials import origin_of
from crawler.egress import allowed_networks, check_url
from crawler.guestbook import GuestBook
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome, TooManyRedirects
from crawler.pace import Pace
from crawler.page_wire import NO_SHARED_WORKERS, Hop, PageWire
from crawler.robots import RobotsMiddleware
from crawler.turns import turns
from crawler.urls import site_of

log = structlog.get_logger(__name__)

# Of a site's other hosts. Their scripts and styles are what the page consists of, these are
# addresses that a crawler could have asked for itself. Of the page's own host, all is asked.
_ASKED_OF_ROBOTS = frozenset({"document", "eventsource", "fetch", "xhr"})
# What a page may still show after it was stopped, or kept from leading away (scripts of
# advertisers try to).
ENDED_SECONDS = 2.0
# Said about the bytes on the wire, which the browser does not get.
_OF_THE_WIRE = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
_GATED: WeakSet[BrowserContext] = WeakSet()


class LedAway(FetchRefused):
    """A script of the page leads to another site, which no link of the source's did."""

    outcome = Outcome.REDIRECTS


class Unjudged(FetchRefused):
    """Whether a request of the page may go out could not be told: a mistake of ours."""

    outcome = Outcome.CRASH


class PageGate:
    """Lets one page's requests pass or not; `url` is where it is, `refusal` what it wanted."""

    def __init__(self, document: Response, crawler: Crawler, blocked: frozenset[str]) -> None:
        self._document = document
        self._crawler = crawler
        self._blocked = blocked
        self._options: CrawlOptions = crawler.settings["LENDWATCH_OPTIONS"]
        self._allow = allowed_networks(self._options)
        self.site = site_of(document.url)
        self._asked = 0  # the document too
        self._bytes = 0
        self._wire: PageWire | None = None
        self._asking = asyncio.Lock()
        self.requests = 0  # let out
        self.cut_by = ""  # the limit of a view that was reached
        self._navigations = 0
        self.is_served = False  # whether the page has asked for its document
        self._leaving = False  # whether a script's navigation is under way
        self.url = document.url
        self.refusal: FetchRefused | None = None
        self._ended = asyncio.Event()
        self._ending: asyncio.Task[None] | None = None

    async def watch(self, page: BrowserPage) -> None:
        """Stand between `page` and the network; call it before the page goes anywhere.

        Windows that it opens get nothing at all. Dialogs are dismissed by Playwright itself."""
        page.on("popup", _close)
        page.on("framenavigated", self._note_place)
        await page.route("**", self._route)
        session = await page.context.new_cdp_session(page)
        self._wire = PageWire(session, self._weigh, self._follows)
        await self._wire.open()
        if page.context not in _GATED:
            _GATED.add(page.context)
            await page.context.add_init_script(NO_SHARED_WORKERS)
            await page.context.route("**", _refuse)  # asked last: for windows that no gate watches

    async def unless_ended(self, waiting: Coroutine[Any, Any, object]) -> None:
        """Wait for something of the page; not for ever once it was kept from going on.

        Chromium then waits for the place that it does not get to, and keeps the page it has."""
        tasks = [asyncio.create_task(each) for each in (waiting, self._stands_ended())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[0].done():
                tasks[0].result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stands_ended(self) -> None:
        await self._ended.wait()
        await asyncio.sleep(ENDED_SECONDS)

    async def check_place(self) -> None:
        """Raise when the page has ended where it may not be read: redirects are seen only here."""
        if site_of(self.url) != self.site:
            raise LedAway(f"{self._document.url} leads by script to another site: {self.url[:200]}")
        if self.url != self._document.url:
            await self._ask_robots(self.url)

    def _note_place(self, frame: Frame) -> None:
        """The page is somewhere else; what a script writes into the address bar does not count."""
        if frame.parent_frame is None and self._leaving and frame.url.startswith("http"):
            self._leaving = False
            self.url = frame.url

    async def _route(self, route: Route) -> None:
        self._asked += 1
        try:
            if self._asked == 1 and _is_navigation(route.request):
                self.is_served = True
                await route.fulfill(
                    status=self._document.status,
                    headers=_headers(self._document),
                    body=self._document.body,
                )
                return
            asked = route.request
            is_page = _is_navigation(asked)
            if await self._lets_out(asked.url, asked.resource_type, is_page=is_page):
                await route.continue_()
            else:
                await _abort(route)
        except PlaywrightError:
            return  # the page went away meanwhile

    async def _lets_out(self, url: str, kind: str, *, is_page: bool) -> bool:
        """Whether the request may go out; not either when judging it fails, or the page would wait
        for it as long as pages may."""
        judging = self._judge(url, kind, is_page=is_page)
        (failure,) = await asyncio.gather(judging, return_exceptions=True)
        if failure is not None and not isinstance(failure, FetchRefused):
            log.error("page.unjudged", url=url[:200], exc_info=failure)
            self._give_up(Unjudged(f"{url[:200]} could not be judged: {failure}"))
        return failure is None

    async def _judge(self, url: str, kind: str, *, is_page: bool) -> None:
        """Return when the request may go out; raises why it may not."""
        if kind in self._blocked or self.cut_by:
            raise FetchRefused(f"{url[:200]} is not read")
        if self.requests >= self._options.view_requests:
            self._cut(f"view_requests {self._options.view_requests}")
            raise FetchRefused(f"{url[:200]} is one request too many")
        if url.startswith(("http:", "https:")) and not origin_of(url):
            # Too long for one: robots.txt can't be asked of it, and HTTPS hides it from the proxy.
            raise FetchRefused(f"{url[:200]} is no address that can be judged")
        if is_page:
            try:
                await self._judge_navigation(url)
            except FetchRefused as refusal:
                self._give_up(refusal)
                raise
            self._leaving = True
        elif self._is_asked_of_robots(url, kind):
            await self._ask_robots(url)
        self.requests += 1

    async def _follows(self, hop: Hop) -> bool:
        return await self._lets_out(hop.url, hop.kind, is_page=hop.is_page)

    def _give_up(self, refusal: FetchRefused) -> None:
        """The page is kept from something that it needs: it is read as it stands."""
        self.refusal = refusal
        self._ended.set()

    def _is_asked_of_robots(self, url: str, kind: str) -> bool:
        if origin_of(url) == origin_of(self._document.url):
            return True
        if kind not in _ASKED_OF_ROBOTS or not url.startswith("http"):
            return False
        try:
            check_url(url, self._allow)
        except FetchRefused:
            return False  # the proxy says so, and remembers it
        return site_of(url) == self.site

    def _weigh(self, received: int) -> None:
        self._bytes += received
        if self._bytes > self._options.view_bytes and not self.cut_by:
            self._cut(f"view_bytes {self._options.view_bytes}")
            self._ending = asyncio.get_running_loop().create_task(self._end_answers())

    def _cut(self, limit: str) -> None:
        self.cut_by = limit
        log.warning("page.cut", url=self._document.url, limit=limit)

    async def _end_answers(self) -> None:
        """No more of what is under way (to be offline would let it go on). The page keeps what it
        has; what is waited for of it may never come now."""
        assert self._wire is not None
        with contextlib.suppress(PlaywrightError):  # the page went away meanwhile
            await self._wire.stop_loading()
        self._ended.set()

    async def _judge_navigation(self, url: str) -> None:
        """A script leads on: within the site, as often as a server may, and at its pace."""
        check_url(url, self._allow)
        self._navigations += 1
        if self._navigations > self._options.redirects:
            raise TooManyRedirects(
                f"{self._document.url} leads on by script more than {self._options.redirects} times"
            )
        if site_of(url) != self.site:
            raise LedAway(f"{self._document.url} leads by script to another site: {url[:200]}")
        await self._ask_robots(url)
        await self.wait_turn()

    async def wait_turn(self) -> None:
        """Wait out the site's delay before the page asks for more on our account."""
        pace = Pace.from_options(self._options)
        book = self._crawler.get_extension(GuestBook)
        assert book is not None
        await turns().next_request(self.site, pace, lambda: bool(self._crawler.crawling), book.book)

    async def _ask_robots(self, url: str) -> None:
        robots = self._crawler.get_downloader_middleware(RobotsMiddleware)
        assert robots is not None
        async with self._asking:  # its answer holds for the next
            await robots.judge(url, in_view=True)


def _is_navigation(asked: BrowserRequest) -> bool:
    """Whether the page itself goes somewhere, rather than something in it."""
    return asked.is_navigation_request() and asked.frame.parent_frame is None


def _headers(document: Response) -> dict[str, str]:
    return {
        name.decode("latin-1"): b"\n".join(values).decode("latin-1")
        for name, values in document.headers.items()
        if name.lower() not in _OF_THE_WIRE
    }


async def _refuse(route: Route) -> None:
    await _abort(route)


async def _abort(route: Route) -> None:
    try:
        await route.abort("aborted")  # any other reason puts an error page in the page's place
    except PlaywrightError:
        return


async def _close(popup: BrowserPage) -> None:
    try:
        await popup.close()
    except PlaywrightError:
        return
