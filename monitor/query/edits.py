"""What each revision of an article changed of the one before it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.changes.diff import Change, compare
from monitor.masking import mask
from monitor.query.proofs import ComparedArticle, ProofView
from monitor.store.models import ArticleRow, RevisionRow
from monitor.stories.layout import Text
from monitor.stories.proof import prove
from monitor.stories.versions import version
from seeds.match import Matcher


@dataclass(frozen=True, slots=True)
class Edit:
    """Revision `number` beside `number - 1`. `view` lays both texts side by side; its summary is
    the change's. Personal data is masked in both."""

    number: int
    seen_at: datetime
    change: Change
    view: ProofView


@dataclass(frozen=True, slots=True)
class Edits:
    """An article and its edits, oldest first; none when there is but one revision."""

    article_id: int
    url: str
    title: str
    first_seen_at: datetime
    edits: tuple[Edit, ...]


def edits_of(
    connection: Connection, matcher: Matcher, article_id: int, *, reveal: bool = False
) -> Edits | None:
    """The edits of one article; None when there is none of this number."""
    article = connection.execute(
        select(ArticleRow.__table__).where(ArticleRow.id == article_id)
    ).one_or_none()
    if article is None:
        return None
    revisions = connection.execute(
        select(RevisionRow.__table__)
        .where(RevisionRow.article_id == article_id)
        .order_by(RevisionRow.number)
    ).all()
    shown: Callable[[str], str] = str if reveal else mask
    return Edits(
        article_id=article.id,
        url=article.url,
        title=shown(article.title),
        first_seen_at=article.first_seen_at,
        edits=tuple(_edit(article, pair, matcher, shown) for pair in pairwise(revisions)),
    )


def _edit(
    article: Row[Any],
    pair: tuple[Row[Any], Row[Any]],
    matcher: Matcher,
    shown: Callable[[str], str],
) -> Edit:
    matches = [matcher.match(each.title, each.body) for each in pair]
    old, new = (version(each, found) for each, found in zip(pair, matches, strict=True))
    change = compare(old, new)
    older, newer = (
        Text(each.title, each.body, found) for each, found in zip(pair, matches, strict=True)
    )
    summary = shown(change.summary)
    views = [_as_compared(article, each, shown) for each in pair]
    view = ProofView(views[0], views[1], prove(newer, older), summary)
    return Edit(pair[1].number, pair[1].seen_at, replace(change, summary=summary), view)


def _as_compared(
    article: Row[Any], revision: Row[Any], shown: Callable[[str], str]
) -> ComparedArticle:
    return ComparedArticle(
        article_id=article.id,
        story_id=article.story_id,
        url=article.url,
        site=article.site,
        title=shown(revision.title),
        body=shown(revision.body),
        published_at=revision.published_at,
        first_seen_at=revision.seen_at,
        revision_count=revision.number,
        relation=article.relation,
        of_article_id=article.of_article_id,
    )
