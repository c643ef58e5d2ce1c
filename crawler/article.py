"""The article contract: what the crawler hands over, and all the monitor knows of a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]


class ExtractionFailed(Exception):
    """No article could be read out of a page: keep the page, tell the operator once."""


@dataclass(frozen=True, slots=True)
class Article:
    """What was extracted from a page at a canonical URL.

    `body` is plain text, one paragraph a line, in the page's own script. `boilerplate` is what
    was cut off the article (related reading, disclaimers, contact lines), same form.
    `published_at` is aware, in the page's own offset, Asia/Shanghai when the page names none;
    None means the page gives no believable date. `published_precision` tells how much of it
    the page really said. `language` is a BCP 47 tag: zh-Hans, zh-Hant, en, und.
    `truncated` marks a page cut at a limit, or an article of which not all pages came: its
    missing text was never "removed"."""

    url: str
    title: str
    body: str
    author: str | None = None
    outlet: str | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    modified_at: datetime | None = None
    boilerplate: str = ""
    language: str = "und"
    charset: str = "utf-8"
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class LoggedArticle:
    """One line of the append-only article log; `id` is its position, growing in commit order.

    `raw_hash` is the SHA-256 (hex) of the page's bytes, of all its pages' one after another when
    it goes on over several. `baseline` marks what a source's first crawl collected when the
    source asks that this is not alerted on."""

    id: int
    source: str
    crawl_id: str
    fetched_at: datetime
    raw_hash: str
    baseline: bool
    article: Article
