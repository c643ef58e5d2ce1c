"""When to look at a known article again: how often it changes, and what a look is worth. Pure.

A rate is a general curve of age, times the site's factor, times the article's own. All three are
held against what looks told, and a look only tells "changed or not since the last": how many
edits lay between is estimated."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, expm1, log, sqrt

HOUR, DAY = 3600.0, 86400.0

# Bounds of the time between two looks at one article. No ordinary crawl comes more often than the
# first; after the second even what never changes is asked whether it still stands.
SOONEST, LATEST = timedelta(minutes=15), timedelta(days=30)

# The curve, an assumption: an article sees EDITS edits in the end, of which by an age a share of
# 1 - (1 + age / SETTLING) ** -TAIL has come: a quarter in the first hour, 72 % in the first day.
# Known are six Flemish newsrooms (0.68 edits an article in its first day; Timmerman and others,
# 2019-21) and the world's news by GDELT (a fifth of articles edited within a day, and 82 % of a
# week's edits within its first day). Site and article correct it by what they do.
EDITS, SETTLING, TAIL = 0.48, HOUR, 0.4
# And what never ends. GDELT finds 0.15 % of articles withdrawn a day within the first week.
RARELY = 0.001 / DAY
# How many changes the curve counts for beside those seen, of a site and of an article.
SITE_PRIOR, ARTICLE_PRIOR = 1.0, 1.0
# A site is known by its latest looks, over which the curve expected this many changes.
MEMORY = 30.0
# Whether it still stands is asked twice a day in its first week, then ever more rarely: of a month's
# age each second day. Some 50 looks at an article in a quarter, where a site's budget has them. A
# look comes a moment after its crawl began: due twelve whole hours later, it would miss the crawl
# of then, and come after 18 hours where crawls lie 6 apart, after 24 where they lie 12 apart.
ROUND_SOONEST, ROUND_SHARE = timedelta(hours=11, minutes=30), 1 / 15
# What is edited often weighs more. At 0 hours of a stale text are all that counts, and pages that
# change faster than they can be followed are given up; at 1 it is the number of edits caught.
# Halfway is better than age alone at both.
WEIGHT = 0.5

# A price so low that more is due than can be paid costs nothing but comparing what is due, and one
# so high that looks are left unmade costs looks: hence the aim is this many times the budget, and
# the dearest price still lets a fresh article fall due within hours, whatever else is overdue.
CHOICE = 20.0
DEFAULT_PRICE = 1.5
CHEAPEST, DEAREST = 0.01, 2.0


@dataclass(frozen=True, slots=True)
class History:
    """What looks told of one article. `changes` counts looks that found another text than the look
    before; `watched` is the time from first sight to the last look in seconds. Where the article
    was published before it was seen, `first_seen_at` may be that earlier time."""

    first_seen_at: datetime
    last_look_at: datetime
    looks: int
    changes: int
    watched: float
    last_change_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a site's articles change: changes estimated from looks, and how many the curve
    expected over the same looks. `Pace(0, 0)` is a site nobody knows."""

    changes: float
    expected: float


def change_rate(history: History, pace: Pace, now: datetime) -> float:
    """Return the changes per second expected of the article since its last look, on average until
    `now`: with the time since then it makes the `worth` of a look at `now`."""
    age = _seconds(history.first_seen_at, history.last_look_at)
    elapsed = max(_seconds(history.last_look_at, now), 1.0)
    return _factor(history, pace) * _curve(age, age + elapsed) / elapsed


def worth(rate: float, elapsed: float) -> float:
    """Return what a look is worth when `elapsed` seconds have passed and changes come at `rate` per
    second: seconds of a known newest text, times rate ** WEIGHT. It grows with `elapsed`."""
    mass = rate * elapsed
    if mass < 1e-4:  # the difference below would be lost in rounding
        return math.pow(rate, WEIGHT) * mass * elapsed / 2
    return math.pow(rate, WEIGHT) * (-expm1(-mass) - mass * exp(-mass)) / rate


def next_look(history: History, pace: Pace, price: float) -> datetime:
    """Return when a look at the article becomes worth `price`, but within SOONEST and LATEST of
    the last look."""
    low, high = SOONEST.total_seconds(), LATEST.total_seconds()
    while high > low * 1.01:
        middle = sqrt(low * high)
        at = history.last_look_at + timedelta(seconds=middle)
        if worth(change_rate(history, pace, at), middle) < price:
            low = middle
        else:
            high = middle
    return history.last_look_at + timedelta(seconds=high)


def next_visit(history: History, pace: Pace, price: float) -> datetime:
    """Return when to look again: `next_look`, but where looks are cheap no later than a share of
    the article's age. Its worth speaks of edits only, and what is withdrawn is missed the more the
    younger it is."""
    if price > DEFAULT_PRICE:
        return next_look(history, pace, price)
    age = max(timedelta(0), history.last_look_at - history.first_seen_at)
    elapsed = min(LATEST, max(ROUND_SOONEST, age * ROUND_SHARE))
    at_round = history.last_look_at + elapsed
    rate = change_rate(history, pace, at_round)
    if worth(rate, elapsed.total_seconds()) < price:  # which it is the sooner, the earlier it is
        return at_round
    return min(next_look(history, pace, price), at_round)


def seen_again(pace: Pace, history: History, looked_at: datetime, changed: bool) -> Pace:
    """Return the site's pace after one more look at an article, of which `history` tells the looks
    before."""
    age = _seconds(history.first_seen_at, history.last_look_at)
    expected = _own_factor(history, pace) * _curve(
        age, max(age, _seconds(history.first_seen_at, looked_at))
    )
    mass = _site_factor(pace) * expected
    # The mean of a Poisson count of which no more is known than that it isn't nought.
    changes = mass / -expm1(-mass) if changed and mass > 0 else float(changed)
    kept = min(1.0, MEMORY / max(pace.expected, MEMORY))
    return Pace(pace.changes * kept + changes, pace.expected * kept + expected)


def new_price(price: float, due: int, budget: float) -> float:
    """Return the price after a crawl for which `due` looks were due at the old one while `budget`
    could be made: dearer when more than CHOICE times as many were due as could be paid."""
    ratio = (due + 1) / (CHOICE * max(budget, 0.0) + 1)
    return min(DEAREST, max(CHEAPEST, price * math.pow(min(2.0, max(0.5, ratio)), 0.25)))


def _factor(history: History, pace: Pace) -> float:
    return _site_factor(pace) * _own_factor(history, pace)


def _site_factor(pace: Pace) -> float:
    return (pace.changes + SITE_PRIOR) / (pace.expected + SITE_PRIOR)


def _own_factor(history: History, pace: Pace) -> float:
    """The article beside others of its site: Cho and Garcia-Molina's estimate of the changes
    behind looks that tell yes or no, shrunk towards what its site does."""
    age = _seconds(history.first_seen_at, history.last_look_at)
    expected = _site_factor(pace) * _curve(max(0.0, age - history.watched), age)
    looks = max(history.looks, history.changes)  # nobody saw more changes than looks
    changes = -looks * log((looks - history.changes + 0.5) / (looks + 0.5))
    return (changes + ARTICLE_PRIOR) / (expected + ARTICLE_PRIOR)


def _curve(young: float, old: float) -> float:
    """Changes that the general curve expects between two ages in seconds."""
    return EDITS * (_left(young) - _left(old)) + RARELY * (old - young)


def _left(age: float) -> float:
    return math.pow(1 + age / SETTLING, -TAIL)


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())
