"""What a job's options mean in Scrapy's settings."""

from collections.abc import Sequence
from typing import Any

from crawler.chromium import find_browser
from crawler.crawl import CrawlJob
from crawler.egress import allowed_networks, check_url
from crawler.options import CrawlOptions
from crawler.outcomes import FetchRefused
from crawler.settings import DOWNLOADER_MIDDLEWARES

RENDERING = "crawler.rendering.RenderMiddleware"


class NoContact(Exception):
    """Nobody could be told of trouble that this crawler makes: set crawl.contact first."""


def settings_for(job: CrawlJob, start_urls: Sequence[str]) -> dict[str, Any]:
    """The settings of one crawl. Raises NoContact, or NoBrowser when the source needs one."""
    options = job.options
    settings = {
        "LENDWATCH_OPTIONS": options,
        "USER_AGENT": user_agent(options, start_urls),
        "DOWNLOAD_TIMEOUT": options.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": options.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": options.redirects,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.connections_per_site,
    }
    if job.source.browser is True:
        find_browser(options)  # with `auto`, only the pages that need one fail
    if job.source.browser:
        # Named here alone: loading the browser's code takes half a second.
        settings["DOWNLOADER_MIDDLEWARES"] = DOWNLOADER_MIDDLEWARES | {RENDERING: 580}
    return settings


def user_agent(options: CrawlOptions, start_urls: Sequence[str]) -> str:
    """The name under which sites see us, with the contact in it.

    Without a contact only hosts that the operator opened by address are crawled: their own."""
    if not options.contact and not all(_is_own(url, options) for url in start_urls):
        raise NoContact(
            "crawl.contact is empty: set it in lendwatch.yaml to a mail address or a URL, so that "
            "a site's owner can reach you; nothing was fetched"
        )
    return options.user_agent.replace("{contact}", options.contact or "private network")


def _is_own(url: str, options: CrawlOptions) -> bool:
    """Whether the URL names an address that is not public and was opened by allow_addresses."""
    try:
        check_url(url)
    except FetchRefused:
        pass
    else:
        return False
    try:
        parts = check_url(url, allowed_networks(options))
    except FetchRefused:
        return False
    return parts.literal
