"""What narrows a question: platforms, topics, sources, times. Shared by every list."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from monitor.query.problems import QueryError
from monitor.store.models import ArticleLabelRow, ArticleRow
from seeds.fold import fold_text, search_key
from seeds.models import Severity, Watchlist

# A page of results is for reading; whoever wants everything exports it.
MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000

When = date | datetime | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """All given conditions must hold; of several platforms (topics, sources) any one does.

    `since` and `until` are days (both included, in `timezone`), moments, or ISO 8601 text of
    either; an article's time is when it was published, or first seen if no date is known."""

    platforms: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    min_severity: Severity | None = None
    sources: tuple[str, ...] = ()
    since: When = None
    until: When = None
    timezone: str = "Asia/Shanghai"


F = TypeVar("F", bound=Filters)


def resolve_platforms(filters: F, watchlist: Watchlist) -> F:
    """Replace each platform's alias, or name in the other script, by its canonical name.

    Names the watchlist does not know are kept: articles may still carry them."""
    canonical: dict[str, str] = {}
    for platform in watchlist.platforms:
        names = (platform.name, platform.traditional, *(alias.name for alias in platform.aliases))
        for name in filter(None, names):
            canonical.setdefault(search_key(name), platform.name)
    wanted = tuple(canonical.get(search_key(name), name) for name in filters.platforms)
    return replace(filters, platforms=wanted)


def article_conditions(filters: Filters, *, timed: bool = True) -> list[ColumnElement[bool]]:
    """Give the conditions on `article`; QueryError for a time that cannot be read.

    Without `timed` the times are left to the caller."""
    conditions: list[ColumnElement[bool]] = []
    if filters.platforms:
        # Canonical names are Simplified; both spellings are asked for when no watchlist helped.
        names = {*filters.platforms, *map(fold_text, filters.platforms)}
        conditions.append(_labelled("platform", names, None))
    if filters.topics or filters.min_severity:
        conditions.append(_labelled("topic", set(filters.topics), filters.min_severity))
    if filters.sources:
        conditions.append(ArticleRow.source.in_(filters.sources))
    since, until = time_range(filters) if timed else (None, None)
    if since:
        conditions.append(ArticleRow.dated_at >= since)
    if until:
        conditions.append(ArticleRow.dated_at < until)
    return conditions


def _labelled(kind: str, names: set[str], severity: Severity | None) -> ColumnElement[bool]:
    labels = select(ArticleLabelRow.article_id).where(ArticleLabelRow.kind == kind)
    if names:
        labels = labels.where(ArticleLabelRow.name.in_(sorted(names)))
    if severity:
        labels = labels.where(ArticleLabelRow.severity >= severity.rank)
    return ArticleRow.id.in_(labels)


def time_range(filters: Filters) -> tuple[datetime | None, datetime | None]:
    """Give [since, until) in UTC."""
    try:
        zone = ZoneInfo(filters.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise QueryError(f"timezone {filters.timezone!r} is unknown; try Asia/Shanghai") from error
    since = _moment("since", filters.since, zone, timedelta(0))
    until = _moment("until", filters.until, zone, timedelta(days=1))
    if since and until and since >= until:
        raise QueryError(f"since {filters.since} is after until {filters.until}; swap them")
    return since, until


def _moment(name: str, value: When, zone: ZoneInfo, day: timedelta) -> datetime | None:
    """Read one bound; a whole day moves by `day`, a moment of `until` is itself excluded."""
    if value is None or value == "":
        return None
    try:
        given = _parsed(value) if isinstance(value, str) else value
        if not isinstance(given, datetime):
            given = datetime.combine(given + day, time(), zone)
        return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise QueryError(
            f"{name}: {value!r} is no date; write 2024-11-08 or 2024-11-08T22:41+08:00"
        ) from error


def _parsed(value: str) -> date | datetime:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return datetime.fromisoformat(value)


def check_page(limit: int, offset: int) -> None:
    """Refuse a page that nobody can mean, naming the range."""
    if not 1 <= limit <= MAX_LIMIT:
        raise QueryError(f"limit is {limit}; it must be between 1 and {MAX_LIMIT}")
    if not 0 <= offset <= MAX_OFFSET:
        raise QueryError(f"offset is {offset}; it must be between 0 and {MAX_OFFSET}")


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among `choices`."""
    if value not in choices:
        raise QueryError(f"{name} is {value!r}; it must be one of {', '.join(choices)}")
