"""Overwrite in a text what must no longer be known, in whatever form it is written there.

What counts as said is what counts in the evidence: `comparable` (crawler/evidence/reading.py)."""

import html
import re
import unicodedata

from crawler.evidence.reading import comparable

# As long as what it stands for: offsets into a text stay right.
MARK = "█"
_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")


def overwrite(text: str, wanted: str) -> str:
    """`text` with every character that is part of `wanted` (a form that `comparable` gave)
    overwritten; unchanged when it does not say it. Never says it afterwards."""
    if wanted not in comparable(text):
        return text
    read, origins = _read(text)
    made = list(text)
    at = read.find(wanted)
    while at >= 0:
        start, end = origins[at][0], origins[at + len(wanted) - 1][1]
        made[start:end] = MARK * (end - start)
        at = read.find(wanted, at + 1)
    overwritten = "".join(made)
    # Characters that only mean it together (an accent of its own) escape the search by pieces.
    return overwritten if wanted not in comparable(overwritten) else MARK * len(text)


def overwritten(value: object, wanted: str) -> object:
    """The same for all texts in a JSON value."""
    if isinstance(value, str):
        return overwrite(value, wanted)
    if isinstance(value, dict):
        return {key: overwritten(each, wanted) for key, each in value.items()}
    if isinstance(value, list):
        return [overwritten(each, wanted) for each in value]
    return value


def _read(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The comparable form of `text` piece by piece, and from where to where in `text` each of its
    characters comes from."""
    read: list[str] = []
    origins: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        entity = _ENTITY.match(text, position) if text[position] == "&" else None
        end = entity.end() if entity else position + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = unicodedata.normalize("NFKC", html.unescape(text[position:end])).casefold()
        for each in "".join(piece.split()):
            read.append(each)
            origins.append((position, end))
        position = end
    return "".join(read), origins
