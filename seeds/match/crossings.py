"""Everyday words that run across the border of a name (洋钱|罐头, 便|宜贷网): what stands there was
cut out of them more often than it is the name.

The words are data (seeds/wordings/crossings.tsv): those of a dictionary that begin with the end of a
watched name or end with its beginning, listed by tests/list_crossings.py."""

from functools import cache

from seeds.match.wording import text_of

FILE = "crossings"
# No word of the list is longer.
LONGEST = 4


def crosses(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Tell whether a word of everyday runs across the left, and across the right border of
    text[start:end] of a search key, without holding the whole name."""
    words = _words()
    left = any(
        text[first:last] in words
        for last in range(start + 1, min(end, start + LONGEST))
        for first in range(max(0, last - LONGEST), start)
    )
    right = any(
        text[first:last] in words
        for first in range(max(start + 1, end - LONGEST + 1), end)
        for last in range(end + 1, min(len(text), first + LONGEST) + 1)
    )
    return left, right


@cache
def _words() -> frozenset[str]:
    return frozenset(line for line in text_of(FILE).split("\n") if line[:1] != "#")
