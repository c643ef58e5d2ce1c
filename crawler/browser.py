"""Read pages in a browser, through scrapy-playwright, when a source asks for it."""

import asyncio
import contextlib
from typing import Self
from weakref import WeakKeyDictionary

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as BrowserPage
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.chromium import READY
from crawler.download import CheckedDownloadHandler
from crawler.egress import allowed_networks
from crawler.outcomes import TooLarge
from crawler.proxy import CheckingProxy, browser_arguments
from seeds.selectors import is_xpath

# Not needed to read a text, and most of a page's bytes.
UNREAD_RESOURCES = frozenset({"image", "media", "font"})
# A page that never falls silent (polling, sockets) is read as it stands after this.
QUIET_MILLISECONDS = 5_000
# No traffic of the browser's own.
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def is_unread(request: BrowserRequest) -> bool:
    """Whether a page's own request is for something that is never read."""
    return request.resource_type in UNREAD_RESOURCES


def _when_ready(request: Request, timeout: float) -> PageMethod:
    """Wait for the source's `ready` selector, or else until the network falls silent."""
    ready = request.meta[READY]
    if ready:
        selector = f"xpath={ready}" if is_xpath(ready) else f"css={ready}"
        return PageMethod("wait_for_selector", selector, state="attached", timeout=timeout * 1000)
    return PageMethod(_until_quiet)


async def _until_quiet(page: BrowserPage) -> None:
    with contextlib.suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=QUIET_MILLISECONDS)


class BrowserDownloadHandler(CheckedDownloadHandler):
    """Renders what asks for it in a browser behind our proxy; all else goes the checked way.

    One for a crawl, whatever the scheme: each would start a browser of its own."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
        self._proxy = CheckingProxy(allowed_networks(crawler.settings["LENDWATCH_OPTIONS"]))
        self._opening = asyncio.Lock()
        self._open = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Give both schemes of a crawl the same handler."""
        if crawler not in _HANDLERS:
            _HANDLERS[crawler] = cls(crawler)
        handler = _HANDLERS[crawler]
        assert isinstance(handler, cls)
        return handler

    async def download_request(self, request: Request) -> Response:
        """Fetch one page. The browser's own errors come out as Scrapy's, the proxy's as its own."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        await self._open_proxy()
        timeout = self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        request.meta["playwright_page_methods"] = [_when_ready(request, timeout)]
        try:
            async with asyncio.timeout(timeout * 3):  # navigate, get ready, read
                response: Response = await self._browser.download_request(request)
        except (PlaywrightTimeout, TimeoutError) as error:
            raise DownloadTimeoutError(f"{request.url} was not ready in time: {error}") from error
        except PlaywrightError as error:
            self._raise_refusal(request.url)
            raise DownloadFailedError(f"{request.url}: {error}") from error
        self._raise_refusal(response.url)
        if len(response.body) > (limit := self.crawler.settings.getint("DOWNLOAD_MAXSIZE")):
            raise TooLarge(f"{request.url} renders to more than the {limit} bytes of page_bytes")
        return response

    async def close(self) -> None:
        """Close the browser, its contexts, the proxy, and our own connections."""
        if _HANDLERS.pop(self.crawler, None) is None:
            return  # the other scheme's call was first
        try:
            await self._browser.close()
        finally:
            await self._proxy.__aexit__()
            await super().close()

    async def _open_proxy(self) -> None:
        async with self._opening:
            if not self._open:
                await self._proxy.__aenter__()
                options = self._browser.config.launch_options
                options["args"] = [*FLAGS, *browser_arguments(self._proxy.url)]
                self._open = True

    def _raise_refusal(self, url: str) -> None:
        """The browser only shows that a connection failed; the proxy knows that it was refused."""
        if refusal := self._proxy.refusal(url):
            raise refusal


_HANDLERS: WeakKeyDictionary[Crawler, BrowserDownloadHandler] = WeakKeyDictionary()
