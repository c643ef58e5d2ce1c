"""Which claimed dates are in doubt, judged by all that the store knows of their stories."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.masking import mask
from monitor.store.models import ArticleReadingRow, ArticleRow
from monitor.stories.claims import ClaimedSpan, ClaimFlag, Dated, claimed_span, flags
from monitor.stories.text_dates import newest_past
from seeds.farm import ReasonKind

# Of a story, so many of the earliest claims are looked at for what their texts tell: reading the
# texts of all copies for a list would cost more than the list.
WITNESSES = 3
# Annotations and gaps are put into a text, so many at least, never taken out of one: the copy that
# has them was made from the one that has none.
_DOCTORED = 3
# Relation values; their class would load numpy into every question.
_ALTERED = frozenset({"annotated", "gapped"})
_MARKS = frozenset({ReasonKind.ANNOTATIONS.value, ReasonKind.GAPS.value})


def claim_flags(
    connection: Connection, article_ids: Collection[int]
) -> dict[int, tuple[ClaimFlag, ...]]:
    """Give what speaks against the claimed date of each of `article_ids`; masked."""
    stories = select(ArticleRow.story_id).where(ArticleRow.id.in_(article_ids))
    by_story: dict[int, list[Row[Any]]] = {}
    for row in _copies(connection, connection.scalars(stories).all()):
        by_story.setdefault(row.story_id, []).append(row)
    asked = set(article_ids)
    dated = {each: _dated(rows) for each, rows in by_story.items()}
    claiming = [
        each.article_id
        for copies in dated.values()
        for each in copies
        if each.article_id in asked and each.claimed_at is not None
    ]
    witnesses = {each for copies in dated.values() for each in _earliest(copies)}
    texts = _texts(connection, {*claiming, *witnesses} if claiming else ())
    sources = _sources(connection, [row for rows in by_story.values() for row in rows])
    found: dict[int, tuple[ClaimFlag, ...]] = dict.fromkeys(article_ids, ())
    for copies in dated.values():
        known = [_told(each, texts) if each.article_id in witnesses else each for each in copies]
        for each in copies:
            if each.article_id in claiming:
                article = replace(_told(each, texts), made_from=sources.get(each.article_id))
                found[each.article_id] = tuple(map(_masked, flags(article, known)))
    return found


def span_of(connection: Connection, story_id: int) -> ClaimedSpan | None:
    """Give the spread of what a story's pages claim; None when none claims a day."""
    return claimed_span(_dated(_copies(connection, [story_id])))


def _copies(connection: Connection, stories: Iterable[int]) -> Iterable[Row[Any]]:
    article = ArticleRow
    return connection.execute(
        select(
            article.id, article.story_id, article.url, article.site, article.published_at,
            article.published_precision, article.first_seen_at, article.relation,
            article.of_article_id,
        )
        .where(article.story_id.in_(set(stories)))
        .order_by(article.first_seen_at, article.id)
    )  # fmt: skip


def _dated(rows: Iterable[Row[Any]]) -> list[Dated]:
    return [
        Dated(
            article_id=row.id,
            url=row.url,
            site=row.site,
            claimed_at=(at := _claimed_at(row.published_at)),
            precise=_precise(row.published_precision, at),
            first_seen_at=row.first_seen_at,
        )
        for row in rows
    ]


def _claimed_at(written: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _precise(precision: str | None, at: datetime | None) -> bool:
    """Whether a claim has a time of day. Midnight without a word about it is a day."""
    if precision is not None:
        return precision != "day"
    return at is not None and (at.hour, at.minute, at.second) != (0, 0, 0)


def _earliest(copies: Iterable[Dated]) -> list[int]:
    claims = sorted((each.begins, each.article_id) for each in copies if each.claimed_at)
    return [article_id for _, article_id in claims[:WITNESSES]]


def _texts(connection: Connection, article_ids: Collection[int]) -> dict[int, Any]:
    if not article_ids:
        return {}
    rows = connection.execute(
        select(ArticleRow.id, ArticleRow.title, ArticleRow.body).where(
            ArticleRow.id.in_(article_ids)
        )
    )
    return {row.id: row for row in rows.all()}


def _told(article: Dated, texts: Mapping[int, Row[Any]]) -> Dated:
    row = texts.get(article.article_id)
    if row is None:
        return article
    return replace(article, told=newest_past(row.title, row.body, article.first_seen_at))


def _sources(connection: Connection, rows: Collection[Row[Any]]) -> dict[int, int]:
    """For each copy that was plainly doctored, the article it was made from."""
    doctored = {
        row.id: row.of_article_id
        for row in rows
        if row.relation in _ALTERED and row.of_article_id is not None
    }
    if not doctored:
        return {}
    reading = ArticleReadingRow
    wanted = {*doctored, *doctored.values()}
    marks = {
        row.article_id: sum(each["count"] for each in row.farm_reasons if each["kind"] in _MARKS)
        for row in connection.execute(
            select(reading.article_id, reading.farm_reasons).where(reading.article_id.in_(wanted))
        )
    }
    return {
        copy: source
        for copy, source in doctored.items()
        if marks.get(copy, 0) >= _DOCTORED and source in marks and not marks[source]
    }


def _masked(flag: ClaimFlag) -> ClaimFlag:
    return replace(flag, quote=mask(flag.quote))
