"""From a fetched page to the article log: unchanged? → extract → mentions? → store."""

import asyncio
from dataclasses import replace
from typing import Any, Self

import structlog
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from sqlalchemy.exc import SQLAlchemyError

from crawler.article import Article, ExtractionFailed
from crawler.batch import BatchWriter
from crawler.canonical import address_of
from crawler.context import CrawlContext
from crawler.counts import count, count_failure
from crawler.directives import directives_of
from crawler.evidence.archive import EvidenceNotWritten
from crawler.extract import extract_around, extract_parts
from crawler.extract.frame import fits, frame_of
from crawler.frontier import Frontier
from crawler.items import Reading
from crawler.log.seen import KEPT, SKIPPED, SUCCESSES, UNCHANGED
from crawler.outcomes import Outcome
from crawler.page import Page
from crawler.politeness import note_challenge
from crawler.rechecking import leads_home, says_nothing_of_source
from crawler.robots import product_token
from crawler.turns import turns
from crawler.unread import why_no_article, why_no_text
from crawler.urls import site_of

COUNTED: dict[str, Any] = {KEPT: "articles", SKIPPED: "skipped", UNCHANGED: "unchanged"}

log = structlog.get_logger(__name__)


class UnchangedPipeline:
    """A page that answered 304, or with the very bytes we kept: nothing more to do with it."""

    async def process_item(self, item: Reading) -> Reading:
        """Settle unchanged pages."""
        if item.outcome or item.page is None:
            return item
        if item.known and leads_home(item):
            # Nobody's new version; and "not modified", asked of it with another page's time, is false.
            return replace(item, outcome=SKIPPED)
        same = item.known and item.seen is not None and item.seen.raw_hash == item.raw_hash
        if item.page.status == 304 or same:
            return _unchanged(item)
        return item


class ExtractPipeline:
    """Read the article out of the page. In the reactor's thread: extraction holds the GIL anyway."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_item(self, item: Reading) -> Reading:
        """Give the item its article, or the reason why there is none."""
        if item.outcome or item.page is None:
            return item
        page = item.page
        if directives_of(page, product_token(self._crawler.settings["USER_AGENT"])).noindex:
            detail = f"{item.url} asks robots not to keep it"
            return replace(item, outcome=str(Outcome.NOINDEX), detail=detail)
        try:
            if _shows_the_same(item, page):
                turns().welcomed(site_of(page.url))
                return _unchanged(item)
            article, frame = self._read(item, page)
            unread = why_no_text(page, article)
            item = replace(item, article=article, frame=frame)
        except ExtractionFailed as error:
            unread = why_no_article(page, str(error))
        except Exception as error:  # the edge "one article": the others go on
            log.exception("article.crash", url=item.url)
            return replace(item, outcome=str(Outcome.CRASH), detail=repr(error))
        if unread is None:
            turns().welcomed(site_of(page.url))
            return item
        outcome, detail = unread
        if outcome is Outcome.CAPTCHA:
            await note_challenge(self._crawler, page.url)
        return replace(item, article=None, outcome=str(outcome), detail=detail)

    def _read(self, item: Reading, page: Page) -> tuple[Article, str | None]:
        """The article, and the frame of a page that will be looked at again and is all of it."""
        selectors = _context(self._crawler).job.source.selectors
        if item.further or item.cut:
            article, frame = extract_parts((page, *item.further), selectors), None
        else:
            article, around = extract_around(page, selectors)
            frame = frame_of(page, around) if item.known else None
        cut = article.truncated or item.cut
        return replace(article, url=address_of(page), truncated=cut), frame


class MentionPipeline:
    """Keep what mentions a watched platform, and what was kept before whatever it says now;
    everything, when the source says `keep: all`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_item(self, item: Reading) -> Reading:
        """Decide between kept and skipped."""
        if item.outcome or item.article is None:
            return item
        context = _context(self._crawler)
        article = item.article
        # A name that was taken out of a known article is the edit somebody waits for.
        known = item.known and article.url == item.url
        if item.known and item.seen is not None and item.seen.text_hash == item.text_hash:
            return _unchanged(item)
        if known or context.job.source.keep == "all":
            return replace(item, outcome=KEPT)
        mentioned = context.matcher.mentions_watched(article.title, article.body)
        return replace(item, outcome=KEPT if mentioned else SKIPPED)


class LogPipeline:
    """Store articles and what was seen, in batches; an item is done when it is committed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer: BatchWriter | None = None
        self._left_undone = False  # whether any article of this crawl must be fetched again

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Begin to write for this crawl."""
        self._writer = BatchWriter(
            _context(self._crawler), self._nothing_else_is_coming, self._settled
        )

    async def process_item(self, item: Reading) -> Reading:
        """Return when the item is committed; raises when it could not be."""
        try:
            await self.put(item)
        except EvidenceNotWritten as error:
            # Told once, by the crawl's result, instead of with a traceback for every page.
            raise DropItem(str(error), log_level="WARNING") from error
        return item

    def put(self, item: Reading) -> asyncio.Future[None]:
        """Have the item committed with others, for whoever has no task to wait in."""
        assert self._writer is not None
        return self._writer.put(item)

    def _settled(self, item: Reading, error: Exception | None) -> None:
        """Count an item that is committed, or lost."""
        if isinstance(error, SQLAlchemyError):
            count_failure(self._crawler.stats, Outcome.STORE)
            self._left_undone = True
        elif isinstance(error, EvidenceNotWritten):
            count_failure(self._crawler.stats, Outcome.EVIDENCE)
            self._left_undone = True
            spider: Any = self._crawler.spider
            spider.trouble = str(error)
        elif error is None and not item.is_elsewhere:
            self._count(item)
            if observe := _context(self._crawler).observe:
                observe(item)

    async def close_spider(self) -> None:
        """Commit the rest, and remember the lists whose links were all dealt with."""
        assert self._writer is not None
        spider: Any = self._crawler.spider
        await spider.rechecks.ended()
        await self._writer.finish()
        frontier: Frontier = spider.frontier
        # Else the lists are read again, so that nothing on them is forgotten.
        is_done = not (self._left_undone or frontier.cut) and self._crawler.crawling
        await self._writer.close(list(spider.listed.values()) if is_done else ())

    def _count(self, item: Reading) -> None:
        stats = self._crawler.stats
        if item.page is not None and item.page.status != 304:
            count(stats, "pages")
        if counted := COUNTED.get(item.outcome):
            count(stats, counted)
        else:
            count_failure(stats, item.outcome)
            # Known articles are looked at again as they are due, whatever the lists say.
            if not item.known:
                self._left_undone = self._left_undone or item.outcome not in SUCCESSES
        spider: Any = self._crawler.spider
        if says_nothing_of_source(item, _context(self._crawler).job.source):
            spider.aside[item.outcome] += 1

    def _nothing_else_is_coming(self) -> bool:
        """Whether the batch in hand is all that this crawl still has to do, or can hold."""
        engine = self._crawler.engine
        slot = engine.scraper.slot
        if not self._crawler.crawling or (slot is not None and slot.needs_backout()):
            return True
        spider: Any = self._crawler.spider
        if spider.rechecks.are_under_way:
            return False
        waiting = self._writer.waiting if self._writer else 0
        return (
            not engine.downloader.active
            and slot is not None
            and len(slot.active) + len(slot.queue) <= waiting
            and not (engine.scheduler and engine.scheduler.has_pending_requests())
        )


def _shows_the_same(item: Reading, page: Page) -> bool:
    """Whether the article stands in it as it did when it was last read, whatever is around it."""
    frame = item.seen.frame if item.seen is not None and item.seen.kept else None
    return frame is not None and not item.further and not item.cut and fits(page, frame)


def _unchanged(item: Reading) -> Reading:
    """Settled, and without its bytes: it may wait long for others."""
    page = item.page
    assert page is not None
    if page.body or page.wire:  # a 304 has neither
        page = replace(page, body=b"", wire=None)
    return replace(item, outcome=UNCHANGED, page=page, further=())


def _context(crawler: Crawler) -> CrawlContext:
    spider: Any = crawler.spider
    context: CrawlContext = spider.context
    return context
