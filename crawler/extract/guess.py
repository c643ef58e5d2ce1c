"""The last resort for a date: libraries that know forms and languages ours does not."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import dateparser
import htmldate

from crawler.dates import EARLIEST_YEAR, SHANGHAI, Moment, believable
from crawler.extract.lines import squeeze
from crawler.extract.read import Document

# A line of at most this length can be a date and its label; longer ones are text.
_DATE_LINE = 40
_LINES = 6
# A year and a day: dateparser takes 9 ms to refuse a line, and 4 s to refuse its first.
_DAY = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d)).*(?<!\d)\d{1,2}(?!\d)")


def guess_date(document: Document, head: Sequence[str]) -> Moment | None:
    """A day that htmldate, or failing that dateparser, is sure of. None when neither is.

    htmldate without its extensive search: that one takes a footer's copyright year for a date,
    and an unknown date is better than a wrong one. It runs only where ours found nothing: it
    parses the page again (1 ms)."""
    fetched_at = document.page.fetched_at
    latest = (fetched_at + timedelta(days=1)).astimezone(SHANGHAI).replace(tzinfo=None)
    found = htmldate.find_date(
        document.library_tree(),
        extensive_search=False,
        original_date=True,
        url=document.page.url,
        min_date=f"{EARLIEST_YEAR}-01-01",
        max_date=latest,
    )
    day = datetime.strptime(found, "%Y-%m-%d").replace(tzinfo=SHANGHAI) if found else None
    if day is None:
        day = _parsed(head, fetched_at)
    return Moment(day, "day") if day and believable(day, fetched_at) else None


def _parsed(head: Sequence[str], fetched_at: datetime) -> datetime | None:
    settings = {
        "RELATIVE_BASE": fetched_at.replace(tzinfo=None),
        "REQUIRE_PARTS": ["day", "month", "year"],
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    for line in head[:_LINES]:
        if len(line) <= _DATE_LINE and _DAY.search(line):
            day: datetime | None = dateparser.parse(squeeze(line), settings=settings)
            if day:
                return day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=SHANGHAI)
    return None
