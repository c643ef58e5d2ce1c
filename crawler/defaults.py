"""What every request has unless it says otherwise: a time limit, our name, what is accepted.

DOWNLOADER_MIDDLEWARES order 350, in the place of three of Scrapy's (download timeout, default headers,
user agent), which write every header's name anew for every request."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers


class DefaultsMiddleware:
    """Sets what a request leaves open."""

    def __init__(self, seconds: float, headers: Headers) -> None:
        self._seconds = seconds
        # As a request keeps them: names in their one form, a list of values for each.
        self._headers: tuple[tuple[bytes, list[bytes]], ...] = tuple(headers.items())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook: DOWNLOAD_TIMEOUT, DEFAULT_REQUEST_HEADERS, USER_AGENT."""
        settings = crawler.settings
        headers = Headers(settings.getdict("DEFAULT_REQUEST_HEADERS"))
        headers["User-Agent"] = settings["USER_AGENT"]
        return cls(settings.getfloat("DOWNLOAD_TIMEOUT"), headers)

    def process_request(self, request: Request) -> None:
        """Set what is not there yet."""
        request.meta.setdefault("download_timeout", self._seconds)
        for name, values in self._headers:
            if name not in dict.keys(request.headers):
                dict.__setitem__(request.headers, name, list(values))
