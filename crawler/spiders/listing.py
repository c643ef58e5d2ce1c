"""Follow the articles of a listing page, and its next pages."""

from collections.abc import AsyncIterator
from typing import Any

from crawler.charset import decode
from crawler.listings import EmptyListing, read_listing
from crawler.spiders.source import ListPage, SourceSpider


class ListingSpider(SourceSpider):
    """`scrapy crawl listing -a source=NAME`."""

    name = "listing"

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the page's articles, then the next page, up to `max_pages`.

        A first page without any is an error: silence would look like no news."""
        source = self.context.job.source
        page = fetched.page
        listing = read_listing(decode(page).text, page.url, source.selectors)
        if fetched.depth == 1 and not listing.articles:
            raise EmptyListing(
                f"{page.url} shows no link to an article; check the source's selectors, or whether"
                " it needs `browser: true`"
            )
        async for request in self.follow(listing.articles):
            yield request
        self.remember(fetched)
        if listing.next_url and fetched.depth < source.max_pages:
            yield await self.list_request(listing.next_url, fetched.depth + 1)
