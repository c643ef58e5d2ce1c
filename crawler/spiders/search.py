"""Ask a site's own search for every name of every watched platform."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from crawler.charset import decode
from crawler.feeds import read_feed
from crawler.links import absolute
from crawler.listings import EmptyListing
from crawler.outcomes import Outcome
from crawler.spiders.listing import ListingSpider
from crawler.spiders.source import ListPage
from crawler.unread import why_no_list

_FEED_STARTS = (b"<?xml", b"<rss", b"<feed", b"<rdf")


class SearchSpider(ListingSpider):
    """`scrapy crawl search -a source=NAME`. Results come as a feed or as listing pages."""

    name = "search"

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the results, whichever form they have.

        That a site has nothing about one name is no failure. The source fails when it has nothing
        about any, unless it says so in pages of results and never had anything."""
        if _is_feed(fetched):
            links = read_feed(fetched.page, self.context.job.options.feed_entries)
            async for request in self.follow(links):
                yield request
            self.remember(fetched)
            return
        try:
            async for found in super().read_list(fetched):
                yield found
        except EmptyListing as empty:
            outcome, detail = why_no_list(fetched.page, Outcome.NO_LINKS, str(empty))
            if outcome is not Outcome.NO_LINKS:
                raise
            if not self._is_answer(fetched) or await self.frontier.has_read():
                self.failed_starts[fetched.key] = f"{outcome}: {detail}"

    def _is_answer(self, fetched: ListPage) -> bool:
        """Whether the page names what was asked for, as pages of results do."""
        before, _, behind = self.context.job.source.url.partition("{alias}")
        url = next(each for each in self.start_urls if absolute(each, each) == fetched.key)
        asked = unquote(url.removeprefix(before).removesuffix(behind))
        text = decode(fetched.page).text
        return all(word in text for word in asked.split())


def _is_feed(fetched: ListPage) -> bool:
    """By what it says it is, or by how it begins (servers label feeds text/html, too)."""
    content_type = fetched.page.headers.get("content-type", "").split(";")[0].strip().lower()
    start = fetched.page.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in start or b"<!doctype html" in start:
        return False
    return content_type.endswith(("xml", "rss", "atom", "feed+json")) or start.startswith(
        _FEED_STARTS
    )
