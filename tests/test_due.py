"""When a source is due, and that the store remembers it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from monitor.due import (
    ask_now,
    due_times,
    failures_in_a_row,
    next_due,
    reconcile,
    reschedule,
)
from seeds.models import Source

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def source(name: str = "a", **fields: object) -> Source:
    timing = {} if "cron" in fields else {"every": "1h"}
    return Source.model_validate(
        {
            "name": name,
            "kind": "feed",
            "url": f"https://{name}.example/feed",
            "jitter": "0s",
            **timing,
            **fields,
        }
    )


def test_an_interval_counts_from_the_end_of_the_last_crawl() -> None:
    assert next_due(source(every="15m"), NOW) == NOW + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("30 8 * * *", "Asia/Shanghai", datetime(2026, 11, 25, 0, 30, tzinfo=UTC)),
        ("0 9 * * *", "UTC", datetime(2026, 11, 24, 9, 0, tzinfo=UTC)),
        # New York left daylight saving time on 1 November: 8:00 is 13:00 UTC from then on.
        ("0 8 * * *", "America/New_York", datetime(2026, 11, 24, 13, 0, tzinfo=UTC)),
    ],
)
def test_a_cron_line_is_read_in_the_zone_of_its_source(
    cron: str, zone: str, expected: datetime
) -> None:
    assert next_due(source(cron=cron, timezone=zone), NOW) == expected


@given(st.integers(0, 400 * 24 * 60))
@example(489151)  # the evening before a clock is set back, and 2:30 comes twice
def test_a_daily_cron_fires_once_a_day_through_every_clock_change(minutes: int) -> None:
    start = NOW + timedelta(minutes=minutes)
    daily = source(cron="30 2 * * *", timezone="Europe/Berlin")
    first = next_due(daily, start)
    second = next_due(daily, first + timedelta(seconds=1))
    assert timedelta(hours=22) < second - first < timedelta(hours=49)


@given(st.integers(0, 40))
def test_failures_delay_an_interval_up_to_a_day_and_never_a_cron_line(failures: int) -> None:
    delay = next_due(source(), NOW, failures) - NOW
    assert HOUR <= delay <= timedelta(days=1)
    fixed = source(cron="0 9 * * *", timezone="UTC")
    assert next_due(fixed, NOW, failures) == next_due(fixed, NOW)


@given(st.integers(1, 3600))
def test_jitter_only_delays(seconds: int) -> None:
    due = next_due(source(jitter=f"{seconds}s"), NOW)
    assert NOW + HOUR <= due <= NOW + HOUR + timedelta(seconds=seconds)


def test_a_new_source_is_due_at_once_and_a_known_one_keeps_its_time(engine: Engine) -> None:
    with engine.begin() as connection:
        reconcile(connection, [source("a")], NOW)
        later = reschedule(connection, source("a"), 0, NOW)
    with engine.begin() as connection:
        reconcile(connection, [source("a"), source("b")], NOW + timedelta(minutes=5))
        due = due_times(connection)
    assert due == {"a": later, "b": NOW + timedelta(minutes=5)}


def test_a_changed_timing_takes_effect_and_a_vanished_source_is_forgotten(engine: Engine) -> None:
    with engine.begin() as connection:
        reconcile(connection, [source("a", every="1d"), source("b")], NOW)
        reschedule(connection, source("a", every="1d"), 0, NOW)
        reconcile(connection, [source("a", every="1h")], NOW)
        assert due_times(connection) == {"a": NOW + HOUR}


def test_a_missed_time_stays_due_once(engine: Engine) -> None:
    with engine.begin() as connection:
        reconcile(connection, [source("a")], NOW)
        reschedule(connection, source("a"), 0, NOW)
        two_days_later = NOW + timedelta(days=2)
        reconcile(connection, [source("a")], two_days_later)
        assert due_times(connection) == {"a": NOW + HOUR}, "overdue: one crawl catches up"
        assert reschedule(connection, source("a"), 0, two_days_later) == two_days_later + HOUR


def test_asking_for_a_crawl_now_keeps_the_count_of_failures(engine: Engine) -> None:
    with engine.begin() as connection:
        reconcile(connection, [source("a")], NOW)
        reschedule(connection, source("a"), 2, NOW)
        assert ask_now(connection, "a", NOW)
        assert due_times(connection) == {"a": NOW}
        assert failures_in_a_row(connection, "a") == 2
        assert not ask_now(connection, "unknown", NOW)
        assert set(due_times(connection)) == {"a"}


def test_a_crawl_of_a_disabled_source_schedules_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        reconcile(connection, [source("a")], NOW)
        assert reschedule(connection, source("b"), 0, NOW) is None
        assert set(due_times(connection)) == {"a"}


def test_a_new_cron_line_replaces_the_old_time_unless_that_is_overdue(engine: Engine) -> None:
    morning, evening = source("a", cron="0 9 * * *"), source("a", cron="0 20 * * *")
    with engine.begin() as connection:
        reconcile(connection, [morning], NOW)
        first = reschedule(connection, morning, 0, NOW)
        reconcile(connection, [evening], NOW)
        assert due_times(connection) == {"a": next_due(evening, NOW)} != {"a": first}
        late = NOW + timedelta(days=2)
        reconcile(connection, [morning], late)
        assert due_times(connection) == {"a": next_due(evening, NOW)}, "overdue stays overdue"
