"""A store as a lendwatch with another method of telling copies would have left it.

Nothing of ours is bent for it: articles come in through the intake, then the rows are written that
an older version would have written."""

from collections.abc import Iterator
from typing import Any

from intake_desk import Desk, page
from our_articles import BY_KEY
from sqlalchemy import Engine, delete, insert, inspect, select, text, update

from crawler.article import Article
from monitor.store.models import (
    ArticleRow,
    EventRow,
    FingerprintRow,
    IndexPageRow,
    IndexRunRow,
    StoryRow,
)

COURT, COURT_COPY, FINE, FINE_PART, DIARY = 1, 2, 3, 4, 5


def five_articles(engine: Engine) -> Desk:
    """Three stories: 1 of two articles, 2 of two, 3 of one."""
    desk = Desk(engine)
    fine = BY_KEY["fine"]
    desk.take(
        page("court"),
        page("court", "https://copy.example.com/1"),
        page("fine"),
        page("fine", "https://part.example.com/1", body=fine.body[: len(fine.body) // 2]),
        page("diary"),
    )
    return desk


def as_an_older_one_left_it(engine: Engine) -> int:
    """Part of `fine` was not recognised and opened story 4 (whose number is given); `diary` was
    taken for a copy of `court`; `court`'s copy was held for a rewrite; there are no shingles."""
    with engine.begin() as connection:
        part = connection.execute(select(ArticleRow).where(ArticleRow.id == FINE_PART)).one()
        opened = {
            "lead_article_id": FINE_PART,
            "title": part.title,
            "opened_at": part.first_seen_at,
            "last_seen_at": part.first_seen_at,
            "article_count": 1,
            "site_count": 1,
        }
        story = connection.scalar(insert(StoryRow).values(**opened).returning(StoryRow.id))
        for which, values in (
            (FINE_PART, {"story_id": story, "relation": "new", "of_article_id": None}),
            (DIARY, {"story_id": 1, "relation": "rewrite", "of_article_id": COURT}),
            (COURT_COPY, {"relation": "rewrite"}),
        ):
            row = update(ArticleRow).where(ArticleRow.id == which)
            connection.execute(row.values(**values, similarity=0.7 if which != FINE_PART else 0.0))
        for which, of in ((FINE_PART, story), (DIARY, 1)):
            row = update(EventRow).where(EventRow.article_id == which)
            connection.execute(row.values(story_id=of))
        connection.execute(delete(StoryRow).where(StoryRow.id == 3))
        for number, articles in ((1, 3), (2, 1)):
            row = update(StoryRow).where(StoryRow.id == number)
            connection.execute(row.values(article_count=articles, site_count=articles))
        connection.execute(delete(IndexRunRow))
        connection.execute(delete(IndexPageRow))
        connection.execute(update(FingerprintRow).values(method=0, folded_hash="of another kind"))
    assert story is not None
    return int(story)


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table, the search index's too."""
    with engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in inspect(connection).get_table_names()
        }


def articles(engine: Engine) -> dict[int, tuple[Any, ...]]:
    """Where each article is."""
    with engine.connect() as connection:
        rows = connection.execute(select(ArticleRow.__table__)).all()
    return {row.id: (row.story_id, row.relation, row.of_article_id, row.similarity) for row in rows}


def copies(key: str, count: int) -> Iterator[Article]:
    """Copies of one of our articles on sites of their own."""
    for number in range(count):
        yield page(key, f"https://copy{number}.example.com/{key}")
