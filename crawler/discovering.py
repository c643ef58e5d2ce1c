"""Look around on a site through the same guards as a crawl: `python -m crawler.discovering`."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.answering import answer_parent
from crawler.charset import decode
from crawler.conduct import conduct_store_of
from crawler.crawl import CrawlJob
from crawler.crawling import runner_of_process
from crawler.discovery import DISCOVERY, Discovery, DiscoveryJob, Offer
from crawler.guestbook import ConductStore
from crawler.links import absolute
from crawler.offered import failed, read_any, read_offer
from crawler.offers import (
    FEED_PATHS,
    SITEMAP_PATHS,
    Candidate,
    announced,
    sections,
    usual_places,
)
from crawler.outcomes import of_error, of_status
from crawler.page import Page
from crawler.received import page_of
from crawler.settings import DOWNLOADER_MIDDLEWARES
from crawler.tuning import NoContact, settings_for
from crawler.verdicts import named_sitemaps, robots_verdict
from seeds.models import Source

# Each address costs a request, and those are 5 s apart: a visit takes a minute or two.
MOST_FEEDS = 6
MOST_SITEMAPS = 3
MOST_SECTIONS = 4


class DiscoverySpider(Spider):
    """Asks for one address after another and reads what comes."""

    name = "discovery"
    # It has no source: no credentials to show.
    custom_settings = {  # noqa: RUF012  # Scrapy's own form
        "ITEM_PIPELINES": {},
        "DOWNLOADER_MIDDLEWARES": {
            **DOWNLOADER_MIDDLEWARES,
            "crawler.credentials.CredentialsMiddleware": None,
        },
    }

    job: DiscoveryJob
    conduct_store: ConductStore | None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *args: Any, job: DiscoveryJob | None = None, **kwargs: Any
    ) -> Self:
        """Apply the options to the visit's settings. Raises NoContact before anything is fetched."""
        assert job is not None
        spider = super().from_crawler(crawler, *args, **kwargs)
        source = Source.model_validate({"name": "discovery", "kind": "page", "url": job.url})
        crawl_job = CrawlJob(
            crawl_id="discovery", source=source, database="", seeds="", options=job.options
        )
        crawler.settings.setdict(settings_for(crawl_job, [job.url]), priority="spider")
        spider.job = job
        spider.conduct_store = conduct_store_of(job.database, DISCOVERY)
        spider.offers = []
        spider.asked = {}
        spider.requests = 0
        spider.message = "crash: the visit ended early; the log above says why"
        return spider

    offers: list[Offer]
    asked: dict[str, Offer]
    requests: int
    message: str

    async def start(self) -> AsyncIterator[Request]:
        """Do all of it here: what is asked for next depends on what came."""
        home = await self._get(self.job.url)
        if isinstance(home, Page):
            own = read_any(home, self.job.options, datetime.now(UTC), "the address itself")
            self._note(own)
            if self.job.around and own.kind == "listing":
                await self._look_around(home)
            self.message = ""
        else:
            self.message = f"{home[0]}: {home[1]}"
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def found(self) -> Discovery:
        """The offers, those that work first; of these, feeds, listings, sitemaps."""
        order = {"feed": 0, "listing": 1, "sitemap": 2}
        offers = sorted(self.offers, key=lambda each: (not each.works, order[each.kind]))
        return Discovery(
            url=self.job.url,
            robots=robots_verdict(self.job.url, self.job.options),
            offers=tuple(offers),
            requests=self.requests,
            message=self.message,
        )

    async def _look_around(self, home: Page) -> None:
        text = decode(home).text
        await self._try_each(announced(text, home.url)[:MOST_FEEDS])
        if not self._has("feed"):
            await self._try_until_one_works(usual_places(home.url, "feed", FEED_PATHS))
        await self._try_each(list(_of_robots(home.url))[:MOST_SITEMAPS])
        if not self._has("sitemap"):
            await self._try_until_one_works(usual_places(home.url, "sitemap", SITEMAP_PATHS))
        await self._try_each(sections(text, home.url, MOST_SECTIONS))

    async def _try_each(self, candidates: Sequence[Candidate]) -> None:
        for candidate in candidates:
            self._note(await self._read(candidate))

    async def _try_until_one_works(self, candidates: Sequence[Candidate]) -> None:
        """Guesses that fail are not worth telling: nobody said that anything is there."""
        for candidate in candidates:
            offer = await self._read(candidate)
            if offer.works:
                self._note(offer)
                return

    async def _read(self, candidate: Candidate) -> Offer:
        if candidate.url in self.asked:
            return self.asked[candidate.url]
        page = await self._get(candidate.url)
        if isinstance(page, Page):
            offer = read_offer(candidate, page, self.job.options, datetime.now(UTC))
        else:
            offer = failed(candidate, *page)
        self.asked[candidate.url] = offer
        return offer

    async def _get(self, url: str) -> Page | tuple[str, str]:
        """The page, or the outcome's name and what is known of it."""
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        assert self.crawler.engine is not None
        self.requests += 1
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # every way a fetch can end has a name
            return str(of_error(error)), str(error)
        if response.status != 200:
            return str(of_status(response.status)), f"{response.url} answered {response.status}"
        return page_of(response)

    def _note(self, offer: Offer) -> None:
        known = {(each.kind, each.url) for each in self.offers}
        if (offer.kind, offer.url) not in known:
            verdict = robots_verdict(offer.url, self.job.options)
            self.offers.append(offer.model_copy(update={"robots": verdict}))

    def _has(self, kind: str) -> bool:
        return any(offer.works and offer.kind == kind for offer in self.offers)


def _of_robots(home: str) -> Iterator[Candidate]:
    for address in named_sitemaps(home):
        if (url := absolute(address, home)) is not None:
            yield Candidate("sitemap", url, "robots.txt")


async def run_discovery(job: DiscoveryJob) -> Discovery:
    """Look around, inside a running reactor."""
    crawler = runner_of_process().create_crawler(DiscoverySpider)
    try:
        await crawler.crawl_async(job=job)
    except NoContact as error:
        return Discovery(url=job.url, message=f"no-contact: {error}")
    spider = crawler.spider
    assert isinstance(spider, DiscoverySpider)
    return spider.found()


async def _answer(question: bytes) -> str:
    found = await run_discovery(DiscoveryJob.model_validate_json(question))
    return found.model_dump_json()


if __name__ == "__main__":
    answer_parent(_answer)
