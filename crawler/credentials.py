"""Show a source's own host, and nobody else, its cookies and headers.

DOWNLOADER_MIDDLEWARES order 720: closer to the site than Scrapy's cookies (700), so that ours are
added to what the site itself has set, on every hop anew."""

import os
from pathlib import Path
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.crawl import CrawlJob
from crawler.turns import PAUSE_EXEMPT
from crawler.urls import HostileUrl, split_url
from seeds.credentials import Credentials
from seeds.secrets_file import credentials_for


def credentials_of(job: CrawlJob) -> Credentials:
    """What the job's source shows; nothing when it declares nothing. Raises NoCredentials."""
    if not job.source.credentials:
        return Credentials()
    return credentials_for(job.source.name, Path(job.secrets), os.environ)


def origin_of(url: str) -> str:
    """Scheme, host and port: what credentials are bound to. Empty for no web address."""
    try:
        parts = split_url(url)
    except HostileUrl:
        return ""
    return f"{parts.scheme}://{parts.host}:{parts.port}"


class CredentialsMiddleware:
    """Adds them to requests for the source's own origin, and takes them off all others."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the headers of this hop: a redirect's request begins as a copy of the one before."""
        spider: Any = self._crawler.spider
        given: Credentials = spider.context.credentials
        if not given:
            return
        own = origin_of(request.url) == origin_of(spider.context.job.source.url)
        # Rules for robots are the same for everybody.
        shown = own and not request.meta.get(PAUSE_EXEMPT)
        for name, value in given.headers.items():
            if shown:
                request.headers[name] = value
            else:
                request.headers.pop(name, None)
        if shown and given.cookie_pairs:
            ours = "; ".join(f"{name}={value}" for name, value in given.cookie_pairs)
            theirs = (request.headers.get("Cookie") or b"").decode("latin-1")
            request.headers["Cookie"] = "; ".join(filter(None, (theirs, ours)))
