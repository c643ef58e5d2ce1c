"""Read one page again and again: the page itself is the article."""

from collections.abc import AsyncIterator
from typing import Any

from crawler.frontier import Target
from crawler.links import absolute
from crawler.spiders.source import SourceSpider


class PageSpider(SourceSpider):
    """`scrapy crawl page -a source=NAME`."""

    name = "page"

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the page, conditionally when it was kept before, and for what the job names."""
        url = self.context.job.source.url
        key = absolute(url, url) or url
        others = [each for each in self.context.job.rechecks if each != key]
        rechecks = await self.frontier.begin(others, [key])
        yield self.article_request(Target(key, await self.frontier.recall(key)), url)
        await self.rechecks.run(rechecks)
