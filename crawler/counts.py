"""What a crawl counts, kept in Scrapy's own statistics: its log shows the very same numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scrapy.statscollectors import StatsCollector

Counted = Literal["pages", "articles", "unchanged", "skipped", "known"]

_PREFIX = "lendwatch/"
_FAILURES = "lendwatch/failures/"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of CrawlResult."""

    pages: int = 0
    articles: int = 0
    unchanged: int = 0
    skipped: int = 0
    known: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)


def without(counts: Counts, aside: Mapping[str, int]) -> Counts:
    """The counts without article pages that ended so: by outcome, as many as `aside` says."""
    return replace(
        counts,
        articles=counts.articles - aside.get("kept", 0),
        unchanged=counts.unchanged - aside.get("unchanged", 0),
        skipped=counts.skipped - aside.get("skipped", 0),
        failures={
            name: left
            for name, number in counts.failures.items()
            if (left := number - aside.get(name, 0))
        },
    )


def count(stats: StatsCollector, name: Counted, number: int = 1) -> None:
    """Count `number` more of `name`."""
    stats.inc_value(_PREFIX + name, number)


def count_failure(stats: StatsCollector, outcome: str, number: int = 1) -> None:
    """Count fetches that failed, or were not made, with this outcome."""
    stats.inc_value(_FAILURES + outcome, number)


def read_counts(stats: StatsCollector) -> Counts:
    """All that was counted so far."""
    values: Mapping[str, Any] = stats.get_stats()
    numbers = {
        name: int(values.get(_PREFIX + name, 0))
        for name in ("pages", "articles", "unchanged", "skipped", "known")
    }
    failures = {
        key.removeprefix(_FAILURES): int(number)
        for key, number in sorted(values.items())
        if key.startswith(_FAILURES)
    }
    return Counts(**numbers, failures=failures)
