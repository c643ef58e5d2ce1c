"""One Chromium for all crawls of a process, behind our proxy: started when a page needs it,
restarted when it dies, replaced when it has shown many pages, closed when nobody asks for it.

scrapy-playwright gives each crawl a context (cookies, storage) of its own in it, and closes that
with the crawl."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from scrapy.crawler import Crawler
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.chromium import launch_options
from crawler.egress import IPNetwork
from crawler.proxy import CheckingProxy, browser_arguments

log = structlog.get_logger(__name__)

# Pages at once, over all crawls: each costs a renderer of 50 to 100 MB, and a core.
PAGES_AT_ONCE = 3
# Chromium gives back little of what it took: measured by tests/bench/soak_browser.py.
PAGES_A_LIFE = 150
# A start takes a second or two; a browser that waits, 150 MB.
IDLE_SECONDS = 30.0
START_SECONDS = 60.0
# Closing takes a tenth of a second. One that does not close is killed with its driver.
CLOSE_SECONDS = 10.0
# No traffic of the browser's own, and a script's memory has an end.
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    "--js-flags=--max-old-space-size=256",
)


@dataclass(frozen=True, slots=True)
class Launch:
    """What tells one browser from another: two crawls with the same share it."""

    executable: str
    allow: tuple[IPNetwork, ...]

    def options(self, proxy: CheckingProxy) -> dict[str, Any]:
        """Playwright's launch options, with no way out but `proxy`."""
        return launch_options(self.executable) | {
            "args": [*FLAGS, *browser_arguments(proxy.url)],
            "timeout": START_SECONDS * 1000,
        }


class SharedBrowser:
    """One browser with its proxy and its driver, for as many crawls as use it at a time."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self.proxy = CheckingProxy(launch.allow)
        self._driver: Playwright | None = None
        self._browser: Browser | None = None
        self._changing = asyncio.Lock()
        self._pages = asyncio.Semaphore(PAGES_AT_ONCE)
        self._entering = asyncio.Lock()
        self._open = 0
        self._none_open = asyncio.Event()
        self._none_open.set()
        self._shown = 0  # pages, since it was started
        self._users = 0
        self._idle: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    def join(self) -> None:
        """One more crawl uses it."""
        self._users += 1
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def leave(self) -> None:
        """One crawl less; the last one leaves it to be closed, unless another comes soon."""
        self._users -= 1
        if self._users == 0:
            self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._close_soon)

    @contextlib.asynccontextmanager
    async def page(self) -> AsyncIterator[None]:
        """Wait for one of the few pages that are open at a time; hold it."""
        async with self._pages:
            async with self._entering:
                if self._shown >= PAGES_A_LIFE:
                    await self._none_open.wait()
                    await self.restart()
                self._open += 1
                self._none_open.clear()
                self._shown += 1
            try:
                yield
            finally:
                self._open -= 1
                if self._open == 0:
                    self._none_open.set()

    async def browser(self) -> Browser:
        """The running browser; a new one when there is none, or it died."""
        async with self._changing:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self._browser is not None:
                log.warning("browser.restarted", shown=self._shown)
            self._browser = None
            try:
                self._browser = await self._start()
            except PlaywrightError:
                # The driver may have died with it: once more, with another.
                await self._close()
                self._browser = await self._start()
            self._shown = 0
            return self._browser

    async def restart(self) -> None:
        """End a browser that does not answer; the next page gets another."""
        async with self._changing:
            await self._close()

    async def close(self) -> None:
        """End the browser, its driver and its proxy."""
        async with self._changing:
            await self._close()
            await self.proxy.__aexit__()

    async def _start(self) -> Browser:
        if not self.proxy.is_open:
            await self.proxy.__aenter__()
        if self._driver is None:
            self._driver = await async_playwright().start()
        return await self._driver.chromium.launch(**self._launch.options(self.proxy))

    async def _close(self) -> None:
        browser, self._browser = self._browser, None
        driver, self._driver = self._driver, None
        self._shown = 0
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                if browser is not None:
                    await browser.close()
        # A browser dies with its driver, whatever state it is in.
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                if driver is not None:
                    await driver.stop()

    def _close_soon(self) -> None:
        self._idle = None
        self._closing = asyncio.get_running_loop().create_task(self.close())


_OF_LOOP: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Launch, SharedBrowser]] = (
    WeakKeyDictionary()
)


def shared_browser(launch: Launch) -> SharedBrowser:
    """The browser of this process that was, or will be, started so."""
    browsers = _OF_LOOP.setdefault(asyncio.get_running_loop(), {})
    return browsers.setdefault(launch, SharedBrowser(launch))


class ContextHandler(ScrapyPlaywrightDownloadHandler):
    """scrapy-playwright's handler for one crawl: a context in the shared browser, which outlives it."""

    def __init__(self, crawler: Crawler, shared: SharedBrowser) -> None:
        super().__init__(crawler)
        self._shared = shared
        self.config.target_closed_max_retries = 0  # whoever renders tries again, in a new browser

    async def refresh(self) -> None:
        """Work in the browser that runs now; contexts of one that died are forgotten."""
        browser = await self._shared.browser()
        if vars(self).get("browser") is not browser:
            self.context_wrappers.clear()
            self.browser = browser

    async def _close(self) -> None:
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                for wrapper in list(self.context_wrappers.values()):
                    await wrapper.context.close()
        self.context_wrappers.clear()
