"""What travels from a spider through the pipelines."""

from dataclasses import dataclass

from crawler.article import Article
from crawler.log.seen import SeenUrl
from crawler.page import Page


@dataclass(frozen=True, slots=True)
class Reading:
    """One article page on its way: fetched, then read, then judged, then stored.

    `url` is the canonical form of the link that led here, `seen` what was known of it before.
    `outcome` is empty until something decides: `kept`, `skipped`, `unchanged`, or the name of
    what failed (`detail` says more). A page that could not be fetched has no `page`."""

    url: str
    seen: SeenUrl | None = None
    page: Page | None = None
    raw_hash: str | None = None
    article: Article | None = None
    platforms: tuple[str, ...] = ()
    outcome: str = ""
    detail: str = ""

    def __repr__(self) -> str:
        # Scrapy logs items: a page's bytes do not belong in a log.
        return f"<Reading {self.url} {self.outcome or 'open'}>"
