"""Find articles by text and filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    func,
    select,
)

from monitor.masking import mask
from monitor.query.claims import claim_flags
from monitor.query.filters import Filters, article_conditions, check_choice, check_page
from monitor.query.fulltext import favour_index, matching
from monitor.query.labels import Labels, labels_of
from monitor.query.snippet import Snippet, Span, cut, find
from monitor.query.terms import Phrase, Terms, parse_terms
from monitor.store.models import ArticleRow, StoryRow
from monitor.stories.claims import ClaimFlag
from seeds.models import Severity

SORTS = ("relevance", "newest", "oldest")


@dataclass(frozen=True, slots=True)
class SearchQuery(Filters):
    """What to look for. `text` is read by `monitor.query.terms`; empty: the filters alone.

    `story_only` gives one hit a story, its lead, when any of the story's articles is found.
    Without a text, `relevance` is `newest`."""

    text: str = ""
    story_only: bool = False
    sort: str = "relevance"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found. Times are aware UTC, but `published_at`: ISO 8601 as the page says.

    `title_matches` and `snippet.matches` are offsets into the text beside them."""

    article_id: int
    story_id: int
    title: str
    title_matches: tuple[Span, ...]
    url: str
    site: str
    source: str
    published_at: str | None
    claim_flags: tuple[ClaimFlag, ...]  # what speaks against `published_at`
    first_seen_at: datetime
    platforms: tuple[str, ...]
    topics: Mapping[str, Severity]
    farm: float | None  # how likely a content farm made it, 0 to 1; None: not known
    relation: str
    novelty: str | None  # new, partly, recycled; None: a copy, or not judged
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits, and how many there are on all."""

    total: int
    hits: tuple[Hit, ...]


def search(connection: Connection, query: SearchQuery, *, reveal: bool = False) -> SearchPage:
    """Answer `query`; raises QueryError for what cannot be answered.

    Personal data in titles and snippets is masked unless `reveal`."""
    check_page(query.limit, query.offset)
    terms = parse_terms(query.text)
    total, article_ids = _page(connection, query, terms)
    return SearchPage(total, _hits(connection, article_ids, terms.phrases, reveal))


def _page(connection: Connection, query: SearchQuery, terms: Terms) -> tuple[int, list[int]]:
    dialect = connection.dialect.name
    page = page_statement(query, terms, dialect).limit(query.limit).offset(query.offset)
    if terms.groups:
        # All that match are found before the first can be given: counting them there is free.
        favour_index(connection)
        rows = connection.execute(page.add_columns(func.count().over())).all()
        if rows:
            return rows[0][1], [row[0] for row in rows]
    article_ids = [] if terms.groups else list(connection.execute(page).scalars())
    total = connection.execute(count_statement(query, terms, dialect)).scalar_one()
    return total, article_ids


def page_statement(query: SearchQuery, terms: Terms, dialect: str) -> Select[int]:
    """Select the ids of all hits in the asked order."""
    check_choice("sort", query.sort, SORTS)
    sort = query.sort if terms.groups else query.sort.replace("relevance", "newest")
    matched = _matched(terms, dialect, ranked=sort == "relevance")
    found = _found(query, matched)
    if not query.story_only:
        return found.with_only_columns(ArticleRow.id).order_by(*_order(sort, matched))
    columns = [ArticleRow.story_id.label("story_id")]
    if matched is not None:
        columns.append(func.min(matched.c.rank).label("rank"))
    stories = found.with_only_columns(*columns).group_by(ArticleRow.story_id).subquery("stories")
    return (
        select(ArticleRow.id)
        .select_from(stories)
        .join(StoryRow, StoryRow.id == stories.c.story_id)
        .join(ArticleRow, ArticleRow.id == StoryRow.lead_article_id)
        .order_by(*_order(sort, None if matched is None else stories))
    )


def count_statement(query: SearchQuery, terms: Terms, dialect: str) -> Select[int]:
    """Count all hits."""
    counted = func.count(ArticleRow.story_id.distinct()) if query.story_only else func.count()
    return _found(query, _matched(terms, dialect, ranked=False)).with_only_columns(counted)


def _matched(terms: Terms, dialect: str, *, ranked: bool) -> CTE | None:
    """Select what the text asks for, once and first.

    MATERIALIZED, because SQLite cannot compute bm25 inside a join it has reordered, and because
    PostgreSQL would walk the articles in their order and look into each one's text."""
    if not terms.groups:
        return None
    return matching(terms, dialect, ranked=ranked).cte("matched").prefix_with("MATERIALIZED")


def _found(query: SearchQuery, matched: CTE | None) -> Select[int]:
    found = select(ArticleRow.id).where(*article_conditions(query))
    if matched is None:
        return found.select_from(ArticleRow)
    return found.select_from(matched).join(ArticleRow, ArticleRow.id == matched.c.article_id)


def _order(sort: str, ranked: CTE | Subquery | None) -> list[ColumnElement[Any]]:
    if sort == "oldest":
        return [ArticleRow.dated_at.asc(), ArticleRow.id.asc()]
    rank = [ranked.c.rank] if sort == "relevance" and ranked is not None else []
    return [*rank, ArticleRow.dated_at.desc(), ArticleRow.id.desc()]


def _hits(
    connection: Connection, article_ids: Sequence[int], phrases: Sequence[Phrase], reveal: bool
) -> tuple[Hit, ...]:
    article = ArticleRow
    rows = connection.execute(
        select(
            article.id, article.story_id, article.title, article.body, article.url, article.site,
            article.source, article.published_at, article.first_seen_at, article.relation,
        ).where(article.id.in_(article_ids))
    )  # fmt: skip
    labels = labels_of(connection, article_ids)
    doubts = claim_flags(connection, article_ids)
    hits = {row.id: _hit(row, (labels[row.id], doubts[row.id]), phrases, reveal) for row in rows}
    return tuple(hits[article_id] for article_id in article_ids)


def _hit(
    row: Row[*tuple[Any, ...]],
    known: tuple[Labels, tuple[ClaimFlag, ...]],
    phrases: Sequence[Phrase],
    reveal: bool,
) -> Hit:
    labels, doubts = known
    title = row.title if reveal else mask(row.title)
    body = row.body if reveal else mask(row.body)
    return Hit(
        article_id=row.id,
        story_id=row.story_id,
        title=title,
        title_matches=find(row.title, phrases),
        url=row.url,
        site=row.site,
        source=row.source,
        published_at=row.published_at,
        claim_flags=doubts,
        first_seen_at=row.first_seen_at,
        platforms=labels.platforms,
        topics=labels.topics,
        farm=labels.farm,
        relation=row.relation,
        novelty=labels.novelty,
        snippet=cut(body, find(row.body, phrases)),
    )
