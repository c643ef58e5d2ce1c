"""Overwrite in the store what must no longer be known, wherever a text was kept of a page.

Like a migration it goes past each table's writer: it decides nothing, it takes away. Numbers,
stories, events, alerts, hashes and addresses stay, so that nothing is taken for new again."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, select, text, update

from crawler.evidence.reading import comparable
from crawler.log.engine import truncate_wal
from monitor.forgetting.words import overwritten
from monitor.store.models import Base
from monitor.store.problems import store_problem
from monitor.store.search import rebuild

# Every column with words of a page, or words about one that quote it.
CONTENT: Mapping[str, tuple[str, ...]] = {
    "article_log": ("title", "body", "author", "outlet", "boilerplate"),
    "article": ("title", "body", "author", "outlet"),
    "revision": ("title", "author", "body"),
    "story": ("title",),
    "mention": ("surface", "reason"),
    "article_reading": ("farm_reasons",),
    "event": ("details",),
    "look": ("title", "text", "detail"),
    "article_life": ("held", "blocked_reason", "kept_reason", "kept_quoted"),
    "life_step": ("reason", "quoted"),
    "outbox": ("last_reply",),
    "delivery": ("reply",),
    "crawl": ("message",),
    "intake_failure": ("error",),
}
# What an article is known by. Without it the page would be found, and told, as a new one.
ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "article_log": ("url",),
    "article": ("url",),
    "seen_url": ("url",),
    "look": ("url", "address"),
    "life_step": ("address",),
}
_ROWS_AT_ONCE = 200


def count_texts(connection: Connection, wanted: str) -> Counter[str]:
    """How many rows of each table say `wanted` (a form that `comparable` gave)."""
    return Counter(
        {name: count for name in CONTENT if (count := _length(connection, name, wanted))}
    )


def count_addresses(connection: Connection, wanted: str) -> int:
    """How many addresses say it: those are not overwritten."""
    found: set[str] = set()
    for name, columns in ADDRESSES.items():
        query = select(*(Base.metadata.tables[name].c[column] for column in columns))
        for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
            found.update(each for each in row if wanted in comparable(each))
    return len(found)


def overwrite_texts(engine: Engine, wanted: str) -> Counter[str]:
    """Overwrite it in every row, in one transaction with the search index; give their numbers."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA secure_delete=ON"))
        found: Counter[str] = Counter()
        for name in CONTENT:
            table = Base.metadata.tables[name]
            changes = list(_changes(connection, table, wanted))
            for keys, values in changes:
                _set(connection, table, keys, values)
            found[name] = len(changes)
        if found.total():
            rebuild(connection)
    return +found


def wipe(engine: Engine) -> None:
    """Have no byte of what was overwritten left in the store's files: old versions of rows, free
    pages, the log of changes. Raises StoreLocked when somebody reads the store."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in (*CONTENT, "search_document"):
                connection.execute(text(f'VACUUM FULL "{name}"'))
        return
    try:
        _vacuum(engine)
        truncate_wal(engine)
    except sqlite3.Error as error:
        raise store_problem(error, str(engine.url)) from error


def _vacuum(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        # A store does not fit into memory, and what is copied says it no longer.
        cursor.execute("PRAGMA temp_store=FILE")
        cursor.execute("VACUUM")
        cursor.close()
    finally:
        raw.invalidate()
        raw.close()


def _length(connection: Connection, name: str, wanted: str) -> int:
    return sum(1 for _ in _changes(connection, Base.metadata.tables[name], wanted))


def _changes(
    connection: Connection, table: Table, wanted: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The key of each row that says it, and its columns as they should be."""
    keys = [column.name for column in table.primary_key]
    query = select(*table.primary_key, *(table.c[name] for name in CONTENT[table.name]))
    rows = connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE})
    for row in rows.mappings():
        values = {
            name: made
            for name in CONTENT[table.name]
            if (made := overwritten(row[name], wanted)) != row[name]
        }
        if values:
            yield {name: row[name] for name in keys}, values


def _set(
    connection: Connection, table: Table, keys: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    where = [table.c[name] == bindparam(f"key_{name}") for name in keys]
    typed = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in values}
    given = {f"key_{name}": value for name, value in keys.items()}
    given |= {f"to_{name}": value for name, value in values.items()}
    connection.execute(update(table).where(*where).values(typed), given)
