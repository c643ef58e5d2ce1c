"""How a crawl behaves as a guest: counted, written down, and what sites asked for kept.

A Scrapy extension. A request's turn is stored before it starts, a refusal (429, 503, a captcha)
and a long answer the moment they come, so that no kill makes us forget them; the rest when the crawl
ends. Every crawl takes up what is stored, other processes' refusals too."""

import asyncio
from collections.abc import Mapping, Sequence
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
    book_turn,
    drop_turns,
    find_robots,
    find_turns,
    record_conduct,
    record_robots,
    record_turns,
)
from crawler.pace import Pace, Standing
from crawler.turns import turns

log = structlog.get_logger(__name__)

# A crawl meets a handful of sites; a feed of links to everywhere meets some hundreds.
_MOST_SITES = 2000


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
            turns().restore(turn.site, pace, _standing([turn], now))

    async def close(self) -> None:
        """Write down the crawl's conduct and what the sites it met ask for."""
        await asyncio.to_thread(self._write, self._turns(list(self._conduct)), conducts=True)

    async def book(self, delays: Mapping[str, float], rules: bool) -> Standing:
        """Book a start where other processes see it: a crawler.turns.Ledger."""
        return await asyncio.to_thread(self._book, delays, rules=rules)

    async def rested(self, places: Sequence[str]) -> None:
        """These are to be left alone for longer than was booked."""
        found = self._turns(places)
        if any(turns().standing(place).next_in for place in places):
            await asyncio.to_thread(self._write, found)

    def sent(self, site: str, gap: float | None) -> None:
        """A request went out, `gap` seconds after the site's last."""
        conduct = self._of(site)
        conduct.requests += 1
        gaps = [each for each in (conduct.smallest_gap, gap) if each is not None]
        conduct.smallest_gap = min(gaps, default=None)

    def judged(self, site: str, reason: str, delay: float, *, allowed: bool) -> None:
        """robots.txt let a request pass, or did not."""
        conduct = self._of(site)
        conduct.allowed += allowed
        conduct.refused += not allowed
        conduct.robots = reason
        conduct.crawl_delay = max(conduct.crawl_delay, delay)

    def viewed(self, site: str, requests: int, cut_by: str) -> None:
        """A page in the browser asked for so much; `cut_by` names the limit that it passed."""
        conduct = self._of(site)
        conduct.page_requests += requests
        conduct.cut_pages += bool(cut_by)
        conduct.cut_by = cut_by or conduct.cut_by

    async def robots_of(self, origin: str) -> RobotsFile | None:
        """What an earlier crawl, of any process, was answered; None when the store has nothing."""
        return await asyncio.to_thread(self._read_robots, origin)

    async def keep_robots(self, file: RobotsFile, longest: timedelta) -> None:
        """Let other processes know this answer; answers older than `longest` are dropped."""
        await asyncio.to_thread(self._write_robots, file, longest)

    async def refused(self, site: str, status: int, *, challenge: bool = False) -> None:
        """The site answered 429 or 503, or with a captcha: kept at once."""
        conduct = self._of(site)
        conduct.throttled += status == 429
        conduct.unavailable += status == 503
        conduct.challenges += challenge
        await asyncio.to_thread(self._write, self._turns([site]))

    def _of(self, site: str) -> Conduct:
        """The site's conduct, to be added to; of one site too many it is kept nowhere."""
        conduct = self._conduct.get(site)
        if conduct is None:
            conduct = Conduct(site)
            if len(self._conduct) < _MOST_SITES:
                self._conduct[site] = conduct
        return conduct

    def _turns(self, sites: Sequence[str]) -> list[SiteTurn]:
        """What these sites ask for now; those of before too, for a served pause must go."""
        now = datetime.now(UTC)
        found: list[SiteTurn] = []
        for site in sites:
            left = turns().standing(site)
            next_at = now + timedelta(seconds=left.next_in)
            paused_until = now + timedelta(seconds=left.paused_for)
            found.append(SiteTurn(site, next_at, paused_until, left.refusals, left.challenges))
        return found

    def _read(self) -> list[SiteTurn]:
        if self._store is None:
            return []
        try:
            with self._store.engine.connect() as connection:
                reading = connection.execution_options(lendwatch_read=True)
                return find_turns(reading, datetime.now(UTC))
        except SQLAlchemyError as error:  # this process's own turns hold all the same
            log.warning("guestbook.unread", error=str(error))
            return []

    def _book(self, delays: Mapping[str, float], *, rules: bool) -> Standing:
        if self._store is None:
            return Standing(0.0, 0.0, 0)
        try:
            with self._store.engine.begin() as connection:
                now = datetime.now(UTC)  # the lock may have come late
                stood = _standing(book_turn(connection, delays, now, rules=rules), now)
                longest = max(delays.values()) if rules else stood.next_in
                return replace(stood, next_in=min(stood.next_in, longest))
        except SQLAlchemyError as error:  # this process's own turns hold all the same
            log.warning("guestbook.unbooked", places=len(delays), error=str(error))
            return Standing(0.0, 0.0, 0)

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
                now = datetime.now(UTC)
                record_turns(connection, asked, now)
                if conducts:
                    drop_turns(connection, now)
                    self._write_conduct(connection, self._store.source)
        except SQLAlchemyError as error:  # the crawl's own results matter more
            log.warning("guestbook.unwritten", sites=len(asked), error=str(error))

    def _write_conduct(self, connection: Connection, source: str) -> None:
        record_conduct(connection, source, list(self._conduct.values()), datetime.now(UTC))


def _standing(stored: Sequence[SiteTurn], now: datetime) -> Standing:
    """What places ask for together: the longest of each."""
    return Standing(
        max(0.0, *((turn.next_at - now).total_seconds() for turn in stored)),
        max(0.0, *((turn.paused_until - now).total_seconds() for turn in stored)),
        max(turn.refusals for turn in stored),
        max(turn.challenges for turn in stored),
    )
