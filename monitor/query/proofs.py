"""Prove how articles relate, by their texts as they are now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.masking import mask
from monitor.store.models import ArticleRow, StoryRow
from monitor.stories.layout import Text
from monitor.stories.proof import Proof, prove
from monitor.stories.proof_summary import summary
from seeds.match import Matcher


@dataclass(frozen=True, slots=True)
class ComparedArticle:
    """One of two compared articles. Personal data in its texts is masked, one character for one,
    so that a proof's places hold; `relation` and `of_article_id` are what the intake found."""

    article_id: int
    story_id: int
    url: str
    site: str
    title: str
    body: str
    published_at: str | None
    first_seen_at: datetime
    revision_count: int
    relation: str
    of_article_id: int | None


@dataclass(frozen=True, slots=True)
class ProofView:
    """A proof with the articles it is about; `summary` is one line of Chinese."""

    older: ComparedArticle
    newer: ComparedArticle
    proof: Proof
    summary: str


def proof_between(
    connection: Connection, matcher: Matcher, one: int, other: int, *, reveal: bool = False
) -> ProofView:
    """Compare two articles, that first seen later with the earlier; LookupError names the number
    that no article has."""
    rows = [_row(connection, article_id) for article_id in (one, other)]
    return _compared(connection, matcher, rows, reveal=reveal)


def story_proofs(
    connection: Connection, matcher: Matcher, story_id: int, *, reveal: bool = False
) -> tuple[ProofView, ...]:
    """Compare each article of a story with the one it was related to, or else with the lead, in
    the order in which they were first seen. A lead that came from nowhere has no proof."""
    lead = _lead_of(connection, story_id)
    rows = connection.execute(
        select(ArticleRow.id, ArticleRow.of_article_id)
        .where(ArticleRow.story_id == story_id)
        .order_by(ArticleRow.first_seen_at, ArticleRow.id)
    ).all()
    pairs = [(row.id, row.of_article_id or lead) for row in rows]
    return tuple(
        proof_between(connection, matcher, one, other, reveal=reveal)
        for one, other in pairs
        if other is not None and one != other
    )


def _compared(
    connection: Connection, matcher: Matcher, rows: list[Row[Any]], *, reveal: bool
) -> ProofView:
    older, newer = sorted(rows, key=lambda each: (each.first_seen_at, each.id))
    proof = prove(_text(newer, matcher), _text(older, matcher))
    is_lead = older.id == _lead_of(connection, newer.story_id)
    return ProofView(
        older=_article(older, reveal=reveal),
        newer=_article(newer, reveal=reveal),
        proof=proof,
        summary=summary(proof, "首发文本" if is_lead else f"文章 {older.id} "),
    )


def _text(row: Row[Any], matcher: Matcher) -> Text:
    return Text(row.title, row.body, matcher.match(row.title, row.body))


def _row(connection: Connection, article_id: int) -> Row[Any]:
    found = connection.execute(
        select(ArticleRow.__table__).where(ArticleRow.id == article_id)
    ).one_or_none()
    if found is None:
        raise LookupError(article_id)
    return found


def _lead_of(connection: Connection, story_id: int) -> int | None:
    return connection.execute(
        select(StoryRow.lead_article_id).where(StoryRow.id == story_id)
    ).scalar()


def _article(row: Row[Any], *, reveal: bool) -> ComparedArticle:
    return ComparedArticle(
        article_id=row.id,
        story_id=row.story_id,
        url=row.url,
        site=row.site,
        title=row.title if reveal else mask(row.title),
        body=row.body if reveal else mask(row.body),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        revision_count=row.revision_count,
        relation=row.relation,
        of_article_id=row.of_article_id,
    )
