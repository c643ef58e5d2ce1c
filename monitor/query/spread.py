"""How a story spread: its sites in the order of arrival, and how long after the first each came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SiteArrival:
    """One site of a story: its first copy there, when that was first seen, how many seconds after
    the lead, and how many copies it has."""

    site: str
    article_id: int
    first_seen_at: datetime
    delay_seconds: float
    copies: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a story spread: `copies` count the lead; `last_seen_at` is when the newest copy was
    first seen. `sites` come in the order of arrival, the lead's first."""

    copies: int
    first_seen_at: datetime
    last_seen_at: datetime
    sites: tuple[SiteArrival, ...]


class Seen(Protocol):
    """An article of a story."""

    @property
    def article_id(self) -> int: ...  # noqa: D102

    @property
    def site(self) -> str: ...  # noqa: D102

    @property
    def first_seen_at(self) -> datetime: ...  # noqa: D102


def spread_of(articles: Sequence[Seen]) -> Spread:
    """Sum up a story's `articles`, given in the order they were first seen; at least one."""
    first: dict[str, Seen] = {}
    for each in articles:
        first.setdefault(each.site, each)
    begun = articles[0].first_seen_at
    return Spread(
        copies=len(articles),
        first_seen_at=begun,
        last_seen_at=articles[-1].first_seen_at,
        sites=tuple(
            SiteArrival(
                site=site,
                article_id=each.article_id,
                first_seen_at=each.first_seen_at,
                delay_seconds=(each.first_seen_at - begun).total_seconds(),
                copies=sum(one.site == site for one in articles),
            )
            for site, each in first.items()
        ),
    )
