"""Dates and times of day as Chinese and English pages write them. Pure: the fetch is the clock.

Our own parser stands before the libraries because they miss or misread what this beat's pages
use: 民國113年11月8日, 113/11/08, 11月8日 22:41, `11-08 22:41`, 晚上10点41分 (DESIGN.md, Dates)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from crawler.article import Precision
from crawler.date_forms import ABSOLUTE, AGO, CLOCK_FIRST, CLOCK_ONLY, MONTHS, STAMP
from crawler.numerals import read_number

# Asia/Shanghai. A fixed offset is exact: China and Taiwan have kept no summer time since 1992.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
# Before the first web news in Chinese; 1970 is an empty database field.
EARLIEST_YEAR = 1994
# Clocks and time zones disagree by less than a day; anything later was not published yet.
_AHEAD = timedelta(days=1)
# Characters of a text that are looked at. A line that dates an article is far shorter, and the
# grammar's cost grows faster than the length on hostile white space.
_LONGEST = 2_000
# What no date of the grammar's three parts is without; most lines of a page have none of it, and
# looking for it costs a small part of what the grammar does.
_STAMPED = re.compile(r"\d{12}")
_RELATIVE = re.compile(r"前|刚|剛|ago|just now", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\d\s*[年月./\-－–]\s*\d|月|\d{8}|前[天日]|昨|今[天日晨晚]|yesterday|today", re.IGNORECASE
)
_MONTH_NAME, _YEAR = re.compile(r"[A-Za-z]{2}"), re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time and how much of it the text said.

    `at` keeps the text's own offset, Asia/Shanghai when it has none. `dated` is False when the
    year was not written but concluded from the fetch time (11月8日, 昨天, 3小时前)."""

    at: datetime
    precision: Precision
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and where in the text it stands."""

    moment: Moment
    start: int
    end: int


# The groups that a date with a year in digits fills, and what its year counts from: 民國113年, 14-11-08.
_FORMS = ("roc_", "", "c", "x", "g", "e", "f", "s")
_DATED = tuple(tuple(f"{form}{part}" for part in "ymd") for form in _FORMS)
_OFFSETS = {"roc_y": 1911, "sy": 2000}
_WORD_DAYS = {"大前天": 3, "前天": 2, "前日": 2, "昨": 1, "yesterday": 1, "今": 0, "today": 0}
_WORD_YEARS = {"今": 0, "本": 0, "去": 1, "前": 2}
_ZONE_HOURS = {"EST": -5, "EDT": -4, "PST": -8, "PDT": -7}


def parse_date(text: str, fetched_at: datetime) -> Moment | None:
    """The first believable date in `text`, with its time of day when one is written beside it."""
    found = next(find_dates(text, fetched_at), None)
    return found.moment if found else None


def find_dates(text: str, fetched_at: datetime) -> Iterator[Found]:
    """Every believable date in `text`, in order; impossible ones (30 February, 1970, later than
    a day after the fetch) are passed over."""
    text = text[:_LONGEST]
    if len(text) == 10 or len(text) == 13:
        stamp = parse_epoch(text, fetched_at)
        if stamp:
            yield Found(stamp, 0, len(text))
            return
    end = 0
    matches = list(written_dates(text))
    for match in sorted(matches, key=lambda match: (match.start(), -match.end())):
        if match.start() < end:
            continue
        moment = _moment(match, text, fetched_at)
        if moment and believable(moment.at, fetched_at):
            end = match.end()
            yield Found(moment, match.start(), end)


def written_dates(text: str) -> Iterator[re.Match[str]]:
    """What is written like a date, in no order, whether believable or not; not seconds since 1970."""
    if _STAMPED.search(text):
        yield from STAMP.finditer(text)
    if _CALENDAR.search(text) or (_MONTH_NAME.search(text) and _YEAR.search(text)):
        yield from ABSOLUTE.finditer(text)
    if _RELATIVE.search(text):
        yield from AGO.finditer(text)


def believable(at: datetime, fetched_at: datetime) -> bool:
    """A page cannot be older than web news or from after its own fetch."""
    return at.year >= EARLIEST_YEAR and at <= fetched_at + _AHEAD


def parse_epoch(text: str, fetched_at: datetime) -> Moment | None:
    """Seconds (10 digits) or milliseconds (13 digits) since 1970, shown in Asia/Shanghai."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) in (10, 13)):
        return None
    at = datetime.fromtimestamp(int(digits[:10]), SHANGHAI)
    return Moment(at, "second") if believable(at, fetched_at) else None


def _moment(match: re.Match[str], text: str, fetched_at: datetime) -> Moment | None:
    try:
        if match.re is STAMP:
            return _stamped(match)
        if match.re is AGO:
            return _ago(match, fetched_at)
        return _absolute(match, text, fetched_at)
    except (ValueError, OverflowError):  # 30 February, year 0: no such day
        return None


def _stamped(match: re.Match[str]) -> Moment:
    day, hour, minute, second = match.groups()
    at = datetime(
        int(day[:4]),
        int(day[4:6]),
        int(day[6:]),
        int(hour),
        int(minute),
        int(second or 0),
        tzinfo=SHANGHAI,
    )
    return Moment(at, "second" if second else "minute")


def _ago(match: re.Match[str], fetched_at: datetime) -> Moment | None:
    local = fetched_at.astimezone(SHANGHAI)
    if match["now"]:
        return Moment(local.replace(second=0, microsecond=0), "minute", dated=False)
    unit = match["unit"].lower()
    count = _count(match["n"])
    if count is None:
        return None
    seconds, precision = _unit(unit)
    at = local - timedelta(seconds=seconds * count)
    if seconds >= 86_400:
        at = at.replace(hour=0, minute=0)
    return Moment(at.replace(second=0, microsecond=0), precision, dated=False)


def _unit(unit: str) -> tuple[float, Precision]:
    """Seconds in a unit, and how exact a moment counted in it can be."""
    if unit[0] in "秒s":
        return 1, "minute"
    if unit[0] == "分" or unit.startswith("min"):
        return 60, "minute"
    if unit[-1] in "时時" or unit[0] == "h":
        return 3_600, "day"
    if unit[0] in "天日d":
        return 86_400, "day"
    if unit[0] in "周週星w":
        return 7 * 86_400, "day"
    # Months and years ago do not name a day; the mean length is the best that can be said.
    return (30 if unit[0] in "月m" else 365) * 86_400, "day"


def _count(text: str) -> float | None:
    if text == "半":
        return 0.5
    if text in ("几", "幾"):
        return None
    if text.lower() in ("a", "an"):
        return 1
    return read_number(text)


def _absolute(match: re.Match[str], text: str, fetched_at: datetime) -> Moment | None:
    year, month, day, dated = _calendar_day(match, fetched_at)
    clock, precision = _clock(match)
    if match["h"] is None:
        before = CLOCK_FIRST.search(text, max(0, match.start() - 16), match.start())
        again = before and CLOCK_ONLY.fullmatch(before[1])
        if again:
            clock, precision = _clock(again)
    zone = _zone(match["zone"])
    at = datetime(year, month, day, tzinfo=zone) + clock
    return Moment(at, precision, dated)


def parse_clock(text: str) -> timedelta | None:
    """A time of day alone (晚上10点41分, 22:41), as time since midnight."""
    match = CLOCK_ONLY.fullmatch(text)
    return _clock(match)[0] if match else None


def _calendar_day(match: re.Match[str], fetched_at: datetime) -> tuple[int, int, int, bool]:
    # Group by group: a dictionary of all sixty cost more than the search that found them.
    for year_name, month_name, day_name in _DATED:
        if year := match[year_name]:
            month = match[month_name]
            number = MONTHS.get(month.lower()) or int(month)
            return int(year) + _OFFSETS.get(year_name, 0), number, int(match[day_name]), True
    if match["hy"]:
        year_digits = "".join(str(read_number(digit)) for digit in match["hy"])
        return int(year_digits), read_number(match["hm"]), read_number(match["hd"]), True
    if match["ry"]:
        year_number = read_number(match["ry"]) + 1911
        return year_number, read_number(match["rm"]), read_number(match["rd"]), True
    return *_yearless(match, fetched_at), False


def _yearless(match: re.Match[str], fetched_at: datetime) -> tuple[int, int, int]:
    """11月8日, 去年11月8日, 11-08 22:41, 昨天: the year is concluded from the fetch."""
    if match["word"]:
        return _word_day(match["word"].lower(), fetched_at)
    month, day = int(match["nm"] or match["tm"] or 0), int(match["nd"] or match["td"] or 0)
    if match["which"]:
        year = fetched_at.astimezone(SHANGHAI).year - _WORD_YEARS[match["which"][0]]
        return year, month, day
    return _latest(month, day, fetched_at)


def _latest(month: int, day: int, fetched_at: datetime) -> tuple[int, int, int]:
    """The last such day that is not after the fetch (by more than a day, for time zones)."""
    local = fetched_at.astimezone(SHANGHAI)
    year = local.year
    if (
        datetime(year if day < 29 else 2024, month, day, tzinfo=SHANGHAI).replace(year=year)
        > local + _AHEAD
    ):
        year -= 1
    return year, month, day


def _word_day(word: str, fetched_at: datetime) -> tuple[int, int, int]:
    back = _WORD_DAYS.get(word, _WORD_DAYS.get(word[0], 0))
    day = fetched_at.astimezone(SHANGHAI) - timedelta(days=back)
    return day.year, day.month, day.day


def _clock(match: re.Match[str]) -> tuple[timedelta, Precision]:
    """Time since midnight; midnight and "day" when no (possible) time is written."""
    if match["h"] is None:
        return timedelta(0), "day"
    hour, minute = read_number(match["h"]), _minute(match["mi"])
    if hour > 24 or minute > 59:
        return timedelta(0), "day"
    clock = timedelta(
        hours=_to_24(hour, _part(match)), minutes=minute, seconds=int(match["s"] or 0)
    )
    # "晚上10点" names an hour, not a minute.
    exact: Precision = "second" if match["s"] else "minute" if match["mi"] else "day"
    return clock, exact


def _part(match: re.Match[str]) -> str:
    """The part of the day a clock belongs to, also when the day's own word says it (昨晚10点)."""
    word = match["word"] if "word" in match.re.groupindex else None  # a clock alone has none
    part = match["half"] or match["late"] or (word or "")[1:]
    return part.lower().replace(".", "")


def _to_24(hour: int, part: str) -> int:
    if (
        part in ("pm", "下午", "傍晚", "晚上", "晚間", "晚间", "晚", "夜间", "夜間")
        and 1 <= hour < 12
    ):
        return hour + 12
    if part in ("深夜", "夜", "半夜") and 6 <= hour < 12:
        return hour + 12
    if part == "中午" and 1 <= hour <= 3:
        return hour + 12
    if part in ("am", "上午", "凌晨", "半夜", "深夜", "夜") and hour == 12:
        return 0
    return hour


def _minute(text: str | None) -> int:
    if not text or text == "整":
        return 0
    return 30 if text == "半" else read_number(text)


def _zone(text: str | None) -> timezone:
    """The offset a text names; Asia/Shanghai when it names none, or one that cannot be."""
    if not text:
        return SHANGHAI
    name = text.upper()
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name]))
    sign = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", name)
    if not sign:
        return UTC
    offset = timedelta(hours=int(sign[2]), minutes=int(sign[3] or 0))
    if offset > timedelta(hours=14):
        return SHANGHAI
    return timezone(offset if sign[1] == "+" else -offset)
