"""Writes down every fetch of a known article's address, and has its site asked when in doubt."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

import structlog
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.article import ExtractionFailed
from crawler.context import CrawlContext
from crawler.directives import directives_of
from crawler.extract import extract
from crawler.extract.shown import shown
from crawler.items import Reading
from crawler.log.looks import Look
from crawler.log.seen import KEPT, SKIPPED
from crawler.outcomes import Outcome, outcome_of
from crawler.page import Page
from crawler.politeness import note_challenge
from crawler.received import answer_of, detail_of, page_of, request_of
from crawler.rechecking import SHORT, Place, is_doubtful, is_elsewhere, places_to_compare
from crawler.robots import product_token
from crawler.unread import why_no_article, why_no_text
from crawler.urls import site_of
from seeds.models import Selectors

log = structlog.get_logger(__name__)

# Characters of a page's words that a look keeps: notices are a line or two, a list of articles is
# known by its first screen.
MOST_WORDS = 4_000
LONGEST_TITLE = 500
# Endings of which the words are in the log already, or cannot be read.
_SAID = frozenset({KEPT, "unchanged", Outcome.CRASH})


class LookPipeline:
    """Writes a look on every reading of a known article, and has its site asked when in doubt."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: set[str] = set()  # sites, each once a crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_item(self, item: Reading) -> Reading:
        """Give a known article's reading its look."""
        if not item.known or item.look is not None:
            return item
        if is_doubtful(item) and item.url not in self._context.job.settled:
            self._ask_site(item.url)
        return replace(item, look=self._look(item))

    def _look(self, item: Reading) -> Look:
        page = item.page or item.answer
        words = ("", "")
        if item.outcome == SKIPPED and item.article is not None and page is not None:
            article = item.article
            # Of a list that the address leads to now, an article's reading is a few words.
            led_to_list = is_elsewhere(item.url, page) and len(article.body) < SHORT
            words = shown(page) if led_to_list else (article.title, article.body)
        elif item.outcome not in _SAID and page is not None:
            words = self._words(page)
        return self._look_at(("article", item.url), item.outcome, page, words, item.detail)

    def _words(self, page: Page) -> tuple[str, str]:
        """What the page says, unless it asks not to be kept."""
        return words_of(page, self._context.job.source.selectors, self._agent)

    def _ask_site(self, url: str) -> None:
        """Ask the article's site for what it shows elsewhere, once in this crawl."""
        site = site_of(url)
        if site in self._asked or not self._crawler.crawling:
            return
        self._asked.add(site)
        assert self._crawler.engine is not None
        for place in places_to_compare(url, self._context.job.crawl_id):
            self._crawler.engine.crawl(self._request(place))

    def _request(self, place: Place) -> Request:
        """An ordinary request, paced and asked of robots like any other; in no browser, and once."""
        return Request(
            place[1],
            callback=self._shown,
            errback=self._not_shown,
            cb_kwargs={"place": place},
            meta={"dont_retry": True},
            dont_filter=True,
        )

    async def _shown(self, response: Response, place: Place) -> AsyncIterator[Reading]:
        page = page_of(response)
        outcome = await self._unread(page) or Outcome.OK
        yield self._elsewhere(place, outcome, page)

    async def _not_shown(self, failure: Failure) -> AsyncIterator[Reading]:
        if not self._crawler.crawling:
            return
        place: Place = request_of(failure).cb_kwargs["place"]
        outcome = outcome_of(failure)
        if outcome is Outcome.FAILED:
            log.error("fetch.failed", url=place[1], error=failure.getTraceback())
        yield self._elsewhere(place, outcome, answer_of(failure), detail_of(failure))

    async def _unread(self, page: Page) -> Outcome | None:
        """What is the matter with a page that came; that it holds no article is nothing."""
        if directives_of(page, self._agent).noindex:
            return Outcome.NOINDEX
        try:
            unread = why_no_text(page, extract(page, self._context.job.source.selectors))
        except ExtractionFailed as error:
            unread = why_no_article(page, str(error))
        if unread is None or unread[0] is Outcome.LAYOUT:
            return None
        if unread[0] is Outcome.CAPTCHA:
            await note_challenge(self._crawler, page.url)
        return unread[0]

    def _elsewhere(
        self, place: Place, outcome: Outcome, page: Page | None, detail: str = ""
    ) -> Reading:
        words = self._words(page) if page is not None else ("", "")
        look = self._look_at(place, str(outcome), page, words, detail)
        return Reading(look.url, outcome=look.outcome, look=look)

    def _look_at(
        self, place: Place, outcome: str, page: Page | None, words: tuple[str, str], detail: str
    ) -> Look:
        role, url = place
        return Look(
            url=url,
            site=site_of(url),
            role=role,
            source=self._context.job.source.name,
            looked_at=page.fetched_at if page is not None else datetime.now(UTC),
            outcome=outcome,
            status=page.status if page is not None else None,
            address=page.url if page is not None else "",
            title=words[0][:LONGEST_TITLE],
            text=words[1][:MOST_WORDS],
            detail=detail,
        )

    @property
    def _agent(self) -> str:
        return product_token(self._crawler.settings["USER_AGENT"])

    @property
    def _context(self) -> CrawlContext:
        spider: Any = self._crawler.spider
        context: CrawlContext = spider.context
        return context


def words_of(page: Page, selectors: Selectors, agent: str) -> tuple[str, str]:
    """Title and text of whatever page stands there; its visible lines when they are no article.
    Nothing of a page that asks robots not to keep it."""
    if directives_of(page, agent).noindex:
        return "", ""
    try:
        article = extract(page, selectors)
    except ExtractionFailed:
        return shown(page)
    return article.title, article.body
