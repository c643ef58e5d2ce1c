"""The full-text index: its tokens, and the only code that writes it.

A token is one Han (kana, hangul) character, or a run of other letters and digits, of the text's
search key; a term is found as a phrase of tokens. So one character already finds, 催收 never
matches 催…收, and a query in either script finds the other.

SQLite: FTS5 over the tokens, contentless, because the text is in the store three times already.
SQLite 3.40 cannot delete from such a table, so a text that changed is indexed under a new
document number and `search_document` points the article to it; the old entry is dead weight that
`rebuild` drops (edits are rare: one article in some hundred).

PostgreSQL: the tokens as text, and a GIN index over the array of them and of their pairs; pairs,
so that terms of two characters, which most are, need no look at the texts. Not a tsvector: that
one keeps 256 positions of a lexeme and none beyond the 16,383rd, so phrases in a long article's
tail would be lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from seeds.fold import search_key

# From U+2E80 on (CJK radicals) scripts write without spaces; below, words. Tokens are cut at 64
# characters, in index and query alike: PostgreSQL refuses index keys over 2,700 bytes.
_TOKEN = re.compile(r"[^\W\u0000-\u2e7f]|[^\W_\u2e80-\U0010ffff]{1,64}")

REBUILD_BATCH = 500


@dataclass(frozen=True, slots=True)
class Searchable:
    """An article's search keys (`seeds.fold.search_key`)."""

    article_id: int
    title_key: str
    body_key: str


def tokens(words: str) -> list[str]:
    """Cut `words` into the tokens that are indexed and searched."""
    return _TOKEN.findall(search_key(words))


def index_article(connection: Connection, article_id: int, title: str, body: str) -> None:
    """Make the article's current text findable, in place of any earlier text of it."""
    remove_article(connection, article_id)
    index_new(connection, [Searchable(article_id, search_key(title), search_key(body))])


def index_new(connection: Connection, articles: Sequence[Searchable]) -> None:
    """Make articles findable that are not yet."""
    if not articles:
        return
    words = {
        each.article_id: {"title": _spaced(each.title_key), "body": _spaced(each.body_key)}
        for each in articles
    }
    rows = [{"article_id": each} for each in words]
    if connection.dialect.name == "postgresql":
        connection.execute(_ADD, [row | words[row["article_id"]] for row in rows])
        return
    connection.execute(_ADD_DOCUMENTS, rows)
    numbers = connection.execute(_NUMBERS, {"ids": list(words)}).all()
    connection.execute(_ADD_TOKENS, [{"id": row.id, **words[row.article_id]} for row in numbers])


def remove_article(connection: Connection, article_id: int) -> None:
    """Make the article unfindable; removing what was never indexed does nothing."""
    connection.execute(_REMOVE, {"article_id": article_id})


def rebuild(connection: Connection) -> int:
    """Index every article anew, dropping dead entries; give the number of articles.

    After a change of the fold, or when much was edited or forgotten. About 3,000 articles/s."""
    connection.execute(text("DELETE FROM search_document"))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO search_index(search_index) VALUES ('delete-all')"))
    count = last = 0
    while batch := connection.execute(_BATCH, {"last": last, "size": REBUILD_BATCH}).all():
        index_new(
            connection,
            [Searchable(row.id, search_key(row.title), search_key(row.body)) for row in batch],
        )
        last = batch[-1].id
        count += len(batch)
    return count


def _spaced(key: str) -> str:
    # A space on both sides of each token: PostgreSQL's LIKE then finds whole tokens only.
    return " ".join(["", *_TOKEN.findall(key), ""])


_ADD = text(
    "INSERT INTO search_document (article_id, title, body) VALUES (:article_id, :title, :body)"
)
_ADD_DOCUMENTS = text("INSERT INTO search_document (article_id) VALUES (:article_id)")
_NUMBERS = text("SELECT id, article_id FROM search_document WHERE article_id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_ADD_TOKENS = text("INSERT INTO search_index (rowid, title, body) VALUES (:id, :title, :body)")
_REMOVE = text("DELETE FROM search_document WHERE article_id = :article_id")
_BATCH = text("SELECT id, title, body FROM article WHERE id > :last ORDER BY id LIMIT :size")
