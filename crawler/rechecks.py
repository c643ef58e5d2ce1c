"""Fetches the known articles that a job asks for, past Scrapy's scheduler and scraper.

Each goes through the whole chain of downloader middlewares (egress guard, turns, robots), and what
comes goes through the item pipelines, as everything does. What lies between is made for pages of
which nobody knows what they lead to, and cost more than the rest of a look at an unchanged page
(measured: a third of its CPU time)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

import structlog
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.evidence.archive import EvidenceNotWritten
from crawler.frontier import Target
from crawler.items import Reading
from crawler.pipelines import LogPipeline
from crawler.politeness import PoliteDownloader
from crawler.urls import HostileUrl, site_of

log = structlog.get_logger(__name__)

# Readings that wait for their commit; beyond, fetching pauses. More than one batch.
MOST_WAITING = 64
# Whether what is new is under way, is asked again after so many seconds, each time twice as many.
SOONEST, LATEST = 0.01, 0.25


class ReadsArticles(Protocol):
    """What a spider knows of article pages."""

    def article_request(self, target: Target) -> Request:
        """A request for an article page."""

    def parse_article(self, response: Response, target: Target) -> AsyncIterator[Reading | Request]:
        """What an answer comes to."""

    def article_failed(self, failure: Failure) -> AsyncIterator[Reading]:
        """What the failure of a request comes to."""


class Rechecks:
    """One crawl's looks at known articles."""

    def __init__(self, crawler: Crawler, spider: ReadsArticles) -> None:
        self._crawler = crawler
        self._spider = spider
        self._ahead: deque[deque[Target]] = deque()  # each site's, once for each connection to it
        self._fetching: set[asyncio.Task[None]] = set()
        self._handing: set[asyncio.Future[None]] = set()

    @property
    def are_under_way(self) -> bool:
        """Whether something of them is still to be fetched."""
        return bool(self._ahead or self._fetching)

    async def run(self, targets: Sequence[Target]) -> None:
        """Fetch all of them, each site's in order; return when everything that came is dealt with.

        At a time so many as sites have connections for, and as Scrapy would: others would only
        wait their turn, each in a task of its own."""
        sites: dict[str, deque[Target]] = {}
        for target in targets:
            sites.setdefault(_site_of(target), deque()).append(target)
        settings = self._crawler.settings
        connections = range(settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self._ahead.extend(of_site for of_site in sites.values() for _ in connections)
        for _ in range(min(settings.getint("CONCURRENT_REQUESTS"), len(self._ahead))):
            _keep(self._fetching, asyncio.create_task(self._fetch_on()))
        await self.ended()

    async def ended(self) -> None:
        """Return when nothing is under way any more: soon, when the crawl is being stopped."""
        while under_way := self._fetching | self._handing:
            await asyncio.wait(under_way)

    async def _fetch_on(self) -> None:
        while self._ahead:
            of_site = self._ahead.popleft()
            while of_site and await self._may_go_on():
                if of_site:
                    await self._fetch(of_site.popleft())

    async def _may_go_on(self) -> bool:
        """Wait for whatever is new: that comes first. False when the crawl is being stopped."""
        seconds, engine = SOONEST, self._crawler.engine
        while self._crawler.crawling and engine is not None:
            if len(self._handing) >= MOST_WAITING:
                await asyncio.wait(self._handing, return_when=asyncio.FIRST_COMPLETED)
            elif engine.scheduler is not None and engine.scheduler.has_pending_requests():
                await asyncio.sleep(seconds)
                seconds = min(LATEST, 2 * seconds)
            else:
                return True
        self._ahead.clear()
        return False

    async def _fetch(self, target: Target) -> None:
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader)
        request = self._spider.article_request(target)
        found: AsyncIterator[Reading | Request]
        try:
            response = await downloader.fetch_past_queue(request)
        except Exception as error:  # noqa: BLE001  # the errback's to name, as everywhere
            found = self._spider.article_failed(_failure(error, request))
        else:
            if 200 <= response.status < 300 or response.status == 304:
                found = self._spider.parse_article(response, target)
            else:
                found = self._spider.article_failed(_failure(HttpError(response), request))
        try:
            async for each in found:
                await self._pass_on(each)
        except Exception as error:  # the edge "one page": the others go on
            log.exception("recheck.crash", url=target.url)
            self._crawler.signals.send_catch_log(
                signals.spider_error,
                failure=_failure(error, request),
                response=None,
                spider=self._spider,
            )

    async def _pass_on(self, found: Reading | Request) -> None:
        assert self._crawler.engine is not None
        if isinstance(found, Request):
            self._crawler.engine.crawl(found)
        else:
            await self._hand_over(found)

    async def _hand_over(self, reading: Reading) -> None:
        """Through the pipelines up to the last, which need not be waited for: a commit may take long
        to come, and a task for each that waits costs more than the rest of them."""
        assert self._crawler.engine is not None
        pipelines: Any = self._crawler.engine.scraper.itemproc.methods["process_item"]
        last = self._crawler.get_item_pipeline(LogPipeline)
        assert last is not None
        try:
            for process_item in list(pipelines)[:-1]:  # all of them ours, and coroutines
                reading = await process_item(reading)
            committed = last.put(reading)
        except Exception:  # as above
            log.exception("recheck.unstored", url=reading.url)
        else:
            self._handing.add(committed)
            committed.add_done_callback(self._handed)

    def _handed(self, committed: asyncio.Future[None]) -> None:
        self._handing.discard(committed)
        error = committed.exception()
        if isinstance(error, EvidenceNotWritten):  # told once, by the crawl's result
            log.warning("recheck.dropped", error=str(error))
        elif error is not None:
            log.error("recheck.unstored", exc_info=error)


def _site_of(target: Target) -> str:
    """Whose connections it takes; EgressMiddleware says what is wrong with a hostile address."""
    try:
        return site_of(target.url)
    except HostileUrl:
        return ""


def _failure(error: Exception, request: Request) -> Failure:
    """What errbacks are given."""
    failure = Failure(error)  # type: ignore[no-untyped-call]
    failure.request = request  # type: ignore[attr-defined]
    return failure


def _keep(tasks: set[asyncio.Task[None]], task: asyncio.Task[None]) -> None:
    """The event loop itself holds a task by a weak reference only."""
    tasks.add(task)
    task.add_done_callback(tasks.discard)
