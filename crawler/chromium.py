"""Whether there is a browser, and what a crawl with one is told. Light: loads no browser code,
which takes half a second and is needed by few crawls (it is in crawler/browser.py)."""

import os
import shutil
from pathlib import Path
from typing import Any

from crawler.options import CrawlOptions

CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Request.meta: that a page may be rendered, and as what: LIST or ARTICLE.
RENDER = "lendwatch_render"
LIST, ARTICLE = "list", "article"
# Kinds whose lists are web pages; a feed or a sitemap is never rendered.
WEB_LISTS = frozenset({"listing", "search"})


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


def context_options(user_agent: str) -> dict[str, Any]:
    """What a crawl's own corner of the browser is like."""
    return {
        "user_agent": user_agent,
        "locale": "zh-CN",
        "service_workers": "block",
        "accept_downloads": False,
    }
