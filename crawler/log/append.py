"""Append to the article log. The only writer of `article_log`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from crawler.article import Article
from crawler.log.tables import ArticleLogRow

# Any number that nobody else locks: the article log's own key among PostgreSQL's advisory locks.
APPEND_LOCK = 0x6C656E64  # "lend"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article to append, with how it was come by. `raw_hash` is SHA-256 (hex) of the page."""

    source: str
    crawl_id: str
    fetched_at: datetime
    raw_hash: str
    baseline: bool
    article: Article


def append_articles(connection: Connection, entries: Sequence[Entry]) -> list[int]:
    """Append `entries` in order, within the caller's transaction, and give their positions.

    Positions grow in commit order, so that a reader who follows with a cursor misses nothing:
    SQLite has one writer at a time; on PostgreSQL a lock is held from here to the commit, because
    a sequence alone would let a later number commit first."""
    if not entries:
        return []
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(APPEND_LOCK)))
    appended = insert(ArticleLogRow).returning(ArticleLogRow.id, sort_by_parameter_order=True)
    return list(connection.scalars(appended, [_row(entry) for entry in entries]))


def _row(entry: Entry) -> dict[str, Any]:
    article = entry.article
    return {
        "source": entry.source,
        "crawl_id": entry.crawl_id,
        "fetched_at": entry.fetched_at,
        "raw_hash": entry.raw_hash,
        "baseline": entry.baseline,
        "url": storable(article.url),
        "title": storable(article.title),
        "body": storable(article.body),
        "author": storable(article.author) if article.author is not None else None,
        "outlet": storable(article.outlet) if article.outlet is not None else None,
        "published_at": _iso(article.published_at),
        "published_precision": article.published_precision,
        "modified_at": _iso(article.modified_at),
        "boilerplate": storable(article.boilerplate),
        "language": article.language,
        "charset": article.charset,
        "truncated": article.truncated,
    }


def storable(text: str) -> str:
    """Text without what no store takes: NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    if text.isprintable():
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time is not None else None
