"""Ask a site's own search for every name of every watched platform."""

from collections.abc import AsyncIterator
from typing import Any

from crawler.feeds import read_feed
from crawler.spiders.listing import ListingSpider
from crawler.spiders.source import ListPage

_FEED_STARTS = (b"<?xml", b"<rss", b"<feed", b"<rdf")


class SearchSpider(ListingSpider):
    """`scrapy crawl search -a source=NAME`. Results come as a feed or as listing pages."""

    name = "search"

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the results, whichever form they have."""
        if not _is_feed(fetched):
            async for found in super().read_list(fetched):
                yield found
            return
        links = read_feed(fetched.page, self.context.job.options.feed_entries)
        async for request in self.follow(links):
            yield request
        self.remember(fetched)


def _is_feed(fetched: ListPage) -> bool:
    """By what it says it is, or by how it begins (servers label feeds text/html, too)."""
    content_type = fetched.page.headers.get("content-type", "").split(";")[0].strip().lower()
    start = fetched.page.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in start or b"<!doctype html" in start:
        return False
    return content_type.endswith(("xml", "rss", "atom", "feed+json")) or start.startswith(
        _FEED_STARTS
    )
