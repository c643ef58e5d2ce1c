"""Which known articles to look at again: ours beside simpler policies at the same budget.

A quarter is made up by rules that the product doesn't know: an intensity of edits for each article
and hour, from which the edits are drawn. Everybody crawls each site hourly and may make the same
looks. The figures of seed 1 were looked at while the product's constants were chosen, those of
seed 2, which is what runs unless seeds are given, were not."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import numpy as np

from monitor.changes.revisits import (
    DEFAULT_PRICE,
    History,
    Pace,
    change_rate,
    new_price,
    next_look,
    seen_again,
    worth,
)

DAYS, SITES = 90, 12
HOURS = DAYS * 24
START = datetime(2026, 1, 5, tzinfo=UTC)
# Looks a site and day: some 420 articles a site pile up until the quarter ends.
BUDGETS = {"tight": 12, "middle": 48, "ample": 192}
SEEDS = (2,)

# Of a site's articles: how many see no edit at all, are told live, are corrected days later and
# are withdrawn.
NEVER, LIVE, CORRECTED, WITHDRAWN = 0.4, 0.03, 0.06, 0.02
# Edits that an ordinary edited article of each site sees, and two sites' old pages.
EDITS_BY_SITE = (0.0, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.2, 1.5, 2.0, 3.0)
ARCHIVES = {4: 100, 9: 150}
REDESIGNED = {6: 40 * 24}


@dataclass
class Site:
    """Known-from hours, cumulated intensity by article and hour, edit times in hours, and the hour
    in which every page of the site reads differently though nothing was edited."""

    known: np.ndarray
    mass: np.ndarray
    edits: list[np.ndarray]
    redesigned: float


def _bump(rng, age, median, spread):
    """A lognormal delay's density over hourly ages, summing to 1."""
    at = np.log(np.maximum(age + 0.5, 0.25) / median)
    density = np.where(age >= 0, np.exp(-((at / spread) ** 2) / 2) / np.maximum(age + 0.5, 0.25), 0)
    return density / max(density.sum(), 1e-9)


def make_site(rng, number: int) -> Site:
    clock = np.arange(HOURS)
    daily = np.where((clock % 24 >= 8) & (clock % 24 < 22), 1.5, 0.3)
    weekly = np.where(clock // 24 % 7 < 5, 1.2, 0.5)
    arrivals = rng.poisson(rng.uniform(2.5, 6.5) / 24 * daily * weekly)
    born = np.repeat(clock, arrivals)
    old = ARCHIVES.get(number, 0)
    known = np.concatenate([np.zeros(old), born + 1]).astype(int)
    rates = np.zeros((len(known), HOURS))
    median, spread = rng.uniform(1.0, 8.0), rng.uniform(0.9, 1.5)
    campaigns = rng.integers(20 * 24, HOURS - 100, 2) if old else []
    for row in range(len(known)):
        age = clock - known[row] + 1
        if row < old:
            rates[row] = 1 / (60 * 24)
        elif rng.random() > NEVER:
            amount = EDITS_BY_SITE[number] * rng.gamma(2, 0.5)
            rates[row] += amount * _bump(rng, age, median, spread)
            if rng.random() < LIVE / (1 - NEVER):
                until = rng.uniform(6, 96)
                rates[row] += rng.uniform(6, 25) / until * ((age >= 0) & (age < until))
            if rng.random() < CORRECTED / (1 - NEVER) and EDITS_BY_SITE[number] > 0:
                rates[row] += _bump(rng, age, rng.uniform(50, 400), 0.5)
        if rng.random() < WITHDRAWN:
            rates[row] += _bump(rng, age, 150, 1.5)
        for at in campaigns:
            if known[row] < at - 240 and rng.random() < 0.15:
                rates[row, at : at + 8] += 0.2
    rates *= daily
    counts = rng.poisson(rates)
    edits = []
    for row, hour in zip(counts, known, strict=True):
        at = np.sort(np.repeat(clock, row) + rng.random(row.sum()))
        edits.append(at[at > hour])  # what was edited before we came is the text we know
    mass = np.concatenate([np.zeros((len(known), 1)), rates.cumsum(axis=1)], axis=1)
    return Site(known, mass, edits, REDESIGNED.get(number, float("inf")))


class Looks:
    """The hours of one policy's looks, by article."""

    def __init__(self, site: Site):
        self.at = [[float(hour)] for hour in site.known]


def _crawls(site: Site, budget: float) -> Iterator[tuple[int, int, int]]:
    """Every hourly crawl: the hour, how many articles are known, and the looks it may make."""
    purse = 0.0
    for hour in range(1, HOURS):
        purse += budget / 24
        looks = int(purse)
        purse -= looks
        yield hour, int(np.searchsorted(site.known, hour)), looks


def by_score(site: Site, budget: float, score) -> tuple[Looks, int]:
    """Look at what scores highest; what scores nothing is not looked at."""
    looks, spent = Looks(site), 0
    last = site.known.copy()
    for hour, known, allowed in _crawls(site, budget):
        if not allowed or not known:
            continue
        scores = score(site, hour, known, last[:known])
        for row in np.argsort(-scores, kind="stable")[:allowed]:
            if scores[row] > 0:
                looks.at[row].append(hour)
                last[row] = hour
                spent += 1
    return looks, spent


def uniform(site, hour, known, last):
    return hour - last


def daily_for_a_week(site, hour, known, last):
    return np.where((hour - last >= 24) & (hour - site.known[:known] <= 7 * 24), hour - last, 0)


def daily_while_it_lasts(budget: float):
    """Daily until the age at which the budget is spent."""

    def score(site, hour, known, last):
        days = budget / (len(site.known) / DAYS)
        young = hour - site.known[:known] <= max(24, days * 24)
        return np.where((hour - last >= 24) & young, hour - last, 0)

    return score


def by_age(site, hour, known, last):
    """Exponential back-off: whoever waits longest for its age is next, whatever the budget."""
    return (hour - last) / (last - site.known[:known] + 2)


def oracle(site, hour, known, last):
    mass = site.mass[np.arange(known), hour] - site.mass[np.arange(known), last]
    elapsed = (hour - last).astype(float)
    return (
        np.where(mass > 1e-9, -np.expm1(-mass) - mass * np.exp(-mass), 0)
        * elapsed
        / np.maximum(mass, 1e-9)
    )


def ours(site: Site, budget: float) -> tuple[Looks, int]:
    """As the product does it: an article is due when its next look says so, and of those due the
    most valuable are looked at."""
    looks, spent, pace, price = Looks(site), 0, Pace(0, 0), DEFAULT_PRICE
    histories: list[History] = []
    queue: list[tuple[datetime, int]] = []
    due: list[int] = []
    for hour, known, allowed in _crawls(site, budget):
        now = START + timedelta(hours=hour)
        for row in range(len(histories), known):
            seen = START + timedelta(hours=int(site.known[row]))
            histories.append(History(seen, seen, 0, 0, 0.0, None))
            heappush(queue, (next_look(histories[row], pace, price), row))
        while queue and queue[0][0] <= now:
            due.append(heappop(queue)[1])
        price = new_price(price, len(due), budget / 24)
        if allowed and len(due) > allowed:
            value = {row: _value(histories[row], pace, now) for row in due}
            due.sort(key=lambda row: -value[row])
        for row in due[:allowed]:
            before = histories[row]
            known_until = looks.at[row][-1]
            edited = bool(
                np.searchsorted(site.edits[row], hour)
                - np.searchsorted(site.edits[row], known_until)
            )
            changed = edited or known_until < site.redesigned <= hour
            pace = seen_again(pace, before, now, changed)
            histories[row] = History(
                before.first_seen_at,
                now,
                before.looks + 1,
                before.changes + changed,
                (now - before.first_seen_at).total_seconds(),
                now if changed else before.last_change_at,
            )
            looks.at[row].append(hour)
            heappush(queue, (next_look(histories[row], pace, price), row))
            spent += 1
        del due[:allowed]
    return looks, spent


def _value(history: History, pace: Pace, now: datetime) -> float:
    elapsed = (now - history.last_look_at).total_seconds()
    return worth(change_rate(history, pace, now), elapsed)


@dataclass
class Figures:
    """Sums over sites, from which `line` makes the figures."""

    fresh: float = 0.0
    time: float = 0.0
    fresh_changed: float = 0.0
    time_changed: float = 0.0
    caught: int = 0
    spent: int = 0

    def __post_init__(self):
        self.delays: list[np.ndarray] = []

    def add(self, site: Site, looks: Looks, spent: int) -> None:
        self.spent += spent
        for known, edits, at in zip(site.known, site.edits, looks.at, strict=True):
            ends = np.array([*at, np.inf])
            seen = ends[np.searchsorted(ends, edits)]
            # Of edits between two looks the first makes the text we know stale.
            first = np.flatnonzero(seen != np.concatenate([[-1.0], seen[:-1]]))
            stale = float((np.minimum(seen, HOURS) - edits)[first].sum())
            time = HOURS - float(known)
            self.fresh += time - stale
            self.time += time
            if len(edits):
                self.fresh_changed += time - stale
                self.time_changed += time
                self.caught += len(np.unique(seen[np.isfinite(seen)]))
                self.delays.append(seen - edits)

    def line(self) -> str:
        delays = np.concatenate(self.delays)
        median, ninety = np.quantile(delays, [0.5, 0.9], method="inverted_cdf")
        return (
            f"fresh {self.fresh / self.time:.4f}, of those changed"
            f" {self.fresh_changed / self.time_changed:.4f}, edits caught"
            f" {self.caught / len(delays):.3f}, delay median {_hours(median)} 90 % {_hours(ninety)},"
            f" looks {self.spent}"
        )


def _hours(delay: float) -> str:
    return f"{delay:.1f} h" if np.isfinite(delay) else "never"


def main(seeds=SEEDS) -> None:
    for seed in seeds:
        rng = np.random.default_rng(seed)
        sites = [make_site(rng, number) for number in range(SITES)]
        articles, edits = (
            sum(len(s.known) for s in sites),
            sum(map(len, (e for s in sites for e in s.edits))),
        )
        print(f"revisits seed {seed}: {articles} articles, {edits} edits")
        for level, budget in BUDGETS.items():
            policies = {
                "uniform": lambda s, b: by_score(s, b, uniform),
                "daily for a week": lambda s, b: by_score(s, b, daily_for_a_week),
                "daily, fitted": lambda s, b: by_score(s, b, daily_while_it_lasts(b)),
                "by age": lambda s, b: by_score(s, b, by_age),
                "lendwatch": ours,
                "true rates known": lambda s, b: by_score(s, b, oracle),
            }
            for name, policy in policies.items():
                figures = Figures()
                for site in sites:
                    figures.add(site, *policy(site, budget))
                print(
                    f"revisits seed {seed} {level} ({budget} a site and day) {name}: {figures.line()}",
                    flush=True,
                )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SEEDS)
