"""Make a page in the browser show more of itself, as its source declares: scroll, or click.

Bounded by rounds, items and time; each round waits its turn like any request to the site."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator
from playwright.async_api import Page as BrowserPage

from seeds.models import Source
from seeds.selectors import is_xpath

# How long more may take to come; a list that brings nothing in this time is at its end.
GROW_SECONDS = 5.0
_LOOK_SECONDS = 0.1
_CLICK_MILLISECONDS = 2_000
# The page and every box in it that scrolls: many lists stand in one of their own.
_SCROLL = """() => {
  for (const box of document.querySelectorAll('*'))
    if (box.scrollHeight > box.clientHeight + 40 && box.clientHeight > 200)
      box.scrollTop = box.scrollHeight;
  window.scrollTo(0, document.documentElement.scrollHeight);
}"""


def in_playwright(selector: str) -> str:
    """Our selector (CSS, or XPath that begins with `/` or `(`) as Playwright writes it."""
    return f"xpath={selector}" if is_xpath(selector) else f"css={selector}"


async def unroll(
    page: BrowserPage, source: Source, wait_turn: Callable[[], Awaitable[None]]
) -> int:
    """Unroll until nothing more comes or a bound is met. Returns how many rounds brought more."""
    declared = source.unroll
    if declared is None:
        return 0
    ends_at = time.monotonic() + declared.within.total_seconds()
    items = page.locator(in_playwright(source.selectors.links or "a[href]"))
    more = page.locator(in_playwright(declared.click)).first if declared.click else None
    for done in range(declared.rounds):
        shown = await items.count()
        if shown >= declared.items or time.monotonic() >= ends_at:
            return done
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(_on_loop(ends_at)):
                await wait_turn()
                if await _ask(page, more) and await _grown(items, shown):
                    continue
        return done
    return declared.rounds


async def _ask(page: BrowserPage, more: Locator | None) -> bool:
    """Scroll to the end, or click; False when there is nothing left to click."""
    if more is None:
        await page.evaluate(_SCROLL)
        await page.mouse.wheel(0, 100_000)  # lists that listen to the wheel and not to the place
        return True
    try:
        if not await more.is_visible():
            return False
        await more.click(timeout=_CLICK_MILLISECONDS, no_wait_after=True)
    except PlaywrightError:
        return False  # it went away, is disabled, or something lies above it
    return True


async def _grown(items: Locator, shown: int) -> bool:
    """Wait for more items than were shown."""
    give_up_at = time.monotonic() + GROW_SECONDS
    while time.monotonic() < give_up_at:
        with contextlib.suppress(PlaywrightError):  # the page is going somewhere
            if await items.count() > shown:
                return True
        await asyncio.sleep(_LOOK_SECONDS)
    return False


def _on_loop(at: float) -> float:
    """A moment of time.monotonic() on the running loop's clock."""
    return asyncio.get_running_loop().time() + at - time.monotonic()
