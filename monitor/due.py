"""When a source is due: pure rules, and the only writer of the schedule table.

What is due is data in the store, so a restart neither starves a source nor runs it twice.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from monitor.store.models import ScheduleRow
from seeds.models import Source

# A source that keeps failing is asked less often, but never less than once a day: the analyst
# expects to hear of its recovery the day it happens.
LONGEST_BACK_OFF = timedelta(days=1)

# From this many failed crawls in a row a source counts as failing: one missed answer is weather.
FAILING_AFTER = 3

# Built once: each takes longer to build than to run, and every crawl asks.
_FAILURES = select(ScheduleRow.failures).where(ScheduleRow.source == bindparam("of"))
_CHANGE = update(ScheduleRow).where(ScheduleRow.source == bindparam("of"))


def timing(source: Source) -> str:
    """The declaration a due time is computed from; a change of it makes the source due anew."""
    if source.cron:
        return f"cron {source.cron} {source.timezone}"
    return f"every {source.every} jitter {source.jitter}"


def next_due(source: Source, after: datetime, failures: int = 0) -> datetime:
    """The first due time after `after` (aware), with the source's jitter added.

    Jitter only delays: two sources declared for 8:00 do not start in the same second, and none
    starts before its time. Failures in a row double an interval up to a day; a cron time is a
    person's choice and stays."""
    delay = timedelta(seconds=random.uniform(0, source.jitter.total_seconds()))  # noqa: S311
    if source.cron:
        return _cron_time(source.name, source.cron, ZoneInfo(source.timezone), after) + delay
    assert source.every is not None, "the loader refuses a source with neither every nor cron"
    interval = source.every
    if failures > 1:
        longest = max(LONGEST_BACK_OFF, source.every)
        interval = min(source.every * 2 ** min(failures - 1, 10), longest)
    return after + interval + delay


def _cron_time(name: str, cron: str, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time after `after` that a cron line names.

    Where a clock is set back an hour comes twice: a line that names its hours means the first."""
    trigger = CronTrigger.from_crontab(cron, timezone=zone)
    names_hours = "*" not in cron.split()[1]
    fire: datetime | None = trigger.get_next_fire_time(None, after)
    while fire is not None and fire.fold and names_hours:
        fire = trigger.get_next_fire_time(None, fire.astimezone(UTC) + timedelta(seconds=1))
    if fire is None:
        raise ValueError(f"source {name}: cron {cron!r} never fires")
    return fire


def reconcile(connection: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Make the schedule hold exactly `sources`, keeping every due time that is still valid.

    A new source is due now. A source whose timing changed is due by its new timing, counted
    from now, unless it is overdue. A vanished source is forgotten."""
    stored = {row.source: row for row in connection.execute(select(ScheduleRow.__table__))}
    for source in sources:
        row = stored.pop(source.name, None)
        if row is None:
            values = {"source": source.name, "timing": timing(source), "due_at": now}
            connection.execute(insert(ScheduleRow).values(**values, failures=0))
        elif row.timing != timing(source):
            due_at = row.due_at if row.due_at <= now else next_due(source, now, row.failures)
            connection.execute(
                update(ScheduleRow)
                .where(ScheduleRow.source == source.name)
                .values(timing=timing(source), due_at=due_at)
            )
    if stored:
        connection.execute(delete(ScheduleRow).where(ScheduleRow.source.in_(stored)))


def due_times(connection: Connection) -> dict[str, datetime]:
    """When each scheduled source is due next (aware UTC); past times are due now, once."""
    rows = connection.execute(select(ScheduleRow.source, ScheduleRow.due_at))
    return {row.source: row.due_at for row in rows}


def failures_in_a_row(connection: Connection, source: str) -> int:
    """How many crawls of `source` failed since the last that did not."""
    return connection.scalar(_FAILURES, {"of": source}) or 0


def reschedule(
    connection: Connection,
    source: Source,
    failures: int,
    now: datetime,
    *,
    backs_off: bool = True,
) -> datetime | None:
    """Store and return the next due time of a source whose crawl ended just now.

    `backs_off`: failures in a row delay it. None when it is not scheduled: a disabled source,
    crawled by name."""
    due_at = next_due(source, now, failures if backs_off else 0)
    values = {"of": source.name, "due_at": due_at, "failures": failures}
    changed = connection.execute(_CHANGE, values)
    return due_at if changed.rowcount else None


def ask_now(connection: Connection, source: str, now: datetime) -> bool:
    """Make `source` due now: a running supervisor takes it up at its next look.

    False when it is not scheduled: disabled, or declared after the supervisor started."""
    changed = connection.execute(_CHANGE, {"of": source, "due_at": now})
    return changed.rowcount > 0
