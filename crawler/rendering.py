"""Which pages are rendered in a browser: those that a source says need it.

DOWNLOADER_MIDDLEWARES order 580, outside decompression (590) and redirects (600): the document was
fetched by our own client like any other, and only what a script makes of it comes from Chromium."""

from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.article import ExtractionFailed
from crawler.charset import decode
from crawler.chromium import LIST, RENDER
from crawler.context import CrawlContext
from crawler.extract import extract
from crawler.listings import BadSelector, read_listing
from crawler.needs import Needs
from crawler.received import page_of
from crawler.renderer import Renderer
from crawler.urls import site_of

_HTML = (b"text/html", b"application/xhtml+xml")


class RenderMiddleware:
    """Renders answers to requests that carry RENDER; with `browser: auto`, those that must be."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._needs: Needs | None = None
        self._renderer: Renderer | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.close, signals.spider_closed)
        return middleware

    async def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it came, or what the browser made of it. Raises what a fetch raises."""
        role = request.meta.get(RENDER)
        if role is None or response.status != 200 or not _is_html(response):
            return response
        document = response.replace(request=request)
        if self._context.job.source.browser is True:
            return await self._rendered(document, role)
        return await self._if_needed(document, role)

    async def close(self) -> None:
        """Close the crawl's part of the browser."""
        if self._renderer is not None:
            await self._renderer.close()

    async def _if_needed(self, document: Response, role: str) -> Response:
        self._needs = self._needs or Needs(self._context)
        needs, site, now = self._needs, site_of(document.url), datetime.now(UTC)
        known = await needs.recall(site, role)
        if not known.is_certain(now):
            if self._shows(document, role):
                await needs.record(site, role, known.plain_was_enough(now))
                return document
            if known.is_useless(now):
                return document
        rendered = await self._rendered(document, role)
        helped = self._shows(rendered, role)
        await needs.record(site, role, known.rendered(helped=helped, now=now))
        return rendered

    async def _rendered(self, document: Response, role: str) -> Response:
        """What the browser shows; why it was kept from showing it, when there is nothing in it."""
        self._renderer = self._renderer or Renderer(self._crawler, self._context)
        rendered, refusal = await self._renderer.render(document, role)
        if refusal is not None and not self._shows(rendered, role):
            raise refusal
        return rendered

    @property
    def _context(self) -> CrawlContext:
        spider: Any = self._crawler.spider
        context: CrawlContext = spider.context
        return context

    def _shows(self, response: Response, role: str) -> bool:
        """Whether what the source is read for can be read out of the page: links, or an article."""
        page, selectors = page_of(response), self._context.job.source.selectors
        try:
            if role == LIST:
                return bool(read_listing(decode(page).text, page.url, selectors).articles)
            extract(page, selectors)
        except (ExtractionFailed, BadSelector):
            return False
        return True


def _is_html(response: Response) -> bool:
    kind = (response.headers.get("Content-Type") or b"").split(b";")[0].strip().lower()
    return kind in _HTML if kind else b"<html" in response.body[:1024].lower()
