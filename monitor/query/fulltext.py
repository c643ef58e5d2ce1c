"""Put search terms to the index of either store."""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY

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
    rank = _postgres_rank(terms) if ranked else literal(0.0)
    return select(_DOCUMENT.c.article_id, rank.label("rank")).where(and_(*wanted, *unwanted))


def _holds(phrase: Phrase) -> ColumnElement[bool]:
    # The expression is the index's, word for word, or PostgreSQL would not use it.
    array = func.string_to_array(
        func.ltrim(_DOCUMENT.c.title.op("||")(_DOCUMENT.c.body)),
        literal_column("' '"),
        type_=ARRAY(Text),
    )
    every = array.bool_op("@>")(bindparam(None, sorted(set(phrase)), type_=ARRAY(Text)))
    if len(phrase) == 1:
        return every
    pattern = f"% {' '.join(phrase)} %"
    in_order = [
        field.op("||")(literal_column("' '")).like(pattern)
        for field in (_DOCUMENT.c.title, _DOCUMENT.c.body)
    ]
    return and_(every, or_(*in_order))


def _postgres_rank(terms: Terms) -> ColumnElement[float]:
    """Count occurrences, those in the title more, against the length: what bm25 does at heart."""
    score: ColumnElement[float] = literal(0.0)
    for phrase in terms.phrases:
        found = f" {' '.join(phrase)}"
        for field, weight in ((_DOCUMENT.c.title, TITLE_WEIGHT), (_DOCUMENT.c.body, 1.0)):
            removed = func.length(field) - func.length(func.replace(field, found, ""))
            # Saturates like bm25 (k1 = 1.2): the tenth occurrence says little more.
            count = removed / literal(float(len(found)))
            score += literal(weight) * count / (count + 1.2)
    return -score / (1 + func.ln(1 + func.length(_DOCUMENT.c.body) / 2000.0))
