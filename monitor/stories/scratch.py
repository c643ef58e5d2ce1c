"""Where a re-clustering works things out: an SQLite file of its own, gone when it ends.

It holds a fresh near-duplicate index, and of each article and story what it is in the store and
what it would be. It has no name on the disk, so that even a kill leaves nothing behind, and
nothing in it has to survive one: it keeps no journal and waits for no disk."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.pool import StaticPool

from crawler.log.tables import UtcDateTime
from monitor.store.models import ArticleRow, Base, RevisionRow, StoryRow
from monitor.stories.furniture import TABLE
from monitor.stories.index import TABLES

# Rows read from the store and written here at a time.
CHUNK = 2_000
# Pages of the scratch file kept in memory: a negative number counts KiB.
_CACHE = -64 * 1024

_METADATA = MetaData()

# Every text of every article, in the order in which they came.
TEXTS = Table(
    "text",
    _METADATA,
    Column("seen_at", UtcDateTime, primary_key=True),
    Column("article_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# An article: in the store (`old_…`), and here. `lead` is the first article of its cluster, and
# `position` its place in the order of arrival. Of its texts the first and the one met last are
# known, the last with its edition (`monitor.stories.reading`).
PLACES = Table(
    "place",
    _METADATA,
    Column("article_id", Integer, primary_key=True),
    Column("site", Text, nullable=False),
    Column("first_seen_at", UtcDateTime, nullable=False),
    Column("url", Text, nullable=False),
    Column("old_story", BigInteger, nullable=False),
    Column("old_relation", Text, nullable=False),
    Column("old_of", BigInteger),
    Column("old_similarity", Float, nullable=False),
    Column("position", Integer),
    Column("title", Text),  # of the first text
    Column("first_revision", Integer),
    Column("last_revision", Integer),
    Column("last_number", Integer),
    Column("edition", Text),
    Column("lead", Integer),
    Column("relation", Text),
    Column("of", Integer),
    Column("similarity", Float),
    Index("place_lead", "lead"),
    Index("place_old_story", "old_story"),
)

# A story of the store as it is. `into_lead` leads the cluster its readers are sent to,
# when no cluster keeps its number.
STORIES = Table(
    "story_before",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("lead_article_id", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("article_count", Integer, nullable=False),
    Column("site_count", Integer, nullable=False),
    Column("merged_into", BigInteger),
    Column("into_lead", Integer),
    Index("story_before_lead", "lead_article_id"),
)

# A story as it would be, by its first article; without a number while it is to get a new one.
CLUSTERS = Table(
    "cluster",
    _METADATA,
    Column("lead", Integer, primary_key=True),
    Column("story_id", BigInteger, unique=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=False),
    Column("article_count", Integer, nullable=False),
    Column("site_count", Integer, nullable=False),
)

_STORIES = select(StoryRow.__table__)
_ARTICLES = select(
    ArticleRow.id.label("article_id"),
    ArticleRow.site,
    ArticleRow.first_seen_at,
    ArticleRow.url,
    ArticleRow.story_id.label("old_story"),
    ArticleRow.relation.label("old_relation"),
    ArticleRow.of_article_id.label("old_of"),
    ArticleRow.similarity.label("old_similarity"),
)
_REVISIONS = select(
    RevisionRow.id, RevisionRow.article_id, RevisionRow.number, RevisionRow.seen_at,
    ArticleRow.first_seen_at,
).join(ArticleRow, ArticleRow.id == RevisionRow.article_id)  # fmt: skip


@contextmanager
def scratch_store(folder: Path) -> Iterator[Connection]:
    """Open an empty scratch store in `folder`; raises OSError when no file can be made there."""
    descriptor, path = tempfile.mkstemp(prefix=".recluster-", suffix=".db", dir=folder)
    os.close(descriptor)
    engine = create_engine(f"sqlite:///{path}", poolclass=StaticPool)
    event.listen(engine, "connect", _prepare)
    try:
        with engine.connect() as connection:
            Path(path).unlink()  # the open file stays, until whoever has it open ends
            _METADATA.create_all(connection)
            Base.metadata.create_all(connection, tables=[*TABLES, TABLE])
            connection.commit()
            yield connection
    finally:
        Path(path).unlink(missing_ok=True)
        engine.dispose()


def copy_store(store: Connection, scratch: Connection) -> int:
    """Note down the articles, texts and stories of the store as they are now; gives the number of
    texts. `store` should see one moment of it: what arrives later is no part of the work."""
    _copy(store, _STORIES, scratch, STORIES)
    _copy(store, _ARTICLES, scratch, PLACES)
    total = 0
    rows = store.execute(_REVISIONS, execution_options={"yield_per": CHUNK})
    for chunk in rows.partitions():
        scratch.execute(insert(TEXTS), list(map(_text, chunk)))
        total += len(chunk)
    scratch.commit()
    return total


def _copy(store: Connection, query: Any, scratch: Connection, table: Table) -> None:
    rows = store.execute(query, execution_options={"yield_per": CHUNK})
    for chunk in rows.mappings().partitions():
        scratch.execute(insert(table), list(map(dict, chunk)))


def _text(row: Any) -> Mapping[str, object]:
    # Two crawls may log a page's texts out of order; its first is the one it arrived with.
    return {
        "seen_at": max(row.seen_at, row.first_seen_at),
        "article_id": row.article_id,
        "number": row.number,
        "revision_id": row.id,
    }


def _prepare(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=OFF",
        "synchronous=OFF",
        "locking_mode=EXCLUSIVE",
        f"cache_size={_CACHE}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
