"""Which of the links found are fetched in this crawl."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from crawler.links import Link, LinkRules
from crawler.log.seen import (
    KEPT,
    SKIPPED,
    SUCCESSES,
    SeenUrl,
    find_seen,
    first_seen_since,
    has_failed,
    has_read,
)
from crawler.outcomes import Outcome
from crawler.traps import PathBudget, trap_in
from seeds.models import Source

# A link that failed twice rests an hour, then two, four … and at most a week: sites come back,
# and a page that was never there costs one request a week.
FIRST_REST = timedelta(hours=1)
LONGEST_REST = timedelta(days=7)

# One lookup's worth of links: enough to make the query cheap, few enough to stop early.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Target:
    """An article to fetch; `recheck` when the job asks for it. `validators` are the headers that
    make the request conditional."""

    url: str
    seen: SeenUrl | None = None
    recheck: bool = False

    @property
    def validators(self) -> dict[str, str]:
        """If-None-Match and If-Modified-Since, only for what was kept: all else is read again."""
        return validators_of(self.seen) if self.seen and self.seen.kept else {}


def validators_of(seen: SeenUrl) -> dict[str, str]:
    """The headers that ask a server for `304 Not Modified`."""
    headers = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_due(link: Link, seen: SeenUrl | None, now: datetime) -> bool:
    """Whether to fetch a link of which `seen` is known.

    New ones, failed ones that have rested, and read ones that the site says it changed since.
    Feeds tell whole seconds, so a change in the very second of the fetch counts as later; a
    time in the future is a wrong clock or zone and says nothing."""
    if seen is None:
        return True
    if seen.outcome not in SUCCESSES:
        return now >= seen.fetched_at + rest_after(seen.failures)
    if link.updated_at is None or link.updated_at > now:
        return False
    return link.updated_at >= seen.fetched_at.replace(microsecond=0)


def rest_after(failures: int) -> timedelta:
    """How long a link rests after so many failures in a row.

    >>> rest_after(1), rest_after(2), rest_after(4)
    (datetime.timedelta(0), datetime.timedelta(seconds=3600), datetime.timedelta(seconds=14400))
    """
    if failures < 2:
        return timedelta(0)
    doublings = min(failures - 2, 16)  # beyond, the power is only large
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


class Frontier:
    """Holds one crawl's links against what was seen before, and keeps it within its bound."""

    def __init__(
        self, source: Source, engine: Engine, now: datetime, path_budget: int = 2_000
    ) -> None:
        self._source = source
        self._engine = engine
        self._now = now
        self._rules = LinkRules(source)
        self._met: set[str] = set()
        self._owes_retries: bool | None = None
        self._recalled: dict[str, SeenUrl | None] = {}  # by address, once
        self._path_budget = path_budget
        self._budget: PathBudget | None = None
        self.admitted = 0
        self.known = 0  # read before, and well
        self.resting = 0  # failed before, and not due yet
        self.refused: Counter[str] = Counter()  # traps, and what is over a path's budget
        # Whether anything wanted was left for the next crawl.
        self.cut = False

    @property
    def is_full(self) -> bool:
        """Whether this crawl has all the articles it may fetch."""
        return self.admitted >= self._source.max_articles

    async def admit(self, links: Sequence[Link]) -> AsyncIterator[Target]:
        """The links to fetch, in order; each address once a crawl."""
        fresh = [link for link in links if self._is_new_here(link)]
        for start in range(0, len(fresh), BATCH):
            batch = fresh[start : start + BATCH]
            seen = await asyncio.to_thread(self._look_up, [link.url for link in batch])
            for link in batch:
                known = seen.get(link.url)
                if not self._is_wanted(link, known):
                    continue
                if self.is_full:
                    self.cut = True
                    return
                if known is None and not self._budget_allows(link.url):
                    continue
                self.admitted += 1
                yield Target(link.url, known)

    async def begin(self, rechecks: Sequence[str], lists: Sequence[str]) -> list[Target]:
        """The known articles that the job asks for, in order, as many as a crawl may fetch; what
        will be asked of its first `lists` is read with them, at once.

        The articles' links count as met: no list has them fetched a second time."""
        chosen = list(dict.fromkeys(rechecks))[: self._source.max_articles]
        seen = await asyncio.to_thread(self._read_first, [*chosen, *lists])
        self._recalled = {url: seen.get(url) for url in lists}
        self._met.update(chosen)
        return [Target(url, self._as_known(url, seen.get(url)), recheck=True) for url in chosen]

    def _as_known(self, url: str, seen: SeenUrl | None) -> SeenUrl:
        """What is remembered of an article that the job says is known."""
        if seen is None:
            return SeenUrl(url, KEPT, self._now, kept=True)
        return seen if seen.kept else replace(seen, kept=True)

    async def recall(self, url: str) -> SeenUrl | None:
        """What is remembered of a feed, sitemap, listing or single page itself."""
        if url in self._recalled:
            return self._recalled.pop(url)
        return (await asyncio.to_thread(self._look_up, [url])).get(url)

    async def owes_retries(self) -> bool:
        """Whether links of this source failed before: its lists must then be read again."""
        if self._owes_retries is None:
            self._owes_retries = await asyncio.to_thread(self._has_failed)
        return self._owes_retries

    async def has_read(self) -> bool:
        """Whether an article of this source was ever read."""
        return await asyncio.to_thread(self._has_read)

    def _is_wanted(self, link: Link, known: SeenUrl | None) -> bool:
        if is_due(link, known, self._now):
            return True
        passed_over = known is not None and known.outcome == SKIPPED and not known.kept
        if passed_over and self._source.keep == "all":
            return True  # another source passed over what this one keeps
        if known is not None and known.failures > 0 and not known.kept:
            self.resting += 1
            self.cut = True
        else:
            self.known += 1
        return False

    def _is_new_here(self, link: Link) -> bool:
        if link.url in self._met or not self._rules.admit(link.url):
            return False
        self._met.add(link.url)
        if trap_in(link.url, self._now):
            self.refused[Outcome.TRAP] += 1
            return False
        return True

    def _budget_allows(self, url: str) -> bool:
        assert self._budget is not None
        allowed = self._budget.take(url)
        if not allowed:
            self.refused[Outcome.PATH_BUDGET] += 1
            self.cut = True  # tomorrow has a budget of its own
        return allowed

    def _read_first(self, urls: Sequence[str]) -> dict[str, SeenUrl]:
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            self._owes_retries = has_failed(connection, self._source.name)
            return find_seen(connection, urls)

    def _look_up(self, urls: Sequence[str]) -> dict[str, SeenUrl]:
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            if self._budget is None:
                today = self._now.replace(hour=0, minute=0, second=0, microsecond=0)
                spent = first_seen_since(connection, self._source.name, today)
                self._budget = PathBudget(self._path_budget, spent)
            return find_seen(connection, urls)

    def _has_read(self) -> bool:
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            return has_read(connection, self._source.name)

    def _has_failed(self) -> bool:
        with self._engine.connect().execution_options(lendwatch_read=True) as connection:
            return has_failed(connection, self._source.name)
