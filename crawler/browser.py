"""Read pages in a browser, through scrapy-playwright, when a source asks for it."""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from typing import Any, Self
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

from crawler.download import CheckedDownloadHandler
from crawler.egress import allowed_networks
from crawler.options import CrawlOptions
from crawler.outcomes import TooLarge
from crawler.proxy import CheckingProxy, browser_arguments
from seeds.models import Source
from seeds.selectors import is_xpath

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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


class NoBrowser(Exception):
    """The source needs a browser and there is none: install one; other sources go on."""


def find_browser(options: CrawlOptions) -> str:
    """The path of a Chromium. Raises NoBrowser."""
    if options.browser_path:
        if Path(options.browser_path).is_file():
            return options.browser_path
        raise NoBrowser(f"crawl.browser_path {options.browser_path!r} is no file; correct it")
    for name in CANDIDATES:
        if path := shutil.which(name):
            return path
    raise NoBrowser(
        f"no browser found (looked for {', '.join(CANDIDATES)}); install one "
        "(Debian: apt install chromium) or set crawl.browser_path"
    )


def browser_settings(options: CrawlOptions) -> dict[str, Any]:
    """Scrapy's settings for a crawl with a browser. Raises NoBrowser before anything is fetched."""
    handler = "crawler.browser.BrowserDownloadHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch_options(find_browser(options)),
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        # Pages at once: each costs a renderer process of 50 to 100 MB.
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": options.timeout.total_seconds() * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": is_unread,
    }


def launch_options(executable: str) -> dict[str, Any]:
    """How Chromium is started: sandboxed unless we are root, where its sandbox cannot work."""
    return {
        "executable_path": executable,
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0,
        # Signals are for the worker, which closes the browser in order.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def browser_meta(source: Source, options: CrawlOptions, user_agent: str) -> dict[str, Any]:
    """Request meta that has a page rendered, and read when it is ready."""
    return {
        "playwright": True,
        "playwright_page_methods": [_when_ready(source, options)],
        "playwright_context_kwargs": {
            "user_agent": user_agent,
            "locale": "zh-CN",
            "service_workers": "block",
            "accept_downloads": False,
        },
    }


def is_unread(request: BrowserRequest) -> bool:
    """Whether a page's own request is for something that is never read."""
    return request.resource_type in UNREAD_RESOURCES


def _when_ready(source: Source, options: CrawlOptions) -> PageMethod:
    """Wait for the source's `ready` selector, or else until the network falls silent."""
    ready = source.selectors.ready
    if ready:
        selector = f"xpath={ready}" if is_xpath(ready) else f"css={ready}"
        timeout = options.timeout.total_seconds() * 1000
        return PageMethod("wait_for_selector", selector, state="attached", timeout=timeout)
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
        timeout = request.meta.get("download_timeout", 0) * 3  # navigate, get ready, read
        try:
            async with asyncio.timeout(timeout or None):
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
