"""Break lines of Chinese: at any character, because there are few spaces to break at."""

from rich.cells import cell_len
from rich.text import Text

# What no line begins with, and what none ends with: punctuation, and the signs of a difference.
_NOT_FIRST = frozenset("，。、；：！？）》」』”’…,.;:!?)-+]}%")
_NOT_LAST = frozenset("（《「『“‘([{-+!¶")
# How far back a better place is looked for.
_BACK = 6


def wrapped(text: Text, width: int) -> Text:
    """`text` with line breaks, each line at most `width` cells wide; words of letters and figures
    stay whole where they are short. Keeps its styles."""
    written = text.plain
    breaks: list[int] = []
    start = used = 0
    for place, character in enumerate(written):
        size = cell_len(character)
        if used + size > width:
            start = _better(written, start, place)
            breaks.append(start)
            used = cell_len(written[start:place])
        used += size
    return Text("\n").join(text.divide(breaks)) if breaks else text


def _better(written: str, start: int, place: int) -> int:
    """The place to break at, at or shortly before one; behind the line's `start` in any case."""
    for better in range(place, max(start, place - _BACK), -1):
        before, after = written[better - 1], written[better]
        in_word = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
        if after not in _NOT_FIRST and before not in _NOT_LAST and not in_word:
            return better
    return place
