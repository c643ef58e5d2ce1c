"""Turns, delays and pauses: on a clock of the test's own, then over a real server."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from network_crawl import LOCAL, fetch_all
from network_site import Answer, NetworkSite

from crawler.options import CrawlOptions
from crawler.outcomes import Outcome, SiteThrottled
from crawler.pace import Pace
from crawler.turns import SiteTurns
from crawler.waits import retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
FIVE = Pace(5.0, 1)
FREE = Pace(0.0, 1)


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.turns = SiteTurns(lambda: self.now, self.sleep)
        self.started: list[tuple[str, float]] = []

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    async def visit(self, site: str, pace: Pace = FIVE, lasts: float = 0.0) -> None:
        async with self.turns.turn(site, pace):
            self.started.append((site, self.now))
            if lasts:
                await self.sleep(lasts)


def options(**changed):
    return CrawlOptions(**{**LOCAL.model_dump(), **changed})


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tuesday, 24-Nov-26 12:02:00 GMT", 120),
        ("Tue Nov 24 12:02:00 2026", 120),
        ("Tue, 24 Nov 2026 20:02:00 +0800", 120),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2099 11:00:00 GMT", 86_400),
        ("9" * 400, 86_400),
    ],
)
def test_a_retry_after_is_read_in_either_form(value, seconds):
    assert retry_after(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Tue, 99 Nov 2026 12:00:00 GMT"])
def test_a_retry_after_that_is_neither_is_no_wish(value):
    assert retry_after(value, NOW) is None


def test_requests_to_one_site_start_a_delay_apart_and_other_sites_do_not_wait():
    async def visits() -> list[tuple[str, float]]:
        clock = Clock()
        await clock.visit("a.com")
        await clock.visit("b.com")
        await clock.visit("a.com")
        await clock.visit("a.com")
        return clock.started

    assert asyncio.run(visits()) == [("a.com", 100), ("b.com", 100), ("a.com", 105), ("a.com", 110)]


def test_the_longer_of_delay_and_crawl_delay_counts():
    async def visits(asked: float) -> float:
        clock = Clock()
        clock.turns.ask_delay("a.com", asked)
        await clock.visit("a.com")
        await clock.visit("a.com")
        return clock.started[1][1] - clock.started[0][1]

    assert asyncio.run(visits(20)) == 20
    assert asyncio.run(visits(1)) == 5
    with pytest.raises(SiteThrottled, match="in 86400 s only"):
        asyncio.run(visits(1e300))


def test_one_connection_a_site_at_a_time():
    async def most(connections: int) -> int:
        clock, inside, seen = Clock(), 0, []

        async def visit() -> None:
            nonlocal inside
            async with clock.turns.turn("a.com", Pace(0.0, connections)):
                inside += 1
                seen.append(inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(visit() for _ in range(8)))
        return max(seen)

    assert asyncio.run(most(1)) == 1
    assert asyncio.run(most(3)) == 3


def test_no_delay_costs_no_wait():
    async def visits() -> float:
        clock = Clock()
        for _ in range(50):
            await clock.visit("a.com", FREE)
        return clock.now

    assert asyncio.run(visits()) == 100


def test_a_short_pause_is_waited_out_and_a_long_one_turns_away():
    async def visits() -> Clock:
        clock = Clock()
        clock.turns.refused("short.com", FREE, timedelta(seconds=60))
        clock.turns.refused("long.com", FREE, timedelta(seconds=600))
        await clock.visit("short.com", FREE)
        with pytest.raises(SiteThrottled, match=r"long\.com asked for a pause; 540 s"):
            await clock.visit("long.com", FREE)
        return clock

    assert asyncio.run(visits()).started == [("short.com", 160)]


def test_refusals_without_a_wish_double_the_pause_until_the_site_answers():
    turns = SiteTurns(lambda: 0.0)

    async def refusals() -> list[float]:
        pauses = [turns.refused("a.com", FIVE, None) for _ in range(12)]
        turns.answered("a.com")
        return [*pauses, turns.refused("a.com", FIVE, None)]

    pauses = asyncio.run(refusals())
    assert pauses[:4] == [30, 60, 120, 240]
    assert pauses[11] == 3600
    assert pauses[12] == 30
    assert asyncio.run(_no_delay_no_pause()) == 0


async def _no_delay_no_pause() -> float:
    return SiteTurns(lambda: 0.0).refused("a.com", FREE, None)


def test_a_crawl_that_is_stopped_stops_waiting():
    async def visit() -> None:
        clock = Clock()
        await clock.visit("a.com", Pace(60.0, 1))
        async with clock.turns.turn("a.com", Pace(60.0, 1), lambda: clock.now < 110):
            pytest.fail("the turn came although the crawl was stopped")

    with pytest.raises(SiteThrottled, match="being stopped"):
        asyncio.run(visit())


def test_a_crawl_keeps_one_connection_and_the_delay_on_a_real_site():
    with NetworkSite({"/robots.txt": Answer(404), "*": Answer(wait=0.02)}) as site:
        urls = [f"{site.url}/{n}" for n in range(4)]
        results = fetch_all(urls, options(delay=timedelta(seconds=0.2)))
        assert site.most_busy == 1
        times = [seen.at for seen in site.requests if seen.path != "/robots.txt"]
    assert all(ended.outcome is Outcome.OK for ended in results.values())
    # A hair less than 0.2: the server notes the time when the request has arrived.
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.18


def test_a_crawl_delay_slows_a_real_crawl_down():
    robots = Answer(200, b"User-agent: *\nCrawl-delay: 0.3\n")
    with NetworkSite({"/robots.txt": robots, "*": Answer()}) as site:
        fetch_all([f"{site.url}/{n}" for n in range(3)])
        times = [seen.at for seen in site.requests if seen.path != "/robots.txt"]
    assert times[2] - times[0] > 0.58


def test_connections_per_site_opens_more_where_one_owns_the_site():
    with NetworkSite({"/robots.txt": Answer(404), "*": Answer(wait=0.1)}) as site:
        fetch_all([f"{site.url}/{n}" for n in range(8)], options(connections_per_site=4))
        assert site.most_busy == 4


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_for_an_hour_is_left_alone(status):
    asks = Answer(status, b"", {"Retry-After": "3600"})
    with NetworkSite({"/robots.txt": Answer(404), "/0": asks, "*": Answer()}) as site:
        urls = [f"{site.url}/{n}" for n in range(4)]
        results = fetch_all(urls)
        assert site.paths() == ["/robots.txt", "/0"]
    first = Outcome.THROTTLED if status == 429 else Outcome.SERVER_ERROR
    assert [results[url].outcome for url in urls] == [first] + [Outcome.THROTTLED] * 3


def test_a_site_that_asks_for_a_second_is_asked_again_after_it():
    answers = iter([Answer(503, b"", {"Retry-After": "1"}), Answer()])
    with NetworkSite({"/robots.txt": Answer(404), "/a": lambda _: next(answers)}) as site:
        results = fetch_all([f"{site.url}/a"], RETRY_ENABLED=True)
        times = [seen.at for seen in site.requests if seen.path == "/a"]
    assert results[f"{site.url}/a"].outcome is Outcome.OK
    assert times[1] - times[0] >= 0.98
