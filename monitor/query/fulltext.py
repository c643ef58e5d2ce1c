"""Put search terms to the index of either store."""

from collections.abc import Iterable
from itertools import pairwise

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
)

from monitor.query.terms import Phrase, Terms

# A word in the title says more of an article than one in its text.
TITLE_WEIGHT = 5.0

_DOCUMENT = table(
    "search_document",
    column("id", BigInteger),
    column("article_id", BigInteger),
    column("title", Text),
    column("body", Text),
)
_INDEX = table("search_index", column("rowid", BigInteger))


def matching(terms: Terms, dialect: str, *, ranked: bool) -> Select[int, float]:
    """Select (article_id, rank) of the articles that meet `terms`; a lower rank is better.

    Without `ranked` every rank is 0, which spares reading what ranks are made of."""
    return _postgres(terms, ranked) if dialect == "postgresql" else _sqlite(terms, ranked)


def favour_index(connection: Connection) -> None:
    """Keep PostgreSQL, for this transaction, from reading every text instead of the index.

    It prices an index lookup as if each row found were read as well, so for a term that most
    articles have it prefers to read them all: 9 s instead of 12 ms on 20,000 articles. And
    compiling a query (JIT) takes longer here than running it."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL jit = off")


def _sqlite(terms: Terms, ranked: bool) -> Select[int, float]:
    rank: ColumnElement[float] = (
        literal_column(f"bm25(search_index, {TITLE_WEIGHT}, 1.0)") if ranked else literal(0.0)
    )
    return (
        select(_DOCUMENT.c.article_id, rank.label("rank"))
        .select_from(_INDEX.join(_DOCUMENT, _DOCUMENT.c.id == _INDEX.c.rowid))
        .where(literal_column("search_index").bool_op("MATCH")(bindparam(None, fts_query(terms))))
    )


def fts_query(terms: Terms) -> str:
    """Write `terms` in FTS5's language. Tokens hold letters and digits only: nothing to escape."""
    wanted = " AND ".join(f"({_any(group)})" for group in terms.groups)
    return f"({wanted}) NOT ({_any(terms.excluded)})" if terms.excluded else wanted


def _any(phrases: Iterable[Phrase]) -> str:
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)


def _postgres(terms: Terms, ranked: bool) -> Select[int, float]:
    wanted = [or_(*map(_holds, group)) for group in terms.groups]
    unwanted = [not_(_holds(phrase)) for phrase in terms.excluded]
    rank = _title_rank(terms) if ranked else literal(0.0)
    return select(_DOCUMENT.c.article_id, rank.label("rank")).where(and_(*wanted, *unwanted))


def _holds(phrase: Phrase) -> ColumnElement[bool]:
    """Look `phrase` up by its pairs of tokens, which say all of one or two tokens.

    Of a longer phrase they only say that it may be there: the text itself is asked as well."""
    pairs = [" ".join(pair) for pair in pairwise(phrase)] or list(phrase)
    # The expression is the index's, or PostgreSQL would not use it.
    indexed = func.search_tokens(_DOCUMENT.c.title, _DOCUMENT.c.body, type_=ARRAY(Text))
    held = indexed.bool_op("@>")(bindparam(None, sorted(set(pairs)), type_=ARRAY(Text)))
    if len(phrase) <= 2:
        return held
    return and_(held, or_(_in(_DOCUMENT.c.title, phrase), _in(_DOCUMENT.c.body, phrase)))


def _in(field: ColumnElement[str], phrase: Phrase) -> ColumnElement[bool]:
    # Every stored token stands between spaces; none holds a character that LIKE interprets.
    return field.like(f"% {' '.join(phrase)} %")


def _title_rank(terms: Terms) -> ColumnElement[float]:
    """Rank by the phrases in the title alone; among equals the newest comes first.

    Counting them in the texts would unpack every one: 100 µs a hit, seconds for a common word."""
    rank: ColumnElement[float] = literal(0.0)
    for phrase in terms.phrases:
        rank -= cast(_in(_DOCUMENT.c.title, phrase), Integer)
    return rank
