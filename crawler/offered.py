"""What one fetched address turned out to be: a feed, a sitemap, a list of articles, or none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from crawler.charset import decode
from crawler.discovery import Offer
from crawler.feeds import NotAFeed, feed_title, read_feed
from crawler.links import Link, newest_first
from crawler.listings import read_listing
from crawler.offers import Candidate, title_of
from crawler.options import CrawlOptions
from crawler.page import Page
from crawler.proposals import FEWEST_ARTICLES, propose
from crawler.sitemaps import NotASitemap, read_sitemap
from seeds.models import Selectors

SAMPLES = 3


def read_offer(candidate: Candidate, page: Page, options: CrawlOptions, now: datetime) -> Offer:
    """Read what came from a candidate's address as the kind it was taken for."""
    return _READERS[candidate.kind](candidate, page, options, now)


def read_any(page: Page, options: CrawlOptions, now: datetime, found_by: str) -> Offer:
    """Read a page as whatever it is: a feed, else a sitemap, else a listing."""
    offers = []
    for kind in ("feed", "sitemap", "listing"):
        offer = read_offer(Candidate(kind, page.url, found_by), page, options, now)
        if offer.works:
            return offer
        offers.append(offer)
    return offers[-1]


def failed(candidate: Candidate, outcome: str, detail: str) -> Offer:
    """An offer that could not be fetched."""
    return _offer(candidate, candidate.url, outcome=outcome, detail=detail)


def _feed(candidate: Candidate, page: Page, options: CrawlOptions, now: datetime) -> Offer:
    try:
        links = read_feed(page, options.feed_entries)
    except NotAFeed as error:
        return _offer(candidate, page.url, outcome="not-a-feed", detail=str(error))
    if not links:
        return _offer(candidate, page.url, outcome="empty", detail="a feed without entries")
    offer = _listed(candidate, page.url, links, now)
    return offer.model_copy(update={"title": candidate.title or feed_title(page)})


def _sitemap(candidate: Candidate, page: Page, options: CrawlOptions, now: datetime) -> Offer:
    try:
        sitemap = read_sitemap(page, options.sitemap_urls, options.page_bytes)
    except NotASitemap as error:
        return _offer(candidate, page.url, outcome="not-a-sitemap", detail=str(error))
    if sitemap.sitemaps:
        offer = _listed(candidate, page.url, sitemap.sitemaps, now)
        return offer.model_copy(update={"detail": "an index of sitemaps", "samples": ()})
    if not sitemap.articles:
        return _offer(candidate, page.url, outcome="empty", detail="a sitemap without addresses")
    return _listed(candidate, page.url, newest_first(sitemap.articles), now)


def _listing(candidate: Candidate, page: Page, options: CrawlOptions, now: datetime) -> Offer:
    del options
    text = decode(page).text
    articles = read_listing(text, page.url, Selectors()).articles
    title = candidate.title or title_of(text)
    named = Candidate(candidate.kind, candidate.url, candidate.found_by, title)
    if len(articles) < FEWEST_ARTICLES:
        detail = f"links to {len(articles)} articles; a page drawn by scripts needs `browser: true`"
        return _offer(named, page.url, outcome="no-links", detail=detail)
    offer = _listed(named, page.url, articles, now)
    proposal = propose(text, page.url, articles, SAMPLES)
    if proposal is None:
        return offer
    return offer.model_copy(update={"selector": proposal.selector, "samples": proposal.titles})


_Reader = Callable[[Candidate, Page, CrawlOptions, datetime], Offer]
_READERS: dict[str, _Reader] = {"feed": _feed, "sitemap": _sitemap, "listing": _listing}


def _listed(candidate: Candidate, url: str, links: Sequence[Link], now: datetime) -> Offer:
    times = [link.updated_at for link in links if link.updated_at and link.updated_at <= now]
    return _offer(
        candidate,
        url,
        links=len(links),
        newest=max(times, default=None),
        samples=tuple(link.text for link in links if link.text)[:SAMPLES],
    )


def _offer(candidate: Candidate, url: str, **values: object) -> Offer:
    return Offer.model_validate(
        {
            "kind": candidate.kind,
            "url": url,
            "found_by": candidate.found_by,
            "title": candidate.title,
            **values,
        }
    )
