"""Estimates of how often articles change, and when a look falls due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest

from monitor.changes import revisits
from monitor.changes.revisits import (
    DAY,
    DEFAULT_PRICE,
    HOUR,
    LATEST,
    SOONEST,
    History,
    Pace,
    change_rate,
    new_price,
    next_look,
    next_visit,
    seen_again,
    worth,
)

BORN = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOBODY = Pace(0, 0)


def seen(hours: float, looks: int = 0, changes: int = 0) -> History:
    """An article last looked at `hours` after it was first seen."""
    last = BORN + timedelta(hours=hours)
    return History(BORN, last, looks, changes, hours * HOUR, last if changes else None)


def rate(history: History, pace: Pace = NOBODY, after: float = 1.0) -> float:
    return change_rate(history, pace, history.last_look_at + timedelta(hours=after))


def test_changes_come_more_rarely_with_age_and_where_nothing_changed():
    by_age = [rate(seen(hours)) for hours in (0, 1, 6, 24, 24 * 7, 24 * 60)]
    assert all(younger > older for younger, older in pairwise(by_age))
    assert by_age[-1] >= 0.5 * revisits.RARELY
    assert rate(seen(24, looks=6, changes=6)) > 5 * rate(seen(24, looks=6))
    assert rate(seen(24, looks=6, changes=3)) > rate(seen(24, looks=6, changes=1))
    lively, silent = Pace(40, 10), Pace(0, 30)
    assert rate(seen(24), lively) > 2 * rate(seen(24)) > 10 * rate(seen(24), silent)


def test_an_article_found_old_is_not_taken_for_a_fresh_one():
    found = replace(seen(24 * 300), watched=0.0)
    assert rate(found) < rate(seen(0)) / 100
    # And what was never watched says nothing against it.
    assert rate(found) > rate(seen(24 * 300, looks=5))


def test_a_look_gains_worth_with_time_and_is_never_negative_or_lost_in_rounding():
    for each in (1e-12, 0.001 / DAY, 0.1 / DAY, 5 / DAY, 1 / HOUR):
        worths = [worth(each, elapsed) for elapsed in (0, 60, HOUR, DAY, 30 * DAY)]
        assert worths[0] == 0
        assert all(0 <= sooner <= later for sooner, later in pairwise(worths)), each
    below, above = worth(0.999e-4 / DAY, DAY), worth(1.001e-4 / DAY, DAY)
    assert below == pytest.approx(above, rel=0.01)


def test_equal_worths_are_the_best_freshness_that_a_budget_buys():
    """Cho and Garcia-Molina's optimum, found without the formula: no shift of looks from one page
    to another makes the mean freshness of the pages, weighted as `worth` weighs them, better."""
    rates = np.array([0.01, 0.1, 0.5, 2.0]) / DAY
    weights = rates**revisits.WEIGHT

    def interval(each: float, price: float) -> float:
        low, high = 1.0, 1e9
        for _ in range(80):
            middle = (low * high) ** 0.5
            low, high = (middle, high) if worth(each, middle) < price else (low, middle)
        return high

    def freshness(looks: np.ndarray) -> float:
        return float((weights * looks * -np.expm1(-rates / looks) / rates).sum())

    best = 1 / np.array([interval(each, 40.0) for each in rates])
    for giver in range(4):
        for taker in range(4):
            if giver != taker:
                moved = best.copy()
                moved[giver] -= 0.02 * best.min()
                moved[taker] += 0.02 * best.min()
                assert freshness(moved) < freshness(best), (giver, taker)


def test_where_looks_are_cheap_what_never_changes_is_asked_whether_it_stands():
    quiet = Pace(0, 30)
    for hours, wait in ((0, 12), (24 * 7, 12), (24 * 30, 48), (24 * 90, 144)):
        still = seen(hours, 40, 0)
        waited = next_visit(still, quiet, DEFAULT_PRICE) - still.last_look_at
        assert waited <= timedelta(hours=wait)
        assert next_visit(still, quiet, DEFAULT_PRICE + 0.1) == next_look(
            still, quiet, DEFAULT_PRICE + 0.1
        )
    waited = next_visit(seen(24 * 90, 40, 0), quiet, DEFAULT_PRICE) - seen(24 * 90).last_look_at
    assert waited > timedelta(days=2)


def test_the_next_look_is_when_its_worth_reaches_the_price():
    for history in (seen(0), seen(5, 3, 2), seen(24 * 20, 9, 0)):
        for price in (1.0, DEFAULT_PRICE, 100.0):
            at = next_look(history, NOBODY, price)
            waited = at - history.last_look_at
            assert SOONEST <= waited <= LATEST
            value = worth(change_rate(history, NOBODY, at), waited.total_seconds())
            if SOONEST * 1.02 < waited < LATEST:
                assert value == pytest.approx(price, rel=0.05)
        assert next_look(history, NOBODY, 1.0) <= next_look(history, NOBODY, 50.0)
    assert next_look(seen(24 * 900, 9, 0), Pace(0, 30), 1e9) - seen(24 * 900).last_look_at == LATEST
    waited = next_look(seen(1), NOBODY, 0.0) - seen(1).last_look_at
    assert SOONEST <= waited <= SOONEST * 1.02


def test_a_site_is_known_by_its_latest_looks():
    """Looks at pages that change ten times as often as the curve says, then never again."""
    draw = np.random.default_rng(5)
    pace, factors = NOBODY, []
    for times in (10.0, 0.0):
        for _ in range(1500):
            history = replace(seen(float(draw.uniform(0, 48))), watched=0.0)
            at = history.last_look_at + timedelta(hours=float(draw.uniform(1, 30)))
            expected = revisits._curve(
                *((end - BORN).total_seconds() for end in (history.last_look_at, at))
            )
            changed = bool(draw.random() < -np.expm1(-times * expected))
            pace = seen_again(pace, history, at, changed)
        factors.append(pace.changes / pace.expected)
    assert 6 < factors[0] < 16
    assert factors[1] < factors[0] / 4
    # A look that says no more than "not changed" about no time at all says nothing.
    still = seen_again(pace, seen(3), seen(3).last_look_at, False)
    assert still.changes / still.expected == pytest.approx(pace.changes / pace.expected)


def test_the_price_follows_what_is_due_and_stays_within_bounds():
    assert new_price(DEFAULT_PRICE, 1000, 4) > DEFAULT_PRICE > new_price(DEFAULT_PRICE, 0, 4)
    for due, end in ((10_000, revisits.DEAREST), (0, revisits.CHEAPEST)):
        price = DEFAULT_PRICE
        for _ in range(500):
            price = new_price(price, due, 2.5)
        assert price == end
    assert new_price(DEFAULT_PRICE, 3, 0) >= DEFAULT_PRICE


def test_clocks_that_went_back_and_counts_that_disagree_harm_nothing():
    odd = History(BORN, BORN - timedelta(hours=2), 3, 5, -5.0, None)
    assert change_rate(odd, NOBODY, BORN - timedelta(hours=9)) > 0
    assert next_look(odd, NOBODY, DEFAULT_PRICE) > odd.last_look_at
    assert seen_again(NOBODY, odd, BORN - timedelta(hours=9), True).changes > 0
