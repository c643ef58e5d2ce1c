"""What stands at the head of an article, as pages write it: the title with the site's name behind
or without, the author under any label, the time in any form. Pure."""

import re
from datetime import date, datetime

from seeds.fold import fold_text

# Behind a title: _新浪财经_新浪网, - 某某网, | Reuters.
_SITE = re.compile(r"\s*(?:[_|–—·]|\s-\s?|(?<=[^\W\d_])-(?=[^\W\d_]))\s*[^_|–—]{1,24}$")
_MARKS = re.compile(r"[\W_]+")
# Channel, site and network, and one more. What is longer than any headline has no site's name
# behind it: a hostile page would have these expressions walk a megabyte.
MOST_NAMES = 4
LONGEST = 1_000
# A title cut short (…) is one from here up.
_CUT = 8


def same_title(one: str, other: str) -> bool:
    """Whether two titles are one but for a site's name behind them, marks and script."""
    ours, theirs = _bare(one), _bare(other)
    if not ours or not theirs:
        return False
    if ours == theirs:
        return True
    if max(len(one), len(other)) > LONGEST:
        return False
    one, other = _on_one_line(one), _on_one_line(other)
    short, long = sorted((fold_text(one).strip(), fold_text(other).strip()), key=len)
    if short.endswith(("…", "...")) and len(_bare(short)) >= _CUT:
        return _bare(long).startswith(_bare(short))
    return any(_bare(each) == _bare(short) for each in _without_site(long))


def _without_site(title: str) -> list[str]:
    """The title with less and less of what stands behind it."""
    found: list[str] = []
    while len(found) < MOST_NAMES and (shorter := _SITE.sub("", title)) != title:
        found.append(shorter)
        title = shorter
    return found


def _on_one_line(written: str) -> str:
    """As much as anybody writes, its white space single."""
    return " ".join(written[:LONGEST].split())


def _bare(title: str) -> str:
    return _MARKS.sub("", fold_text(title))


# 作者：小禾, 记者 小禾, 文/小禾, By Xiao He.
_LABEL = re.compile(
    r"^\s*(?:(?:本报|本刊|特约|见习|实习)?(?:记者|作者|编辑|撰文|撰稿|通讯员|文|来源|by|author)\s*[:：/|]?\s*)+",
    re.IGNORECASE,
)


def same_author(one: str, other: str) -> bool:
    """Whether two bylines name the same, whatever their labels and separators."""
    ours, theirs = (_bare(_LABEL.sub("", fold_text(_on_one_line(each)))) for each in (one, other))
    return ours == theirs


_TIME = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[t\s]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*(?:[:分]\s*(?P<second>\d{1,2}))?)?"
)


def same_time(one: str, other: str) -> bool:
    """Whether two claimed times are one, as far as both tell it: a day and an hour of that day
    are, and so is one instant in two zones. What is no date is compared as text."""
    instants = [_instant(each) for each in (one, other)]
    if None not in instants:
        return instants[0] == instants[1]
    ours, theirs = _parts(one), _parts(other)
    if ours is None or theirs is None:
        return _bare(one) == _bare(other)
    return all(a == b for a, b in zip(ours, theirs, strict=True) if None not in {a, b})


def _instant(written: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return at if at.tzinfo else None


def _parts(written: str) -> list[int | None] | None:
    match = _TIME.search(fold_text(_on_one_line(written)))
    return [int(each) if each else None for each in match.groups()] if match else None


def day_of(written: str | None) -> date | None:
    """The day that a claimed time names; None when it names none."""
    parts = _parts(written) if written else None
    if not parts or None in parts[:3]:
        return None
    try:
        return date(*(each or 0 for each in parts[:3]))
    except ValueError:
        return None
