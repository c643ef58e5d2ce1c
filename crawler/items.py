"""What travels from a spider through the pipelines."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from crawler.article import Article
from crawler.log.looks import Look
from crawler.log.seen import SeenUrl
from crawler.page import Page


@dataclass(frozen=True, slots=True)
class Reading:
    """One article page on its way: fetched, then read, then judged, then stored.

    `url` is the canonical form of the link that led here, `seen` what was known of it before.
    `outcome` is empty until something decides: `kept`, `skipped`, `unchanged`, or the name of
    what failed (`detail` says more). A page that could not be fetched has no `page`. `further`
    are the pages on which the article goes on, and `raw_hash` is of the bytes of all; `cut` says
    that more of them exist than are here. `answer` is the page that a failed fetch was answered
    with. `frame` is of a known article's page (crawler/extract/frame.py). `recheck` says that the job asked for it, and no list; `look` is what is written down of
    a known article's address, and alone of what stands elsewhere on its site."""

    url: str
    seen: SeenUrl | None = None
    page: Page | None = None
    raw_hash: str | None = None
    article: Article | None = None
    platforms: tuple[str, ...] = ()
    outcome: str = ""
    detail: str = ""
    further: tuple[Page, ...] = ()
    cut: bool = False
    answer: Page | None = None
    recheck: bool = False
    frame: str | None = None
    look: Look | None = None

    @property
    def known(self) -> bool:
        """Whether an article was kept from this address before."""
        return self.seen is not None and self.seen.kept

    @property
    def text_hash(self) -> str | None:
        """SHA-256 (hex) of all that a reader would be told of: what differs only beside it, in
        scripts, counters and lists, is the same article."""
        if self.article is None:
            return None
        article = self.article
        said = (article.url, article.title, article.body, article.author, article.outlet)
        when = (article.published_at, article.published_precision)
        told = (*said, *when, article.boilerplate, article.truncated)
        return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is of no article but of what its site shows in another place."""
        return self.look is not None and self.look.role != "article"

    @classmethod
    def of(
        cls,
        url: str,
        seen: SeenUrl | None,
        pages: Sequence[Page],
        *,
        cut: bool,
        recheck: bool = False,
    ) -> Self:
        """The reading of an article's pages, which are at least one."""
        first, *further = pages
        if further or cut:
            # Only one page's validators: "not modified" would say nothing about the others.
            kept = {
                name: value
                for name, value in first.headers.items()
                if name not in ("etag", "last-modified")
            }
            first = replace(first, headers=kept)
        raw_hash = hashlib.sha256(b"".join(page.body for page in pages)).hexdigest()
        return cls(url, seen, first, raw_hash, further=tuple(further), cut=cut, recheck=recheck)

    def __repr__(self) -> str:
        # Scrapy logs items: a page's bytes do not belong in a log.
        return f"<Reading {self.url} {self.outcome or 'open'}>"
