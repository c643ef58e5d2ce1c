"""Which site is usually first: how often each led a story that others carried, or copied one."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from monitor.query.filters import Filters, check_choice, check_page, time_range
from monitor.store.models import ArticleRow, StoryRow

SORTS = ("led", "copied", "fastest")


@dataclass(frozen=True, slots=True)
class SitesQuery(Filters):
    """Which stories count: those on two sites at least that were opened from `since` to `until`.
    Other filters do not apply. Sorts: most stories led, most copied, shortest median delay."""

    sort: str = "led"
    limit: int = 20


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """How one site did. `stories` = `led` + `copied`; `led_share` is 0 to 1; the median delay is in
    seconds from the lead to the site's first copy, None for a site that never copied."""

    site: str
    stories: int
    led: int
    copied: int
    led_share: float
    median_delay_seconds: float | None


@dataclass(frozen=True, slots=True)
class SitesPage:
    """The first sites in the asked order, and how many sites and stories there are in all."""

    sites: int
    stories: int
    records: tuple[SiteRecord, ...]


def list_sites(connection: Connection, query: SitesQuery) -> SitesPage:
    """Say how often each site was first; QueryError for what cannot be answered.

    Memory: eight bytes for each site of each story."""
    check_page(query.limit, 0)
    check_choice("sort", query.sort, SORTS)
    tallies: dict[str, _Tally] = {}
    stories = 0
    rows = connection.execution_options(stream_results=True).execute(sites_statement(query))
    for lead, *copies in _by_story(rows):
        stories += 1
        tallies.setdefault(lead.site, _Tally()).led += 1
        for each in copies:
            delay = (each.seen_at - lead.seen_at).total_seconds()
            tallies.setdefault(each.site, _Tally()).delays.append(delay)
    records = sorted(
        (_record(site, tally) for site, tally in tallies.items()),
        key=lambda each: (_order(query.sort, each), -each.led, each.site),
    )
    return SitesPage(len(records), stories, tuple(records[: query.limit]))


def sites_statement(query: SitesQuery) -> Select[Any]:
    """Select when each site of each story was first seen with it, story by story.

    Answered from `ix_story_site_count` and `ix_article_story_site` alone: no text is read."""
    since, until = time_range(query)
    statement: Select[Any] = (
        select(
            StoryRow.id.label("story_id"),
            ArticleRow.site,
            func.min(ArticleRow.first_seen_at).label("seen_at"),
            func.min(ArticleRow.id).label("article_id"),
        )
        .join(ArticleRow, ArticleRow.story_id == StoryRow.id)
        .where(StoryRow.site_count >= 2)
        .group_by(StoryRow.id, ArticleRow.site)
        .order_by(StoryRow.id)
    )
    if since:
        statement = statement.where(StoryRow.opened_at >= since)
    if until:
        statement = statement.where(StoryRow.opened_at < until)
    return statement


@dataclass(slots=True)
class _Tally:
    led: int = 0
    delays: "array[float]" = field(default_factory=lambda: array("d"))


def _by_story(rows: Iterable[Row[Any]]) -> Iterator[list[Row[Any]]]:
    """Each story's sites, the first-seen one first."""
    for _, sites in groupby(rows, key=lambda row: row.story_id):
        yield sorted(sites, key=lambda row: (row.seen_at, row.article_id))


def _record(site: str, tally: _Tally) -> SiteRecord:
    copied = len(tally.delays)
    return SiteRecord(
        site=site,
        stories=tally.led + copied,
        led=tally.led,
        copied=copied,
        led_share=round(tally.led / (tally.led + copied), 4),
        median_delay_seconds=median(tally.delays) if copied else None,
    )


def _order(sort: str, record: SiteRecord) -> float:
    if sort == "led":
        return -record.led
    if sort == "copied":
        return -record.copied
    delay = record.median_delay_seconds
    return float("inf") if delay is None else delay
