"""The crawler's entry points: run a crawl; `python -m crawler.run` is a worker."""

from crawler.crawl import CrawlJob, CrawlResult
from crawler.crawling import Crawl, Progress
from crawler.loop import main

__all__ = ["Progress", "main", "run_crawl"]


async def run_crawl(job: CrawlJob, progress: Progress | None = None) -> CrawlResult:
    """Crawl `job.source` to the end and say how it went. Never raises for what a source does.

    Needs a running asyncio reactor; several crawls may run in it at once. `progress` is told
    the counts so far after each article page."""
    return await Crawl(job, progress).run()


if __name__ == "__main__":
    main()
