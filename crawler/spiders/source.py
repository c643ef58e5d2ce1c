"""What the spiders share: they start from a declared source and only find links."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import structlog
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.chromium import ARTICLE, LIST, RENDER, WEB_LISTS
from crawler.context import CrawlContext, context_for
from crawler.counts import count, count_failure
from crawler.directives import directives_of
from crawler.download import PICTURE, WIRE
from crawler.extract.parts import MOST_PARTS, next_part
from crawler.feeds import NotAFeed
from crawler.frontier import Frontier, Target, validators_of
from crawler.guestbook import ConductStore
from crawler.items import Reading
from crawler.links import Link, absolute
from crawler.listings import BadSelector, EmptyListing
from crawler.log.seen import LISTED, SeenUrl, Visit
from crawler.outcomes import Outcome, outcome_of
from crawler.page import Page
from crawler.politeness import note_challenge
from crawler.received import answer_of, detail_of, page_of, request_of
from crawler.rechecks import Rechecks
from crawler.robots import product_token
from crawler.sitemaps import NotASitemap
from crawler.tuning import settings_for
from crawler.unread import why_no_list
from crawler.workspace import job_by_hand
from seeds.loader import expand

log = structlog.get_logger(__name__)

# The outcome names of lists that cannot be read.
_UNREADABLE: dict[type[Exception], Outcome] = {
    NotAFeed: Outcome.NOT_A_FEED,
    NotASitemap: Outcome.NOT_A_SITEMAP,
    BadSelector: Outcome.BAD_SELECTOR,
    EmptyListing: Outcome.NO_LINKS,
}


@dataclass(frozen=True, slots=True)
class ListPage:
    """A feed, sitemap or listing page that was fetched; `depth` counts from 1."""

    key: str
    page: Page
    raw_hash: str
    depth: int


class SourceSpider(Spider):
    """Crawls one source. A kind of source implements `read_list`, nothing else.

    `scrapy crawl KIND -a source=NAME` takes the source from the workspace; a worker hands over
    a context with the job in it."""

    context: CrawlContext
    frontier: Frontier
    rechecks: Rechecks

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        *args: Any,
        context: CrawlContext | None = None,
        source: str = "",
        **kwargs: Any,
    ) -> Self:
        """Apply the job's options to the crawl's settings. Raises before anything is fetched."""
        if context is None:
            context = context_for(job_by_hand(source, cls.name))
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.context = context
        spider.start_urls = list(expand(context.job.source, context.watchlist))
        crawler.settings.setdict(settings_for(context.job, spider.start_urls), priority="spider")
        spider.frontier = Frontier(
            context.job.source,
            context.engine,
            datetime.now(UTC),
            # Whoever asks for more articles a crawl than that means it.
            max(context.job.options.path_budget, context.job.source.max_articles),
        )
        spider.rechecks = Rechecks(crawler, spider)
        spider.listed = {}
        spider.failed_starts = {}
        spider.trouble = ""
        spider.aside = Counter()
        return spider

    @property
    def conduct_store(self) -> ConductStore:
        """Where the crawl's conduct is kept: with its articles, unless they are thrown away."""
        context = self.context
        return context.conduct_store or ConductStore(context.engine, context.job.source.name)

    # Lists that were read whole, to be remembered when the crawl has dealt with their links.
    listed: dict[str, Visit]
    # Why start addresses gave nothing: the source fails when all of them did.
    failed_starts: dict[str, str]
    # Outcomes of pages that say nothing of the source: known articles' that the job asked for.
    aside: Counter[str]
    # What kept pages that were fetched from being stored: the crawl fails by it.
    trouble: str

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the source's own addresses, conditionally when nothing is owed from before, and
        for the known articles that the job names."""
        lists = [absolute(url, url) or url for url in self.start_urls]
        rechecks = await self.frontier.begin(self.context.job.rechecks, lists)
        for url in self.start_urls:
            yield await self.list_request(url, depth=1)
        await self.rechecks.run(rechecks)

    async def list_request(self, url: str, depth: int) -> Request:
        """A request for a feed, sitemap or listing page."""
        key = absolute(url, url) or url
        seen = await self.frontier.recall(key)
        if seen is not None and (seen.outcome != LISTED or await self.frontier.owes_retries()):
            seen = None
        return Request(
            url,
            callback=self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"key": key, "seen": seen, "depth": depth},
            headers=validators_of(seen) if seen and not self.context.job.source.browser else None,
            meta=self.meta(LIST if self.context.job.source.kind in WEB_LISTS else None),
            # Lists first: what they bring decides what is worth fetching.
            priority=10,
            dont_filter=True,
        )

    async def parse_list(
        self, response: Response, key: str, seen: SeenUrl | None, depth: int
    ) -> AsyncIterator[Any]:
        """Read a list and follow its links, unless it is what it was last time."""
        page = page_of(response)
        raw_hash = hashlib.sha256(page.body).hexdigest()
        agent = product_token(self.crawler.settings["USER_AGENT"])
        if response.status == 304 or (seen is not None and seen.raw_hash == raw_hash):
            count(self.crawler.stats, "unchanged")
        elif directives_of(page, agent).nofollow:
            detail = f"{page.url} asks robots not to follow its links"
            self._list_gave_nothing(response.request, Outcome.NOFOLLOW, detail)
        else:
            try:
                async for found in self.read_list(ListPage(key, page, raw_hash, depth)):
                    yield found
            except tuple(_UNREADABLE) as error:
                outcome, detail = why_no_list(page, _UNREADABLE[type(error)], str(error))
                if outcome is Outcome.CAPTCHA:
                    await note_challenge(self.crawler, page.url)
                self._list_gave_nothing(response.request, outcome, detail)
        async for request in self.next_lists():
            yield request

    def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Yield requests for what the list names. Raises when it is not such a list."""
        raise NotImplementedError

    async def next_lists(self) -> AsyncIterator[Request]:
        """Requests for lists that had to wait until another one was done with. None by default."""
        none: tuple[Request, ...] = ()
        for request in none:
            yield request

    def remember(self, fetched: ListPage) -> None:
        """Let the next crawl skip this list while it stays the same.

        It is written down only when the crawl has dealt with all links of all its lists."""
        headers = fetched.page.headers
        self.listed[fetched.key] = Visit(
            fetched.key,
            self.context.job.source.name,
            fetched.page.fetched_at,
            LISTED,
            headers.get("etag"),
            headers.get("last-modified"),
            fetched.raw_hash,
        )

    async def follow(self, links: Sequence[Link]) -> AsyncIterator[Request]:
        """Requests for the articles among `links` that are to be fetched in this crawl."""
        known, refused = self.frontier.known, self.frontier.refused.copy()
        async for target in self.frontier.admit(links):
            yield self.article_request(target)
        count(self.crawler.stats, "known", self.frontier.known - known)
        for outcome, number in (self.frontier.refused - refused).items():
            count_failure(self.crawler.stats, outcome, number)

    def article_request(self, target: Target, address: str | None = None) -> Request:
        """A request for an article page, at `address` when that is not its canonical form."""
        return Request(
            address or target.url,
            callback=self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"target": target},
            headers={} if self.context.job.source.browser else target.validators,
            # A known article is looked at again in the next crawl: a site in trouble is not pressed.
            meta=self.meta(ARTICLE) | self.evidence_meta() | {"dont_retry": target.recheck},
            dont_filter=True,
        )

    def evidence_meta(self) -> dict[str, Any]:
        """Request meta of a page that may become evidence: what of it is to be kept."""
        job = self.context.job
        wanted = {WIRE: bool(job.evidence), PICTURE: bool(job.evidence and job.pictures)}
        return {name: True for name, is_wanted in wanted.items() if is_wanted}

    def meta(self, role: str | None) -> dict[str, Any]:
        """Request meta of every request: 304 is an answer; what may be rendered has its role."""
        meta: dict[str, Any] = {"handle_httpstatus_list": [304]}
        if role and self.context.job.source.browser:
            meta[RENDER] = role
        return meta

    async def parse_article(
        self, response: Response, target: Target, before: tuple[Page, ...] = ()
    ) -> AsyncIterator[Reading | Request]:
        """Hand an article to the pipelines, when all pages it goes on over are here."""
        pages = (*before, page_of(response))
        following = next_part(pages) if response.status == 200 else None
        if following is None or len(pages) >= MOST_PARTS:
            yield Reading.of(
                target.url, target.seen, pages, recheck=target.recheck, cut=following is not None
            )
        else:
            yield self.part_request(target, following, pages)

    def part_request(self, target: Target, url: str, before: tuple[Page, ...]) -> Request:
        """A request for the page on which an article goes on."""
        return Request(
            url,
            callback=self.parse_article,
            errback=self.part_failed,
            cb_kwargs={"target": target, "before": before},
            meta=self.meta(ARTICLE) | self.evidence_meta(),
            priority=5,  # before other articles: what is half read waits in memory
            dont_filter=True,
        )

    async def part_failed(self, failure: Failure) -> AsyncIterator[Reading]:
        """Hand over what there is of an article: it is marked as cut, and asked for again."""
        if not self.crawler.crawling:
            return
        kwargs = request_of(failure).cb_kwargs
        log.warning("article.part_failed", url=request_of(failure).url, error=detail_of(failure))
        target: Target = kwargs["target"]
        yield Reading.of(
            target.url, target.seen, kwargs["before"], recheck=target.recheck, cut=True
        )

    async def article_failed(self, failure: Failure) -> AsyncIterator[Reading]:
        """Hand a failed fetch to the pipelines, to be counted and remembered."""
        if not self.crawler.crawling:
            return  # the crawl is being stopped: says nothing about the page
        target: Target = request_of(failure).cb_kwargs["target"]
        outcome = outcome_of(failure)
        if outcome is Outcome.FAILED:  # no name for it: ours to look into
            log.error("fetch.failed", url=target.url, error=failure.getTraceback())
        yield Reading(
            target.url,
            target.seen,
            outcome=str(outcome),
            detail=detail_of(failure),
            answer=answer_of(failure) if target.seen and target.seen.kept else None,
            recheck=target.recheck,
        )

    async def list_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """A list could not be fetched: the source may be failing."""
        if not self.crawler.crawling:
            return
        self._list_gave_nothing(request_of(failure), str(outcome_of(failure)), detail_of(failure))
        async for request in self.next_lists():
            yield request

    def _list_gave_nothing(self, request: Request | None, outcome: str, detail: str) -> None:
        assert request is not None
        count_failure(self.crawler.stats, outcome)
        self.frontier.cut = True
        if request.cb_kwargs["depth"] == 1:
            first = request.meta.get("redirect_urls", [request.url])[0]
            self.failed_starts[first] = f"{outcome}: {detail}"
