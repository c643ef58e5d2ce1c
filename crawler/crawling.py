"""One crawl inside a running asyncio reactor: from its job to its result."""

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, Self

import structlog
from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import BaseSettings, Settings, SettingsAttribute
from twisted.python.failure import Failure

from crawler.chromium import NoBrowser
from crawler.context import CrawlContext, StoreNotReady, context_for
from crawler.counts import Counts, count_failure, read_counts, without
from crawler.crawl import CrawlJob, CrawlResult
from crawler.items import Reading
from crawler.tuning import NoContact
from seeds.problems import SeedError
from seeds.secrets_file import NoCredentials

Progress = Callable[[CrawlResult], None]

log = structlog.get_logger(__name__)

# Of crawl_timeout; the rest is for requests in flight and the last commit.
USABLE_TIME = 0.9

# What keeps a crawl from starting, and the outcome it is counted as.
_REFUSALS: dict[type[Exception], str] = {
    NoBrowser: "no-browser",
    NoContact: "no-contact",
    NoCredentials: "no-credentials",
    SeedError: "seeds",
    StoreNotReady: "store",
}


class Crawl:
    """One crawl, from start to result."""

    def __init__(self, job: CrawlJob, progress: Progress | None = None) -> None:
        self._job = job
        self._progress = progress
        self.started_at = datetime.now(UTC)
        self._crawler: Crawler | None = None
        self._stopped = False
        self._out_of_time = False

    async def run(self, context: CrawlContext | None = None) -> CrawlResult:
        """Run to the end. `context` stands in for the one that the job describes."""
        try:
            context = context or context_for(self._job, self._observe)
            self._crawler = runner_of_process().create_crawler(self._job.source.kind)
            self._crawler.signals.connect(self._note_crash, signals.spider_error)
            if not self._stopped:
                # Not by the runner, which would give the crawler its settings again, one by one.
                crawl = self._crawler.crawl_async(context=context)
                await self._within_time(asyncio.create_task(crawl))
        except tuple(_REFUSALS) as error:
            return self._result("failed", Counts(failures={_REFUSALS[type(error)]: 1}), str(error))
        except Exception as error:  # the edge "one crawl": the worker takes the next
            log.exception("crawl.crash", crawl=self._job.crawl_id)
            return self._result("failed", Counts(failures={"crash": 1}), repr(error))
        return self._ended()

    async def stop(self) -> None:
        """End the crawl now: what is in flight is finished and stored, the rest is left."""
        self._stopped = True
        if self._crawler is not None and self._crawler.crawling:
            await self._crawler.stop_async()

    async def _within_time(self, crawl: asyncio.Task[None]) -> None:
        """End a long crawl in good order, before its supervisor kills the worker over it."""
        seconds = self._job.options.crawl_timeout.total_seconds() * USABLE_TIME
        done, _ = await asyncio.wait([crawl], timeout=seconds)
        if not done:
            self._out_of_time = True
            log.warning("crawl.out_of_time", crawl=self._job.crawl_id, seconds=seconds)
            assert self._crawler is not None
            await self._crawler.stop_async()
        await crawl

    def _observe(self, _reading: Reading) -> None:
        if self._progress is not None and self._crawler is not None:
            self._progress(self._result("finished", read_counts(self._crawler.stats)))

    def _note_crash(self, failure: Failure, response: Any = None, spider: Any = None) -> None:
        """A spider's own error: Scrapy logs it and goes on, the result must show it."""
        del failure, response
        assert self._crawler is not None
        count_failure(self._crawler.stats, "crash")
        spider.frontier.cut = True  # nothing it read may be taken as dealt with

    def _ended(self) -> CrawlResult:
        assert self._crawler is not None
        if self._stopped or self._crawler.spider is None:
            counts = read_counts(self._crawler.stats) if self._crawler.spider else Counts()
            return self._result("interrupted", counts, "stopped before its end")
        counts = read_counts(self._crawler.stats)
        spider: Any = self._crawler.spider
        message = spider.trouble or why_failed(
            without(counts, spider.aside),
            spider.start_urls,
            spider.failed_starts,
            spider.frontier.resting,
        )
        return self._result("failed" if message else "finished", counts, message)

    def _result(
        self, state: Literal["finished", "failed", "interrupted"], counts: Counts, message: str = ""
    ) -> CrawlResult:
        return CrawlResult(
            crawl_id=self._job.crawl_id,
            source=self._job.source.name,
            state=state,
            started_at=self.started_at,
            finished_at=datetime.now(UTC),
            baseline=self._job.source.baseline is True,
            message=message,
            **asdict(counts),
        )


def why_failed(
    counts: Counts, starts: list[str], failed_starts: dict[str, str], resting: int
) -> str:
    """Why the source as a whole gave nothing; empty when it gave something or had nothing new.

    A source fails when every address it starts from did, or every article page it led to:
    now, or before (`resting` links failed before and are not due)."""
    if starts and len(failed_starts) >= len(starts):
        first = next(iter(failed_starts.values()))
        more = f" (and {len(failed_starts) - 1} more)" if len(failed_starts) > 1 else ""
        return first + more
    worked = counts.articles + counts.skipped + counts.unchanged + counts.known
    failed = sum(counts.failures.values())
    if (failed or resting) and not worked:
        named = ", ".join(f"{number} {name}" for name, number in counts.failures.items())
        named = named or f"{resting} failed before and rest"
        return f"no article page could be read: {named}"
    return ""


class SharedSettings(Settings):
    """Settings of which every crawl has its own copy, and all share the values: Scrapy's own copies
    each value too (measured: 30 ms a crawl), and none is changed in place, only replaced."""

    def copy(self) -> Self:
        """An independent set of the same values."""
        copied = type(self).__new__(type(self))
        copied.frozen = False
        copied.attributes = {
            name: SettingsAttribute(_own(each.value), each.priority)
            if isinstance(each.value, BaseSettings)
            else each
            for name, each in self.attributes.items()
        }
        return copied

    def set(self, name: Any, value: Any, priority: int | str = "project") -> None:
        """Set one of this set's own: the others keep theirs."""
        if known := self.attributes.get(name):
            self.attributes[name] = SettingsAttribute(known.value, known.priority)
        super().set(name, value, priority)


def _own(value: BaseSettings) -> BaseSettings:
    """Dictionaries are settings in themselves, to which a crawl may add."""
    copied = BaseSettings()
    copied.attributes = {
        name: SettingsAttribute(each.value, each.priority)
        for name, each in value.attributes.items()
    }
    return copied


@lru_cache(maxsize=1)
def runner_of_process() -> AsyncCrawlerRunner:
    """Scrapy's runner with our settings, one a process."""
    settings = SharedSettings()
    settings.setmodule("crawler.settings", priority="project")
    # Scrapy's summary of a crawl: made ready for a log that leaves it out (crawler/logs.py).
    settings.set("STATS_DUMP", value=False, priority="project")
    return AsyncCrawlerRunner(settings)
