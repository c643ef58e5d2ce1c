"""Follow a sitemap: a urlset, news, plain text, or an index of them."""

from collections import deque
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request

from crawler.links import newest_first
from crawler.sitemaps import read_sitemap
from crawler.spiders.source import ListPage, SourceSpider

# An index of an archive names thousands; at 5 s each, fifty take four minutes of a crawl.
MOST_SITEMAPS = 50


class SitemapSpider(SourceSpider):
    """`scrapy crawl sitemap -a source=NAME`.

    The newest addresses come first, and the sitemaps of an index one after another, until the
    crawl has its `max_articles`: an archive comes over several crawls. Of an index, the newest
    50 sitemaps are read (by <lastmod>; undated ones in their order)."""

    name = "sitemap"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses = 0  # read in this crawl, over all its sitemaps
        self._further: deque[tuple[str, int]] = deque()
        self._asked = 0

    async def read_list(self, fetched: ListPage) -> AsyncIterator[Any]:
        """Follow the newest addresses; keep an index's sitemaps for later."""
        options = self.context.job.options
        room = options.sitemap_urls - self._addresses
        sitemap = read_sitemap(fetched.page, room, options.page_bytes)
        self._addresses += len(sitemap.articles) + len(sitemap.sitemaps)
        self.frontier.cut = self.frontier.cut or sitemap.cut
        if fetched.depth < options.sitemap_depth:
            further = newest_first(sitemap.sitemaps)
            self._further.extend((link.url, fetched.depth + 1) for link in further)
        async for request in self.follow(newest_first(sitemap.articles)):
            yield request
        if not sitemap.sitemaps:
            # An index may stay the same while its sitemaps change: that is always read again.
            self.remember(fetched)

    async def next_lists(self) -> AsyncIterator[Request]:
        """The next sitemap of an index, unless the crawl has enough."""
        if not self._further or self._asked >= MOST_SITEMAPS:
            return
        if self.frontier.is_full:
            self.frontier.cut = True
            return
        self._asked += 1
        yield await self.list_request(*self._further.popleft())
