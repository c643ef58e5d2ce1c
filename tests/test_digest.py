"""When a digest is due, in every zone and across every change of clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.alerts.digest import digest_key, digest_moment, next_digest

# `localtime` is whatever machine the tests run on; the others are fixed.
ZONES = sorted(available_timezones() - {"localtime"})

# Hypothesis takes naive bounds and adds the zone itself.
moments = some.datetimes(
    min_value=datetime(2005, 1, 1),  # noqa: DTZ001
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)
times = some.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = some.sampled_from(ZONES)

CASES = [
    # zone, at, after, due (both UTC)
    ("Asia/Shanghai", time(8, 30), "2026-11-24T00:29", "2026-11-24T00:30"),
    ("Asia/Shanghai", time(8, 30), "2026-11-24T00:30", "2026-11-25T00:30"),
    ("Asia/Shanghai", time(0, 0), "2026-11-24T15:59", "2026-11-24T16:00"),
    # clocks jump from 02:00 to 03:00: half past two comes as half past three
    ("Europe/Berlin", time(2, 30), "2026-03-28T12:00", "2026-03-29T01:30"),
    ("Europe/Berlin", time(2, 30), "2026-03-29T01:30", "2026-03-30T00:30"),
    # clocks show half past two twice: the first one counts, the second brings no second digest
    ("Europe/Berlin", time(2, 30), "2026-10-24T12:00", "2026-10-25T00:30"),
    ("Europe/Berlin", time(2, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
    # Samoa had no 30 December 2011
    ("Pacific/Apia", time(8, 30), "2011-12-29T18:30", "2011-12-30T18:30"),
    ("Pacific/Apia", time(8, 30), "2011-12-30T18:30", "2011-12-31T18:30"),
]


@pytest.mark.parametrize(("zone", "at", "after", "due"), CASES)
def test_a_digest_comes_at_its_time_of_day(zone, at, after, due):
    start = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert next_digest(at, zone, start) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@given(times, zones, moments)
def test_the_next_digest_lies_ahead_and_at_most_two_days_off(at, zone, after):
    due = next_digest(at, zone, after)
    assert after < due <= after + timedelta(hours=49)


@given(times, zones, moments)
def test_clocks_show_the_time_asked_for_unless_they_jumped_over_it(at, zone, after):
    due = next_digest(at, zone, after).astimezone(ZoneInfo(zone))
    if due.time() != at:
        before = (due - timedelta(days=2)).utcoffset(), (due + timedelta(days=2)).utcoffset()
        assert before[0] != before[1], "only a change of clocks moves a digest"


@given(times, zones, moments)
def test_no_time_between_two_digests_is_left_out(at, zone, after):
    """Whenever an alert arrives before a digest is due, that digest is the one it goes to."""
    due = next_digest(at, zone, after)
    assert next_digest(at, zone, due - timedelta(microseconds=1)) == due
    assert next_digest(at, zone, after + (due - after) / 2) == due


@given(times, zones, moments)
def test_one_digest_comes_in_a_day(at, zone, after):
    due = next_digest(at, zone, after)
    following = next_digest(at, zone, due)
    assert timedelta(hours=22) <= following - due <= timedelta(hours=49)


@given(moments)
def test_a_digest_key_tells_when_it_is_due(moment):
    assert digest_moment(digest_key("desk", "mail", moment)) == moment
