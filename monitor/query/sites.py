"""Which site is usually first: how often each led a story that others carried, or copied one."""

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from statistics import median

from sqlalchemy import Connection, Select, func, select

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
    for _, sites in groupby(rows, key=_story_of):
        story = list(sites)
        stories += 1
        lead = min(story, key=_arrival)
        for each in story:
            tally = tallies.setdefault(each.site, _Tally())
            if each is lead:
                tally.led += 1
            else:
                tally.delays.append((each.seen_at - lead.seen_at).total_seconds())
    records = sorted(
        (_record(site, tally) for site, tally in tallies.items()),
        key=lambda each: (_order(query.sort, each), -each.led, each.site),
    )
    return SitesPage(len(records), stories, tuple(records[: query.limit]))


def sites_statement(query: SitesQuery) -> Select[int, str, datetime, int]:
    """Select when each site of each story was first seen with it, story by story.

    Answered from `ix_story_site_count` and `ix_article_story_site` alone: no text is read."""
    since, until = time_range(query)
    carried = select(StoryRow.id).where(StoryRow.site_count >= 2)
    if since:
        carried = carried.where(StoryRow.opened_at >= since)
    if until:
        carried = carried.where(StoryRow.opened_at < until)
    return (
        select(
            ArticleRow.story_id,
            ArticleRow.site,
            func.min(ArticleRow.first_seen_at).label("seen_at"),
            func.min(ArticleRow.id).label("article_id"),
        )
        .where(ArticleRow.story_id.in_(carried))
        .group_by(ArticleRow.story_id, ArticleRow.site)
        .order_by(ArticleRow.story_id)
    )


@dataclass(slots=True)
class _Tally:
    led: int = 0
    delays: "array[float]" = field(default_factory=lambda: array("d"))


_story_of = attrgetter("story_id")
_arrival = attrgetter("seen_at", "article_id")


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
