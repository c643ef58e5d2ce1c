"""The article's title: the line on the page that the page's head agrees with."""

import re
from collections.abc import Sequence

from crawler.extract.facts import Facts
from crawler.extract.lines import Layout, Line, squeeze
from crawler.extract.tails import is_opening

# Between a title and a site's name. A bare hyphen only before the end, and never inside a word
# ("5G-Advanced", "1-10月").
_SEPARATOR = re.compile(r"\s*(?:[_|｜丨»›]|\s[-–—·‧:：]\s|--+|——(?=[^—]{1,12}$)|\s-|-\s)\s*")
_TRAILING_SITE = re.compile(r"[-–—]([^-–—\s，。？！]{2,16}|[A-Za-z.]{3,20})$")
# How names of sites and channels end; "台旅團" and "报社被查" only begin like one.
_SITE_WORD = re.compile(
    r"(?:网|網|网站|網站|[新][闻聞]|[报報]|社|台|臺|[频頻]道|[门門][户戶]|[传傳]媒|[财財][经經]|[资資][讯訊]|[论論][坛壇]|博客|部落格?|中心|在[线線]|客[户戶]端|"
    r"首[页頁]|[动動][态態]|公告|通知|[电電]子[报報]|[详詳][情细]|正文|\.(?:com|cn|net|org|tw|hk)|news|times|BBS)$",
    re.IGNORECASE,
)
_KEY = re.compile(r"[\W_]+")
_ABOVE = 10  # lines: between a title and its text stand date, outlet, tools
_LONGEST = 200  # characters: a line longer than this is a paragraph


def fold_title(text: str) -> str:
    """Letters, digits and Han characters only, lower case: to compare titles, never to show."""
    return _KEY.sub("", text).lower()


def find_title(facts: Facts, layout: Layout, start: int) -> tuple[str, int | None]:
    """The title and the position of its line; `start` is the first line of the article's text.

    A visible line counts as the title when the page's `<title>` or `og:title` contains it: the
    head alone carries site names, the lines alone carry other headings. Without such a line it
    is the head's title stripped of site names, or the heading nearest to the text."""
    heads = [text for text in (*facts.titles, facts.document_title) if text]
    lines = layout.lines
    position = _agreed(heads, lines, start)
    if position is not None and not _site_only(lines[position].text):
        return _trim(lines[position].text), position
    stripped = [strip_site(text) for text in heads]
    best = next(
        (text for text in stripped if len(fold_title(text)) >= 4 and not _site_only(text)), ""
    )
    if best:
        return best, None
    # The head names only the site: the same on every page of it.
    above = _above(lines, start)
    if above is not None:
        return _trim(lines[above].text), above
    return (stripped[0] if stripped else ""), None


def strip_site(title: str) -> str:
    """A title without the site and channel names joined to it."""
    title = squeeze(title)
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) > 1:
        # Sites append their names; a first part that is a site's own means they put it in front.
        first = parts[0]
        if len(parts) == 2 and _site_only(first) and len(parts[1]) > len(first):
            first = parts[1]
        end = title.find(first) + len(first)
        title = (
            first if len(first) >= 4 else title[: max(end, title.find(parts[1]) + len(parts[1]))]
        )
    match = _TRAILING_SITE.search(title)
    if match and _SITE_WORD.search(match[1]) and match.start() >= 4:
        title = title[: match.start()]
    return _trim(title)


def _agreed(heads: Sequence[str], lines: Sequence[Line], start: int) -> int | None:
    """The line that most of a head's title consists of; of equal ones the last before the text."""
    keys = [fold_title(head) for head in heads]
    firsts = [fold_title(strip_site(head)) for head in heads]
    shortest = min((len(first) for first in firsts), default=0)
    letters = set().union(*keys, *firsts)
    best, best_rank = None, (0.0, 0)
    for position, line in enumerate(lines):
        begin = line.text[0]
        if not shortest <= 3 * len(line.text) <= 3 * _LONGEST or (
            begin.isalnum() and begin.lower()[0] not in letters
        ):
            continue  # four lines in five begin with what stands in no head: not worth folding
        key = fold_title(line.text)
        if len(key) < 2:
            continue
        rank, exact = 0.0, False
        for head, first in zip(keys, firsts, strict=True):
            if key == first:
                rank, exact = max(rank, 3.0 * len(key)), True
            elif key in head and len(key) * 3 >= len(first) and not _is_tail(key, head):
                rank = max(rank, float(len(key)))
        if not rank or (line.link_share > 0.5 and not line.heading):
            continue
        if position > start + 2 and not exact:
            continue  # below the text stand footers and other articles
        rank *= 1.5 if line.heading else 1.0
        nearness = position if position <= start + 2 else -position
        if (rank, nearness) > best_rank:
            best, best_rank = position, (rank, nearness)
    return best


def _is_tail(key: str, head: str) -> bool:
    """Is the line only what stands after the title, a site's or channel's name?"""
    return head.endswith(key) and len(key) * 2 < len(head)


def _above(lines: Sequence[Line], start: int) -> int | None:
    """The heading nearest above the text, or else the nearest line that could be one."""
    near = [
        position
        for position in range(min(start, len(lines)) - 1, max(start - _ABOVE, -1), -1)
        if lines[position].link_share < 0.5
        and 4 <= len(fold_title(lines[position].text)) <= 60
        and not is_opening(lines[position])
    ]
    headings = (position for position in near if lines[position].heading)
    return next(headings, near[0] if near else None)


def _site_only(text: str) -> bool:
    return len(text) <= 16 and _SITE_WORD.search(text) is not None


def _trim(title: str) -> str:
    return squeeze(title).strip("_|｜-–—·‧ ")
