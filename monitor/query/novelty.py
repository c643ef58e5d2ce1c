"""Show what was new in articles when they opened their stories."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from monitor.masking import mask
from monitor.store.models import ArticleRow, NoveltyRow, RevisionRow, StoryRow

# New sentences that are shown; the count tells how many there are in all.
SHOWN = 5

RECYCLED = "recycled"


@dataclass(frozen=True, slots=True)
class NoveltyView:
    """What was new in an article, in its first text. `share` is that of new sentences, 0 to 1;
    `sentences` are the first few of `new_count`; `of_*` is the earlier article it repeats most,
    None when it repeats none."""

    verdict: str  # new, partly, recycled
    ground: str  # first, new-facts, new-text, all-known, nothing-checkable
    share: float
    new_count: int
    sentences: tuple[str, ...]
    of_article_id: int | None
    of_title: str | None
    of_url: str | None


def novelty_of(
    connection: Connection, article_id: int, *, reveal: bool = False
) -> NoveltyView | None:
    """Show what was new in an article; None where nothing was judged: a copy, an article about no
    platform and no topic, or one that was taken in before there were verdicts."""
    row = connection.execute(
        select(NoveltyRow.__table__, RevisionRow.body)
        .join(RevisionRow, RevisionRow.article_id == NoveltyRow.article_id)
        .where(NoveltyRow.article_id == article_id, RevisionRow.number == 1)
    ).one_or_none()
    if row is None:
        return None
    of = connection.execute(
        select(ArticleRow.title, ArticleRow.url).where(ArticleRow.id == row.of_article_id)
    ).one_or_none()
    # Masked as a whole: a sentence cut out may hold half of a number.
    body = row.body if reveal else mask(row.body)
    return NoveltyView(
        verdict=row.verdict,
        ground=row.ground,
        share=row.share,
        new_count=len(row.sentences),
        sentences=tuple(body[start:end] for start, end in row.sentences[:SHOWN]),
        of_article_id=row.of_article_id,
        of_title=None if of is None else (of.title if reveal else mask(of.title)),
        of_url=None if of is None else of.url,
    )


def verdicts_of(connection: Connection, article_ids: Collection[int]) -> dict[int, str]:
    """Give the verdict of each of `article_ids` that has one."""
    rows = connection.execute(
        select(NoveltyRow.article_id, NoveltyRow.verdict).where(
            NoveltyRow.article_id.in_(article_ids)
        )
    )
    return {row.article_id: row.verdict for row in rows}


def led_by_recycled(*, recycled: bool) -> ColumnElement[bool]:
    """The condition on `story` that its lead was recycled, or was not."""
    found = select(NoveltyRow.article_id).where(NoveltyRow.verdict == RECYCLED)
    led = StoryRow.lead_article_id.in_(found)
    return led if recycled else ~led
