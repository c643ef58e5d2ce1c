"""Whether an article's claimed date sends what it tells to another year. Pure.

Farms re-date what they have by days and weeks, and nobody concludes anything from that. A text of
2025 under a date of 2026 is another matter: its 今年, 去年 and 6月5日 are another year's now."""

import re
from collections.abc import Iterator
from datetime import date

from seeds.fold import fold_text

# In days: a correction over New Year's Eve sends nothing anywhere.
HALF_A_YEAR = 183

SEVERAL = 2
_RELATIVE = re.compile(r"[昨今明](?=[日天晚夜早晨])|前(?=[日天晚](?!后))")

_TOLD = re.compile(
    r"今年|去年|前年|明年|本年度|年内|年初|年底|年末|按年|同比|上半年|下半年"
    r"|(?<![年\d/.-])(?P<month>1[0-2]|0?[1-9])\s{0,3}月(?=\s{0,3}\d{1,2}\s{0,3}[日号]|份|底|初|末|中旬|上旬|下旬)"
    r"|(?<=[第前])[一二三四1-4]季度?"
)
# 2024年底, 2024年上半年 name their year.
_NAMED = re.compile(r"\d{4}\s?年?\s?$|[零〇一二三四五六七八九]{4}年?$")


def another_year(text: str, before: date | None, after: date | None) -> bool:
    """Whether days that `text` tells without their year are another year's when it was published
    on `after`, not on `before`."""
    if before is None or after is None or before.year == after.year:
        return False
    if abs((after - before).days) < HALF_A_YEAR:
        return False
    return any(_year(month, before) != _year(month, after) for month in _months(fold_text(text)))


def another_day(text: str, before: date | None, after: date | None) -> bool:
    """Whether several days that `text` tells from its publication are others now: one 昨日 is
    hardly read against the date, 昨晚报案 and 今日被捕 are."""
    if before is None or after is None or before == after:
        return False
    return len(set(_RELATIVE.findall(fold_text(text)))) >= SEVERAL


def _year(month: int | None, day: date) -> int:
    """The year of what is told on a day; a month yet to come was last year's."""
    return day.year - (month is not None and month > day.month)


def _months(folded: str) -> Iterator[int | None]:
    """The month of each day without its year, None for a year told from the publication."""
    for match in _TOLD.finditer(folded):
        if not _NAMED.search(folded, max(0, match.start() - 6), match.start()):
            yield int(match["month"]) if match["month"] else None
