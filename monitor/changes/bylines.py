"""Who wrote it, where the text itself says so: (记者 张三), 記者江宥廷／台中報導. Pure.

Such a line is an article's author in another place: that it came or went says nothing, that it
names others is told as that. All upon lines in either script."""

import re
from collections.abc import Iterable

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_ROLE = (
    r"(?:(?:见习|見習|实习|實習|特约|特約|首席|全媒体)?(?:记者|記者)|通讯员|通訊員|实习生|實習生)"
)
_NAMED = rf"{_ROLE}\s?{_NAME}(?:[\s、/／]+(?:{_ROLE}\s?)?{_NAME}){{0,5}}"
_BYLINE = re.compile(
    # In brackets at the head or the end of a paragraph, with what agency and from where.
    rf"[(（【][^()（）【】。，]{{0,12}}{_NAMED}[^()（）【】。，]{{0,12}}[)）】]"
    # A line of its own.
    rf"|^\s*(?:本[报報刊网網台]|[\u4e00-\u9fff]{{2,6}}[网網社报報])?\s?{_NAMED}(?:[\s/／]*[\u4e00-\u9fff]{{2,4}})?(?:报道|報導|报导|報道|[摄攝])?\s*$"
)
# A line that goes on is looked at so far.
LONGEST = 2_000


def without_bylines(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The lines without what says who wrote them, and what said so, in order."""
    left: list[str] = []
    said: list[str] = []
    for line in lines:
        if len(line) <= LONGEST and _MARK.search(line):
            said += (each[0].strip("()（）【】 ") for each in _BYLINE.finditer(line))
            line = _BYLINE.sub("", line)  # noqa: PLW2901
        left.append(line)
    return left, said


_MARK = re.compile("[记記]者|通[讯訊][员員]")
