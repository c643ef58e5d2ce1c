"""Whose turn it is: one connection a site and an address, and the time that lies between requests.

Knows nothing of HTTP. The state is the process's, not the crawl's: two crawls of one site in one
worker take turns. Where other processes may come by, and this one may be killed, a Ledger is booked
in too before a request starts: it is in the store (crawler/guestbook.py)."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Self

from crawler.outcomes import SiteThrottled
from crawler.pace import Ledger, Pace, Standing

# Request.meta key of robots.txt fetches: see SiteTurns.turn, `rules`.
PAUSE_EXEMPT = "lendwatch_robots"
# Request.meta key of what is asked for by whoever holds the site's connection (a page in the
# browser): it is part of that visit, and would wait for itself.
IN_VIEW = "lendwatch_in_view"
# A pause this short is waited out and the request tried again in the same crawl.
_WAITED_OUT = 120.0
# A Crawl-delay is waited out up to half of crawl_timeout's default; beyond, the next crawl goes on.
LONGEST_WAIT = 900.0
# A Crawl-delay beyond a day is a slip of the pen (1e300 is a number too).
_LONGEST_ASKED = 86_400.0
# 429, 503 without Retry-After, or a captcha: this many delays, doubled each time (30 s, 60 s, … at 5 s).
_BACK_OFF_DELAYS = 6
_LONGEST_BACK_OFF = 3600.0
# An answer that took longer shows a site at work: it rests as long as it worked, up to a minute
# (Heritrix waits five times as long, but at most 30 s).
_SLOW_SECONDS = 2.0
_LONGEST_REST = 60.0
_SLICE = 1.0  # how soon a waiting request notices that its crawl was stopped
_MOST_PLACES = 20_000


@dataclass(slots=True)
class _Place:
    """A site, or an address that sites share."""

    name: str
    gate: asyncio.Semaphore
    next_at: float = 0.0
    rules_at: float = 0.0  # the same for robots.txt: without the Crawl-delay
    started_at: float | None = None  # the newest request's start
    paused_until: float = 0.0
    asked_delay: float = 0.0  # Crawl-delay
    refusals: int = 0  # 429 and 503 in a row
    challenges: int = 0  # captchas in a row
    inside: int = 0

    async def __aenter__(self) -> Self:
        return await self.enter()

    async def __aexit__(self, *_: object) -> None:
        self.leave()

    async def enter(self) -> Self:
        """Wait for a connection, and hold it."""
        self.inside += 1
        try:
            await self.gate.acquire()
        except BaseException:
            self.inside -= 1
            raise
        return self

    def leave(self) -> None:
        """Let the next in line have the connection."""
        self.gate.release()
        self.inside -= 1


@dataclass(frozen=True, slots=True)
class _Visit:
    """One request at all the places that it meets, its site's first."""

    site: str
    places: Sequence[_Place]
    pace: Pace
    wanted: Callable[[], bool]
    rules: bool = False

    def delay(self, place: _Place) -> float:
        """Seconds that this place wants between two such requests."""
        return self.pace.delay if self.rules else max(self.pace.delay, place.asked_delay)

    def book(self, moment: float) -> None:
        """No request to any of the places before `moment` and the delay that it asks for."""
        for place in self.places:
            place.next_at = max(place.next_at, moment + self.delay(place))
            place.rules_at = max(place.rules_at, moment + self.pace.delay)


class SiteTurns:
    """Who may talk to which site when. Times are the clock's, in seconds."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._places: dict[str, _Place] = {}

    @asynccontextmanager
    async def turn(
        self,
        site: str,
        pace: Pace,
        wanted: Callable[[], bool] = lambda: True,
        *,
        addresses: Sequence[str] = (),
        rules: bool = False,
        ledger: Ledger | None = None,
    ) -> AsyncIterator[float | None]:
        """Wait for the connections and for the delays, then hold the connections.

        A delay counts from the end of the answer: from its start it would be shorter, as the site
        sees it, by what connecting took.
        Gives the seconds since the site's request before, None when it is the first. `rules` is
        for robots.txt: it keeps the configured delay, not the Crawl-delay that it may name
        itself (at `Crawl-delay: 600` a crawl would otherwise never get past its robots.txt).
        Raises SiteThrottled when the wait is too long for a crawl, or `wanted` turns False."""
        held: list[_Place] = []
        try:
            # In one order everywhere, and after the site's: no two requests wait for each other.
            for name in (site, *places_of(addresses)):
                held.append(await self._place(name, pace).enter())  # noqa: PERF401  # some may fail
            before = held[0].started_at
            visit = _Visit(site, held, pace, wanted, rules=rules)
            began = await self._wait(visit, ledger)
            try:
                yield None if before is None else began - before
            finally:
                self._end(visit, began)
        finally:
            for place in held:
                place.leave()

    def connection(self, name: str, pace: Pace) -> _Place:
        """Hold one of a place's connections, without a delay before or after it."""
        return self._place(name, pace)

    async def next_request(
        self, site: str, pace: Pace, wanted: Callable[[], bool], ledger: Ledger | None = None
    ) -> None:
        """Wait out the delay before another request of whoever holds the site's connection.

        Raises SiteThrottled as `turn` does."""
        await self._wait(_Visit(site, [self._place(site, pace)], pace, wanted), ledger)

    def viewed(self, site: str, pace: Pace) -> None:
        """What a page in the browser asked for has come: the delay begins now."""
        _Visit(site, [self._place(site, pace)], pace, lambda: True).book(self._clock())

    def ask_delay(self, site: str, seconds: float) -> None:
        """A Crawl-delay: of all hosts of a site, the longest counts."""
        place = self._place(site, Pace(0.0, 1))
        place.asked_delay = max(place.asked_delay, min(seconds, _LONGEST_ASKED))

    def refused(self, site: str, pace: Pace, wait: timedelta | None) -> float:
        """The site answered 429 or 503: pause it. Returns the pause in seconds."""
        place = self._place(site, pace)
        place.refusals += 1
        asked = None if wait is None else wait.total_seconds()
        seconds = self._back_off(place, pace, place.refusals) if asked is None else asked
        place.paused_until = max(place.paused_until, self._clock() + seconds)
        return seconds

    def challenged(self, site: str, pace: Pace) -> float:
        """The site asked for a proof of being human: pause it. Returns the pause in seconds."""
        place = self._place(site, pace)
        place.challenges += 1
        seconds = self._back_off(place, pace, place.challenges)
        place.paused_until = max(place.paused_until, self._clock() + seconds)
        return seconds

    def answered(self, site: str) -> None:
        """The site answered anything else: the next refusal starts a new series."""
        if place := self._places.get(site):
            place.refusals = 0

    def welcomed(self, site: str) -> None:
        """The site showed an article: the next captcha starts a new series."""
        if place := self._places.get(site):
            place.challenges = 0

    def restore(self, site: str, pace: Pace, standing: Standing) -> None:
        """Take up what an earlier process was asked for; what is known here is never shortened."""
        place = self._place(site, pace)
        now = self._clock()
        place.next_at = max(place.next_at, now + standing.next_in)
        place.rules_at = max(place.rules_at, now + min(standing.next_in, pace.delay))
        place.paused_until = max(place.paused_until, now + standing.paused_for)
        place.refusals = max(place.refusals, standing.refusals)
        place.challenges = max(place.challenges, standing.challenges)

    def standing(self, site: str) -> Standing:
        """What the site asks for at this moment."""
        place = self._places.get(site)
        if place is None:
            return Standing(0.0, 0.0, 0)
        now = self._clock()
        next_in, paused_for = max(0.0, place.next_at - now), max(0.0, place.paused_until - now)
        return Standing(next_in, paused_for, place.refusals, place.challenges)

    def check_pause(self, site: str) -> None:
        """Raise SiteThrottled when the site's pause is longer than a crawl waits."""
        place = self._places.get(site)
        if place is not None and (left := place.paused_until - self._clock()) > _WAITED_OUT:
            raise SiteThrottled(f"{site} asked for a pause; {left:.0f} s of it are left")

    async def _wait(self, visit: _Visit, ledger: Ledger | None) -> float:
        """Book the next start that suits all places, sleep until then, and return it."""
        places = visit.places
        start = max(place.rules_at if visit.rules else place.next_at for place in places)
        await self._sleep_until(visit, start)
        delays = {place.name: visit.delay(place) for place in places}
        while ledger is not None and any(delays.values()):
            others = await ledger(delays, visit.rules)
            self.restore(visit.site, visit.pace, Standing(0.0, others.paused_for, 0))
            await self._sleep_until(visit, self._clock() + others.next_in)
            if not others.paused_for:  # else nothing was booked
                break
        began = self._clock()
        for place in places:
            place.started_at = began
        return began

    async def _sleep_until(self, visit: _Visit, start: float) -> None:
        self.check_pause(visit.site)
        now = self._clock()
        if start - now > LONGEST_WAIT:
            raise SiteThrottled(f"{visit.site} allows the next request in {start - now:.0f} s only")
        visit.book(max(now, start))  # before sleeping: the next in line counts from here
        while (left := max(start, visit.places[0].paused_until) - self._clock()) > 0:
            self.check_pause(visit.site)
            if not visit.wanted():
                raise SiteThrottled(f"{visit.site} was not asked: the crawl is being stopped")
            await self._sleep(min(left, _SLICE))

    def _end(self, visit: _Visit, began: float) -> None:
        """The delay after an answer; more after a slow one, unless the operator's own is none."""
        now = self._clock()
        visit.book(now)
        if now - began >= _SLOW_SECONDS and visit.pace.delay:
            for place in visit.places:
                rest = min(now - began, _LONGEST_REST)
                place.next_at = max(place.next_at, now + rest)

    def _back_off(self, place: _Place, pace: Pace, times: int) -> float:
        base = _BACK_OFF_DELAYS * max(pace.delay, place.asked_delay)
        return min(base * float(2 ** min(times - 1, 10)), _LONGEST_BACK_OFF)

    def _place(self, name: str, pace: Pace) -> _Place:
        place = self._places.get(name)
        if place is None:
            if len(self._places) >= _MOST_PLACES:
                self._forget_idle()
            place = self._places[name] = _Place(name, asyncio.Semaphore(pace.connections))
        return place

    def _forget_idle(self) -> None:
        now = self._clock()
        for name, place in list(self._places.items()):
            if not place.inside and place.next_at <= now and place.paused_until <= now:
                del self._places[name]


def places_of(addresses: Sequence[str]) -> list[str]:
    """The addresses' names as places to take turns at, in the one order that all keep."""
    return [f"address {each}" for each in sorted(set(addresses))]


def turns() -> SiteTurns:
    """The turns of this process (of its running event loop, of which it has one)."""
    return _turns_of(asyncio.get_running_loop())


@lru_cache(maxsize=8)  # a process that tests has some
def _turns_of(_loop: asyncio.AbstractEventLoop) -> SiteTurns:
    return SiteTurns()
