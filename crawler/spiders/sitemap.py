"""Follow a sitemap: a urlset, news, plain text, or an index of them."""

from collections.abc import AsyncIterator
from typing import Any

from crawler.links import newest_first
from crawler.sitemaps import read_sitemap
from crawler.spiders.source import ListPage, SourceSpider


class SitemapSpider(SourceSpider):
    """`scrapy crawl sitemap -a source=NAME`."""

    name = "sitemap"

    # Addresses read in this crawl, over all its sitemaps.
    addresses = 0

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the newest addresses first: an archive comes over several crawls."""
        options = self.context.job.options
        room = options.sitemap_urls - self.addresses
        sitemap = read_sitemap(fetched.page, room, options.page_bytes)
        self.addresses += len(sitemap.articles) + len(sitemap.sitemaps)
        self.frontier.cut = self.frontier.cut or sitemap.cut
        for further in newest_first(sitemap.sitemaps):
            if fetched.depth < options.sitemap_depth:
                yield await self.list_request(further.url, fetched.depth + 1)
        async for request in self.follow(newest_first(sitemap.articles)):
            yield request
        if not sitemap.sitemaps:
            # An index may stay the same while its sitemaps change: that is always read again.
            self.remember(fetched)
