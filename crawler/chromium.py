"""Whether there is a browser, and what a crawl with one is told. Light: loads no browser code,
which takes half a second and is needed by few crawls (it is in crawler/browser.py)."""

import os
import shutil
from pathlib import Path
from typing import Any

from crawler.options import CrawlOptions
from seeds.models import Source

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Request.meta: what says that a rendered page can be read; absent, when the network falls silent.
READY = "lendwatch_ready"


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
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.browser.is_unread",
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


def browser_meta(source: Source, user_agent: str) -> dict[str, Any]:
    """Request meta that has a page rendered, and read when it is ready."""
    return {
        "playwright": True,
        READY: source.selectors.ready,
        "playwright_context_kwargs": {
            "user_agent": user_agent,
            "locale": "zh-CN",
            "service_workers": "block",
            "accept_downloads": False,
        },
    }
