"""Follow the entries of a feed: RSS, Atom or RDF."""

from collections.abc import AsyncIterator
from typing import Any

from crawler.feeds import read_feed
from crawler.spiders.source import ListPage, SourceSpider


class FeedSpider(SourceSpider):
    """`scrapy crawl feed -a source=NAME`."""

    name = "feed"

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the feed's entries."""
        links = read_feed(fetched.page, self.context.job.options.feed_entries)
        async for request in self.follow(links):
            yield request
        self.remember(fetched)
