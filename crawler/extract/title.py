"""The article's title: the line on the page that the page's head agrees with."""

import re
from collections.abc import Sequence

from crawler.extract.facts import Facts
from crawler.extract.lines import Layout, Line, squeeze

# Between a title and a site's name. A bare hyphen only before the end, and never inside a word
# ("5G-Advanced", "1-10月").
_SEPARATOR = re.compile(r"\s*(?:[_|｜丨»›]|\s[-–—·‧:：]\s|--+|——(?=[^—]{1,12}$)|\s-|-\s)\s*")
_TRAILING_SITE = re.compile(r"[-–—]([^-–—\s，。？！]{2,16}|[A-Za-z.]{3,20})$")
_SITE_WORD = re.compile(
    r"网|網|报|報|新闻|新聞|社|台|频道|頻道|门户|入口|官方|日报|晚报|传媒|财经|財經|资讯|資訊|"
    r"\.(?:com|cn|net|org|tw|hk)|NEWS|News$|BBS|论坛|論壇|博客|部落|中心|在线|在線|客户端|焦点|首页"
)
_KEY = re.compile(r"[\W_]+")
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
    position = _agreed(heads, layout.lines, start)
    if position is not None:
        return _trim(layout.lines[position].text), position
    stripped = [strip_site(text) for text in heads]
    best = next(
        (text for text in stripped if len(fold_title(text)) >= 4 and not _site_only(text)), ""
    )
    heading = _nearest_heading(layout.lines, start)
    if best and (heading is None or not facts.document_title_is_generic):
        return best, None
    if heading is not None:
        return _trim(layout.lines[heading].text), heading
    return best or (stripped[0] if stripped else ""), None


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
    best, best_rank = None, (0.0, 0)
    for position, line in enumerate(lines):
        if len(line.text) > _LONGEST:
            continue
        key = fold_title(line.text)
        if len(key) < 2:
            continue
        rank = 0.0
        for head, first in zip(keys, firsts, strict=True):
            if key == first:
                rank = max(rank, 3.0 * len(key))
            elif key in head and len(key) * 3 >= len(first) and not _is_tail(key, head):
                rank = max(rank, float(len(key)))
        if not rank or (line.link_share > 0.5 and not line.heading):
            continue
        rank *= 1.5 if line.heading else 1.0
        nearness = position if position <= start + 2 else -position
        if (rank, nearness) > best_rank:
            best, best_rank = position, (rank, nearness)
    return best


def _is_tail(key: str, head: str) -> bool:
    """Is the line only what stands after the title, a site's or channel's name?"""
    return head.endswith(key) and len(key) * 2 < len(head)


def _nearest_heading(lines: Sequence[Line], start: int) -> int | None:
    for position in range(min(start + 2, len(lines) - 1), max(start - 15, -1), -1):
        if lines[position].heading and len(fold_title(lines[position].text)) >= 4:
            return position
    return None


def _site_only(text: str) -> bool:
    return len(text) <= 16 and _SITE_WORD.search(text) is not None


def _trim(title: str) -> str:
    return squeeze(title).strip("_|｜-–— ")
