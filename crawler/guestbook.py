"""How a crawl behaves as a guest: counted, written down, and what sites asked for kept.

A Scrapy extension. A refusal (429, 503, a captcha) is stored the moment it comes, so that no kill
makes us forget it; the rest when the crawl ends. Every crawl takes up what is stored, other
processes' refusals too."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import structlog
from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from crawler.log.manners import (
    Conduct,
    RobotsFile,
    SiteTurn,
    find_robots,
    find_turns,
    record_conduct,
    record_robots,
    record_turns,
)
from crawler.turns import Pace, Standing, address_place, turns

log = structlog.get_logger(__name__)

# A crawl meets a handful of sites; a feed of links to everywhere meets some hundreds.
_MOST_SITES = 2000
# A killed process begins again after a second or two: a wait much longer than the usual delay is
# kept when it begins.
_LONG_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class ConductStore:
    """Where conduct is kept, and under which source's name."""

    engine: Engine
    source: str


class GuestBook:
    """One crawl's conduct towards each site. A spider whose `conduct_store` is None keeps none."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._conduct: dict[str, Conduct] = {}
        self._addresses: set[str] = set()
        self._store: ConductStore | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's hook."""
        book = cls(crawler)
        crawler.signals.connect(book.open, signals.spider_opened)
        crawler.signals.connect(book.close, signals.spider_closed)
        return book

    async def open(self) -> None:
        """Take up what sites asked for in earlier crawls, whichever process they ran in."""
        spider: Any = self._crawler.spider
        self._store = spider.conduct_store
        stored = await asyncio.to_thread(self._read)
        now = datetime.now(UTC)
        pace = Pace.from_options(self._crawler.settings["LENDWATCH_OPTIONS"])
        for turn in stored:
            left = (turn.next_at - now).total_seconds(), (turn.paused_until - now).total_seconds()
            turns().restore(turn.site, pace, Standing(left[0], left[1], turn.refusals))

    async def close(self) -> None:
        """Write down the crawl's conduct and what the sites it met ask for."""
        asked = self._turns([*self._conduct, *self._addresses])
        await asyncio.to_thread(self._write, asked, conducts=True)

    def sent(self, site: str, gap: float | None) -> None:
        """A request went out, `gap` seconds after the site's last."""
        known = self._of(site)
        gaps = [each for each in (known.smallest_gap, gap) if each is not None]
        self._put(replace(known, requests=known.requests + 1, smallest_gap=min(gaps, default=None)))

    async def left(self, site: str, addresses: Sequence[str]) -> None:
        """A turn at a site and these addresses of it has ended; a long wait until the next is kept."""
        if len(self._addresses) < _MOST_SITES:
            self._addresses.update(map(address_place, addresses))
        if turns().standing(site).next_in >= _LONG_WAIT:
            names = [site, *map(address_place, addresses)]
            await asyncio.to_thread(self._write, self._turns(names))

    def judged(self, site: str, reason: str, delay: float, *, allowed: bool) -> None:
        """robots.txt let a request pass, or did not."""
        known = self._of(site)
        self._put(
            replace(
                known,
                allowed=known.allowed + allowed,
                refused=known.refused + (not allowed),
                robots=reason,
                crawl_delay=max(known.crawl_delay, delay),
            )
        )

    def viewed(self, site: str, requests: int, cut_by: str) -> None:
        """A page in the browser asked for so much; `cut_by` names the limit that it passed."""
        known = self._of(site)
        self._put(
            replace(
                known,
                page_requests=known.page_requests + requests,
                cut_pages=known.cut_pages + bool(cut_by),
                cut_by=cut_by or known.cut_by,
            )
        )

    async def robots_of(self, origin: str) -> RobotsFile | None:
        """What an earlier crawl, of any process, was answered; None when the store has nothing."""
        return await asyncio.to_thread(self._read_robots, origin)

    async def keep_robots(self, file: RobotsFile, longest: timedelta) -> None:
        """Let other processes know this answer; answers older than `longest` are dropped."""
        await asyncio.to_thread(self._write_robots, file, longest)

    async def refused(self, site: str, status: int, *, challenge: bool = False) -> None:
        """The site answered 429 or 503, or with a captcha: kept at once."""
        known = self._of(site)
        self._put(
            replace(
                known,
                throttled=known.throttled + (status == 429),
                unavailable=known.unavailable + (status == 503),
                challenges=known.challenges + challenge,
            )
        )
        await asyncio.to_thread(self._write, self._turns([site]))

    def _of(self, site: str) -> Conduct:
        return self._conduct.get(site) or Conduct(site)

    def _put(self, conduct: Conduct) -> None:
        if conduct.site in self._conduct or len(self._conduct) < _MOST_SITES:
            self._conduct[conduct.site] = conduct

    def _turns(self, sites: Sequence[str]) -> list[SiteTurn]:
        """What these sites ask for now; those of before too, for a served pause must go."""
        now = datetime.now(UTC)
        found: list[SiteTurn] = []
        for site in sites:
            left = turns().standing(site)
            next_at = now + timedelta(seconds=left.next_in)
            paused_until = now + timedelta(seconds=left.paused_for)
            found.append(SiteTurn(site, next_at, paused_until, left.refusals))
        return found

    def _read(self) -> list[SiteTurn]:
        if self._store is None:
            return []
        try:
            with self._store.engine.connect() as connection:
                return find_turns(connection.execution_options(lendwatch_read=True))
        except SQLAlchemyError as error:  # this process's own turns hold all the same
            log.warning("guestbook.unread", error=str(error))
            return []

    def _read_robots(self, origin: str) -> RobotsFile | None:
        if self._store is None:
            return None
        try:
            with self._store.engine.connect() as connection:
                reading = connection.execution_options(lendwatch_read=True)
                return find_robots(reading, origin)
        except SQLAlchemyError as error:  # the site is asked instead
            log.warning("guestbook.unread", origin=origin, error=str(error))
            return None

    def _write_robots(self, file: RobotsFile, longest: timedelta) -> None:
        if self._store is None:
            return
        try:
            with self._store.engine.begin() as connection:
                record_robots(connection, file, longest)
        except SQLAlchemyError as error:  # this process knows the rules all the same
            log.warning("guestbook.unwritten", origin=file.origin, error=str(error))

    def _write(self, asked: Sequence[SiteTurn], *, conducts: bool = False) -> None:
        if self._store is None:
            return
        try:
            with self._store.engine.begin() as connection:
                record_turns(connection, asked, datetime.now(UTC))
                if conducts:
                    self._write_conduct(connection, self._store.source)
        except SQLAlchemyError as error:  # the crawl's own results matter more
            log.warning("guestbook.unwritten", sites=len(asked), error=str(error))

    def _write_conduct(self, connection: Connection, source: str) -> None:
        record_conduct(connection, source, list(self._conduct.values()), datetime.now(UTC))
