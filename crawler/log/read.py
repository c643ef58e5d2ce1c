"""Follow the article log with a cursor."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from crawler.article import Article, LoggedArticle
from crawler.log.tables import ArticleLogRow

# Built once: it takes longer to build than to run, and every run of the intake asks.
_AFTER = (
    select(*ArticleLogRow.__table__.columns)
    .where(ArticleLogRow.id > bindparam("position"))
    .order_by(ArticleLogRow.id)
    .limit(bindparam("most"))
)

# Articles fetched at a time, where how many there will be depends on how long they are.
_FETCHED = 20


def read_after(
    connection: Connection, position: int, limit: int, characters: int | None = None
) -> list[LoggedArticle]:
    """The next articles after `position`, oldest first, at most `limit`, and no more once their
    bodies have so many characters together.

    Start at 0, go on from the last one's `id`; an empty list means all has been read."""
    read: list[LoggedArticle] = []
    left = characters
    asked = {"position": position, "most": limit}
    options = {"yield_per": _FETCHED}
    with connection.execute(_AFTER, asked, execution_options=options) as rows:
        for row in rows:
            read.append(_logged(row))
            if left is not None:
                left -= len(row.body)
                if left <= 0:
                    break
    return read


def last_position(connection: Connection) -> int:
    """The newest article's position, 0 for an empty log."""
    return connection.scalar(select(func.max(ArticleLogRow.id))) or 0


def _logged(row: Any) -> LoggedArticle:
    return LoggedArticle(
        id=row.id,
        source=row.source,
        crawl_id=row.crawl_id,
        fetched_at=row.fetched_at,
        raw_hash=row.raw_hash,
        baseline=row.baseline,
        article=Article(
            url=row.url,
            title=row.title,
            body=row.body,
            author=row.author,
            outlet=row.outlet,
            published_at=_time(row.published_at),
            published_precision=row.published_precision,
            modified_at=_time(row.modified_at),
            boilerplate=row.boilerplate,
            language=row.language,
            charset=row.charset,
            truncated=row.truncated,
        ),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
