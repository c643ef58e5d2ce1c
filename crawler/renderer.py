"""Show one page in the browser and read what its scripts made of it, within limits."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as BrowserPage
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Response

from crawler.browser import ContextHandler, Launch, shared_browser
from crawler.chromium import LIST, WEB_LISTS, NoBrowser, context_options, find_browser
from crawler.context import CrawlContext
from crawler.credentials import origin_of
from crawler.download import PICTURE
from crawler.egress import allowed_networks
from crawler.guestbook import GuestBook
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused, Outcome, TooLarge
from crawler.pace import Pace
from crawler.page_gate import PageGate
from crawler.turns import turns
from crawler.unrolling import in_playwright, unroll
from crawler.urls import site_of

Watch = Callable[[BrowserPage, Request], Awaitable[None]]

log = structlog.get_logger(__name__)

# A page that never falls silent (polling, sockets) is read as it stands after this.
QUIET_SECONDS = 5.0
# A page opens in a tenth of a second; a browser whose process died under it may never answer.
OPEN_SECONDS = 20.0
# One that does not close hangs, and takes the browser with it: what others showed is shown again.
CLOSE_SECONDS = 5.0
# A picture of an article 20 screens long shows all that is its own; one without an end has none.
WIDTH, TALLEST = 1280, 16_000
PICTURE_SECONDS = 10.0
# A browser that dies under a page costs that page another try; under three, the page is why.
TRIES = 3
# What Playwright says when the page goes on under our eyes, and when page or browser died.
_MOVING = ("context was destroyed", "navigating", "interrupted", "Cannot find context")
_DIED = ("crashed", "closed", "Connection")
_READ = """most => {
  const all = document.documentElement.outerHTML;
  return all.length > most ? null : all;
}"""


class BrowserMissing(FetchRefused):
    """The page needs a browser and there is none; the message names the remedy."""

    outcome = Outcome.NO_BROWSER


class Renderer:
    """One crawl's part of the browser: a context of its own."""

    def __init__(self, crawler: Crawler, context: CrawlContext) -> None:
        self._crawler = crawler
        self._options: CrawlOptions = context.job.options
        self._source = context.job.source
        self._credentials = context.credentials
        try:
            executable = find_browser(self._options)
        except NoBrowser as error:
            raise BrowserMissing(str(error)) from error
        self._shared = shared_browser(Launch(executable, allowed_networks(self._options)))
        self._shared.join()
        self._handler = ContextHandler(crawler, self._shared)

    async def close(self) -> None:
        """Close the context; the browser stays for other crawls."""
        await self._handler.close()
        self._shared.leave()

    async def render(self, document: Response, role: str) -> tuple[Response, FetchRefused | None]:
        """The page as the browser shows it, and what it was kept from, if from anything.

        Holds the site's connection meanwhile. Raises what a fetch raises: TooLarge, a time-out."""
        pace = Pace.from_options(self._options)
        for left in reversed(range(TRIES)):
            gate = PageGate(document, self._crawler, frozenset(self._source.block))
            try:
                async with self._shared.page(), turns().connection(site_of(document.url), pace):
                    await self._handler.refresh()
                    try:
                        rendered = await self._show(document, gate, role)
                    finally:
                        await self._note_view(gate, pace)
            except PlaywrightTimeout as error:
                raise DownloadTimeoutError(f"{document.url} was not ready in time") from error
            except PlaywrightError as error:
                if refusal := self._refusal(gate):
                    raise refusal from error
                if not left or not _says(error, _DIED):
                    raise DownloadFailedError(f"{document.url}: {_first_line(error)}") from error
                log.warning("page.again", url=document.url, error=_first_line(error))
            else:
                return rendered, self._refusal(gate)
        raise AssertionError("the last try returns or raises")

    async def _note_view(self, gate: PageGate, pace: Pace) -> None:
        """What the page asked for counts, whatever came of it."""
        book = self._crawler.get_extension(GuestBook)
        assert book is not None
        book.viewed(gate.site, gate.requests, gate.cut_by)
        if gate.requests:
            turns().viewed(gate.site, pace)
            await book.rested([gate.site])

    def _refusal(self, gate: PageGate) -> FetchRefused | None:
        """The browser only shows that it was kept from something; gate and proxy know of what."""
        return gate.refusal or self._shared.proxy.refusal(gate.url)

    async def _show(self, document: Response, gate: PageGate, role: str) -> Response:
        """Open a page, read it, close it. Raises PlaywrightError or TooLarge."""
        opened: list[BrowserPage] = []
        crashed = asyncio.Event()

        watch = self._watcher(gate, opened, crashed)

        async def show() -> Response:
            try:
                await self._handler.download_request(self._request(document.url, watch))
            except PlaywrightError as error:
                if not opened or not _says(error, _MOVING):
                    raise
            return await self._read(opened[0], document, gate, role)

        def give_up_opening() -> None:
            if not gate.is_served:
                crashed.set()

        opening = asyncio.get_running_loop().call_later(OPEN_SECONDS, give_up_opening)
        seconds = self._options.timeout.total_seconds()
        if self._source.unroll:
            seconds += self._source.unroll.within.total_seconds()
        try:
            async with asyncio.timeout(seconds + QUIET_SECONDS):
                return await _unless_crashed(crashed, show())
        except TimeoutError as error:
            raise PlaywrightTimeout(f"took more than {seconds + QUIET_SECONDS:.0f} s") from error
        finally:
            opening.cancel()
            await self._close(opened)
            if crashed.is_set() and not gate.is_served:
                await self._shared.restart()

    def _watcher(self, gate: PageGate, opened: list[BrowserPage], crashed: asyncio.Event) -> Watch:
        """What scrapy-playwright does with a new page before it goes anywhere."""

        async def watch(page: BrowserPage, _request: Request) -> None:
            opened.append(page)
            page.on("crash", lambda _page: crashed.set())
            try:
                await self._show_cookies(page)
                await gate.watch(page)
            except PlaywrightError:
                await page.close()  # scrapy-playwright would go on, with nobody at the gate
                raise

        return watch

    def _request(self, url: str, watch: Watch) -> Request:
        """What scrapy-playwright is asked: a page in our context, gone to `url`, left open."""
        options = context_options(self._crawler.settings["USER_AGENT"])
        timeout = self._options.timeout.total_seconds() * 1000
        return Request(
            url,
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context_kwargs": options,
                "playwright_page_init_callback": watch,
                # Not `load`: one picture or frame that never comes would cost the page.
                "playwright_page_goto_kwargs": {
                    "wait_until": "commit",
                    "timeout": timeout,
                },
            },
        )

    async def _show_cookies(self, page: BrowserPage) -> None:
        """Give the browser the source's own cookies: it sends them to that one host."""
        if pairs := self._credentials.cookie_pairs:
            own = origin_of(self._source.url)
            cookies: Any = [{"name": name, "value": value, "url": own} for name, value in pairs]
            await page.context.add_cookies(cookies)

    async def _ready(self, page: BrowserPage, ready: str | None) -> None:
        """Wait for what the selector finds, or else until the network falls silent."""
        timeout = self._options.timeout.total_seconds() * 1000
        await page.wait_for_load_state("domcontentloaded", timeout=timeout)
        if ready:
            await page.wait_for_selector(in_playwright(ready), state="attached", timeout=timeout)
            return
        with contextlib.suppress(PlaywrightTimeout):
            await page.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)

    async def _read(
        self, page: BrowserPage, document: Response, gate: PageGate, role: str
    ) -> Response:
        """`ready` and `unroll` are said of what the source is read for first: list, else article."""
        first = role == LIST or self._source.kind not in WEB_LISTS
        ready = self._source.selectors.ready if first else None
        await gate.unless_ended(self._ready(page, ready))
        if first:
            await unroll(page, self._source, gate.wait_turn)
        html = await self._html(page)
        await gate.check_place()
        assert document.request is not None
        if PICTURE in document.request.meta:
            document.request.meta[PICTURE] = await self._picture(page)
        return HtmlResponse(
            gate.url,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=html,
            encoding="utf-8",
            flags=["playwright"],
            request=document.request,
        )

    async def _html(self, page: BrowserPage) -> bytes:
        """The whole page in UTF-8. Raises TooLarge before that much leaves the browser."""
        limit = self._options.page_bytes
        give_up_at = time.monotonic() + QUIET_SECONDS
        while True:
            try:
                text: str | None = await page.evaluate(_READ, limit)
            except PlaywrightError as error:
                if time.monotonic() > give_up_at or not _says(error, _MOVING):
                    raise
                await page.wait_for_load_state("domcontentloaded")
                continue
            raw = None if text is None else text.encode("utf-8", "replace")
            if raw is None or len(raw) > limit:
                raise TooLarge(f"{page.url} renders to more than the {limit} bytes of page_bytes")
            return b"<!DOCTYPE html>" + raw

    async def _picture(self, page: BrowserPage) -> bytes:
        """What the page looks like, as PNG, as far down as TALLEST; empty when it cannot be had."""
        height = min(await page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        clip: Any = {"x": 0, "y": 0, "width": WIDTH, "height": max(height, 1)}
        try:
            return await page.screenshot(full_page=True, clip=clip, timeout=PICTURE_SECONDS * 1000)
        except PlaywrightError as error:
            log.warning("page.no_picture", url=page.url, error=_first_line(error))
            return b""

    async def _close(self, opened: list[BrowserPage]) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                for page in opened:
                    await page.close()
        except PlaywrightError:
            return  # it is closed, or died
        except TimeoutError:
            log.warning("page.hangs", source=self._source.name)
            await self._shared.restart()


async def _unless_crashed(
    crashed: asyncio.Event, showing: Coroutine[Any, Any, Response]
) -> Response:
    """What `showing` gives. Of a page whose process died, some questions are never answered."""
    shown, died = asyncio.create_task(showing), asyncio.create_task(crashed.wait())
    try:
        await asyncio.wait((shown, died), return_when=asyncio.FIRST_COMPLETED)
        if not shown.done():
            raise PlaywrightError("the page crashed")
        return shown.result()
    finally:
        for task in (shown, died):
            task.cancel()
        await asyncio.gather(shown, died, return_exceptions=True)


def _says(error: Exception, words: tuple[str, ...]) -> bool:
    return any(word in str(error) for word in words)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
