"""Durations, times of day and time zones as people write them in YAML."""

import re
from datetime import time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from seeds.mistakes import did_you_mean, quote, refuse
from seeds.problems import Mistake

DURATION_PATTERN = r"^(\d+d)?(\d+h)?(\d+m)?(\d+s)?$"
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
# Longer than any schedule or retention; it keeps a slip of zeros from overflowing timedelta.
LONGEST = timedelta(days=36_500)

# Cities people name that have no zone of their own.
_CITIES = {
    "Asia/Beijing": "Asia/Shanghai",
    "Asia/Peking": "Asia/Shanghai",
    "Asia/Guangzhou": "Asia/Shanghai",
    "Asia/Shenzhen": "Asia/Shanghai",
    "Asia/Hangzhou": "Asia/Shanghai",
    "Asia/Chengdu": "Asia/Shanghai",
    "Asia/Taiwan": "Asia/Taipei",
    "China/Beijing": "Asia/Shanghai",
    "CST": "Asia/Shanghai",
    "Beijing": "Asia/Shanghai",
}


def parse_duration(text: str) -> timedelta:
    """Read `30s`, `15m`, `2h`, `1d` or `1h30m`; ValueError for anything else."""
    cleaned = text.strip()
    if not cleaned or not re.fullmatch(DURATION_PATTERN, cleaned):
        raise ValueError(f"{quote(text)} is not a duration")
    parts = re.findall(r"(\d+)([dhms])", cleaned)
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in parts)
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{quote(text)} is longer than a hundred years")
    return timedelta(seconds=seconds)


def write_duration(duration: timedelta) -> str:
    """Write a duration the way `parse_duration` reads it: `1h30m`; `0s` for none."""
    rest = int(duration.total_seconds())
    written = ""
    for unit, size in _SECONDS.items():
        count, rest = divmod(rest, size)
        written += f"{count}{unit}" if count else ""
    return written or "0s"


def _duration(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value
    # ISO 8601 is how parts of a second travel to a worker (see `_as_json`).
    if isinstance(value, str) and value.startswith("P"):
        return value
    if isinstance(value, str):
        try:
            return parse_duration(value)
        except ValueError as error:
            raise refuse(str(error), "write 30s, 15m, 2h, 1d or 1h30m") from error
    raise refuse(f"{value} has no unit", f"write {value}s, {value}m, {value}h or {value}d")


def _as_json(duration: timedelta) -> str:
    whole = not duration.microseconds and duration >= timedelta()
    return write_duration(duration) if whole else f"PT{duration.total_seconds()}S"


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(_as_json, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "minLength": 2}),
]


def _time_of_day(value: Any) -> Any:
    if isinstance(value, time):
        return value
    # With seconds is how pydantic writes it; without is how people do.
    form = re.fullmatch(r"(\d{1,2}):(\d{2})(:00)?", str(value).strip())
    if form is None or int(form[1]) > 23 or int(form[2]) > 59:
        raise refuse(f"{quote(value)} is not a time of day", "write it as in '08:30'")
    return time(int(form[1]), int(form[2]))


TimeOfDay = Annotated[
    time,
    BeforeValidator(_time_of_day),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,2}:\d{2}$"}),
]


@cache
def timezone_mistake(name: str) -> Mistake | None:
    """Tell what is wrong with an IANA time zone name, or None."""
    if name in _CITIES:
        return Mistake(f"there is no time zone {quote(name)}", f"did you mean {_CITIES[name]}?")
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        hint = did_you_mean(name, sorted(available_timezones()))
        return Mistake(f"there is no time zone {quote(name)}", hint or "write Asia/Shanghai or UTC")
    return None
