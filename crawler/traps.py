"""Addresses without end: calendars, loops of folders, addresses by the thousand. Pure.

A site does not mean to trap us; its calendar has a next month for ever. What is plainly no
article is not fetched, and of addresses of one shape only so many a day are."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

# Relative links resolved against a page that answers everywhere: /a/b/a/b/a/b.
_MOST_REPEATS = 3
_LONGEST_CYCLE = 4
# The deepest article address of the 620 real ones of 2018 and of the page corpora has 9 folders.
_DEEPEST = 20
_MOST_PARAMETERS = 20
_OLDEST_YEAR = 1995  # before it there was no news on the web
_MONTHS_AHEAD = 2  # a page may announce; a calendar goes on
_DATE = re.compile(
    r"(?:^|[/=_-])(?P<year>[12]\d{3})(?:[/_-](?P<month>0?[1-9]|1[0-2]))(?=[/_&.-]|$)"
)
_CALENDAR = re.compile(
    r"(?:^|[/?&_-])(?:calendar|events?|archives?|month|year|date|day|rili|日历)(?:[/=&?_-]|$)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[0-9a-f]{8,}|\d+")


def trap_in(url: str, now: datetime) -> str | None:
    """Why an address is one of endlessly many that are no articles; None when it is not.

    >>> trap_in("https://e.com/a/b/a/b/a/b/1.html", datetime(2026, 11, 24))
    'repeats its folders'
    """
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/") if folder]
    if len(folders) > _DEEPEST:
        return f"lies {len(folders)} folders deep"
    if _cycles(folders):
        return "repeats its folders"
    names = Counter(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    if sum(names.values()) > _MOST_PARAMETERS or max(names.values(), default=0) > _MOST_REPEATS:
        return "heaps up parameters"
    if _CALENDAR.search(f"{parts.path}?{parts.query}") and _out_of_time(
        parts.path, parts.query, now
    ):
        return "is a calendar's page of another age"
    return None


def shape_of(url: str) -> str:
    """What addresses of one kind have in common: site and first two folders, numbers left out,
    and the names of the parameters.

    >>> shape_of("https://e.com/news/2026/11/24/8123.html?id=7")
    'e.com/news/#/*?id'
    """
    parts = urlsplit(url)
    folders = [_NUMBERS.sub("#", folder) for folder in parts.path.split("/")[1:-1][:2]]
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair})
    query = f"?{'&'.join(names)}" if names else ""
    return "/".join([parts.netloc, *folders, "*"]) + query


class PathBudget:
    """How many addresses of each shape a day may still bring. `spent` are those of today."""

    def __init__(self, most: int, spent: Iterable[str]) -> None:
        self._most = most
        self._counts = Counter(map(shape_of, spent))

    def take(self, url: str) -> bool:
        """Spend one of the address's shape; False when there is none left."""
        shape = shape_of(url)
        if self._counts[shape] >= self._most:
            return False
        self._counts[shape] += 1
        return True


def _cycles(folders: list[str]) -> bool:
    """Whether up to four folders come three times, one round after the other. Numbers may."""
    for length in range(1, _LONGEST_CYCLE + 1):
        rounds = length * _MOST_REPEATS
        for start in range(len(folders) - rounds + 1):
            run = folders[start : start + rounds]
            if run == run[:length] * _MOST_REPEATS and not all(each.isdigit() for each in run):
                return True
    return False


def _out_of_time(path: str, query: str, now: datetime) -> bool:
    for found in _DATE.finditer(f"{path}&{query}"):
        year, month = int(found["year"]), int(found["month"])
        ahead = (year - now.year) * 12 + month - now.month
        if year < _OLDEST_YEAR or ahead > _MONTHS_AHEAD:
            return True
    return False
