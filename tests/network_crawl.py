"""Run a real Scrapy crawl with the network room's chain, in this process, on asyncio alone."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.options import CrawlOptions
from crawler.outcomes import Outcome, outcome_of
from crawler.robots import CACHE

LOCAL = CrawlOptions(
    contact="test@example.invalid",
    delay=timedelta(0),
    timeout=timedelta(seconds=20),
    allow_addresses=("127.0.0.0/8", "::1/128"),
)


@dataclass(frozen=True)
class Fetched:
    """One URL's ending."""

    outcome: Outcome
    response: Response | None
    message: str


class ProbeSpider(Spider):
    name = "probe"

    async def start(self) -> AsyncIterator[Any]:
        for url in self.urls:
            yield Request(
                url,
                self.arrived,
                errback=partial(self.failed, asked=url),
                dont_filter=True,
                cb_kwargs={"asked": url},
            )

    def arrived(self, response: Response, asked: str) -> None:
        self.results[asked] = Fetched(outcome_of(response), response, "")

    def failed(self, failure: Failure, asked: str) -> None:
        self.results[asked] = Fetched(outcome_of(failure), None, str(failure.value))


def network_settings(options: CrawlOptions) -> dict[str, Any]:
    """The part of crawler.settings that this room owns."""
    handler = "crawler.download.CheckedDownloadHandler"
    scrapy = "scrapy.downloadermiddlewares"
    return {
        "LENDWATCH_OPTIONS": options,
        "TWISTED_REACTOR_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "ROBOTSTXT_OBEY": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "METAREFRESH_ENABLED": False,
        "USER_AGENT": options.user_agent.format(contact=options.contact),
        "DOWNLOADER": "crawler.politeness.PoliteDownloader",
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.connections_per_site,
        "DOWNLOAD_TIMEOUT": options.timeout.total_seconds(),
        "DOWNLOAD_MAXSIZE": options.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": options.redirects,
        "RETRY_ENABLED": False,
        "DOWNLOAD_HANDLERS": {
            "http": handler,
            "https": handler,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.egress.EgressMiddleware": 10,
            f"{scrapy}.robotstxt.RobotsTxtMiddleware": None,
            "crawler.politeness.PolitenessMiddleware": 90,
            "crawler.robots.RobotsMiddleware": 100,
            f"{scrapy}.httpcompression.HttpCompressionMiddleware": None,
            "crawler.limits.BoundedCompressionMiddleware": 590,
            f"{scrapy}.redirect.RedirectMiddleware": None,
            "crawler.limits.BoundedRedirectMiddleware": 600,
        },
    }


def fetch_all(
    urls: Iterable[str],
    options: CrawlOptions = LOCAL,
    names: Mapping[str, Sequence[str]] | None = None,
    **settings: Any,
) -> dict[str, Fetched]:
    """Fetch the URLs in one crawl and tell how each ended; `names` is what DNS would answer."""
    results: dict[str, Fetched] = {}
    CACHE.clear()

    async def crawl() -> None:
        runner = AsyncCrawlerRunner({**network_settings(options), **settings})
        await runner.crawl(ProbeSpider, urls=list(urls), results=results)

    with asyncio.Runner(loop_factory=lambda: LoopWithNames(names or {})) as runner:
        runner.run(crawl())
    return results


class LoopWithNames(asyncio.SelectorEventLoop):
    """An event loop whose resolver knows some names; each look-up takes the next answer.

    An answer is addresses joined by spaces; the last one is given from then on."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._answers = {name: list(answers) for name, answers in names.items()}

    async def getaddrinfo(self, host: Any, port: Any, **kwargs: Any) -> Any:
        answers = self._answers.get(host)
        if not answers:
            return await super().getaddrinfo(host, port, **kwargs)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        found: list[Any] = []
        for address in answer.split():
            found += await super().getaddrinfo(address, port, **kwargs)
        return found


def fetch(url: str, options: CrawlOptions = LOCAL, **settings: Any) -> Fetched:
    """Fetch one URL."""
    return fetch_all([url], options, **settings)[url]
