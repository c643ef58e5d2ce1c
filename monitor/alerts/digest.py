"""When a digest is due. Pure: no clock, no store."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SEPARATOR = " @ "


def next_digest(at: time, timezone: str, after: datetime) -> datetime:
    """Give the first moment after `after` when clocks in `timezone` show `at`, in UTC.

    Where clocks jump over `at`, the digest comes the moment they have jumped past it by as much
    (PEP 495, fold 0); where they show it twice, it comes the first time only."""
    zone = ZoneInfo(timezone)
    day = after.astimezone(zone).date()
    # The day before: in a zone that skipped a day, its digest can still lie ahead.
    for offset in range(-1, 4):
        moment = _moment(day + timedelta(days=offset), at, zone)
        if moment > after:
            return moment
    raise AssertionError(f"no {at} within three days in {timezone}")


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone)
    return wall.astimezone(UTC)


def digest_key(subscription: str, channel: str, due_at: datetime) -> str:
    """Name the one digest that carries a subscription's alerts of one day on one channel."""
    return _SEPARATOR.join((subscription, channel, due_at.astimezone(UTC).isoformat()))


def digest_moment(key: str) -> datetime:
    """When the digest of `key` was first due, whatever retries came after."""
    return datetime.fromisoformat(key.rsplit(_SEPARATOR, 1)[1])
