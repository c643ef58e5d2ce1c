"""HTML entities that were left in a text, however often they were escaped."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple

from seeds.fold.characters import FORMS

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});")
# By lower-case name: the text is in lower case by now. A name that is one in lower case itself
# (dagger) goes before one that only becomes it (Dagger).
_MEANINGS = {name.lower(): value for name, value in html5.items()} | {
    name: value for name, value in html5.items() if name == name.lower()
}
# `&CounterClockwiseContourIntegral;` is the longest.
_LONGEST = 34


class _Piece(NamedTuple):
    """What stands in the result for a stretch of the text."""

    value: str
    start: int
    end: int


def entities(text: str) -> Iterator[tuple[int, int, str]]:
    """Resolve entities, as edits; `&amp;lt;` and `&#38;lt;` become `<` in one go.

    Works like a parser's stack, from the left, in linear time: whatever a resolved entity
    completes is resolved as well, so that the result holds none."""
    if not _ENTITY.search(text):
        return
    pieces: list[_Piece] = []
    for index, character in enumerate(text):
        pieces.append(_Piece(character, index, index + 1))
        while pieces and pieces[-1].value == ";" and _resolve(pieces):
            pass
    for piece in pieces:
        if piece.end - piece.start > 1:
            yield piece.start, piece.end, piece.value


def _resolve(pieces: list[_Piece]) -> bool:
    """Replace an entity at the end of `pieces` by what it stands for; False when none is there."""
    first = len(pieces) - 1
    while first > 0 and len(pieces) - first < _LONGEST and pieces[first].value != "&":
        first -= 1
    value = _meaning("".join(piece.value for piece in pieces[first:]))
    if value is None:
        return False
    start, end = pieces[first].start, pieces[-1].end
    del pieces[first:]
    pieces.append(_Piece(value, start, end))
    return True


def _meaning(entity: str) -> str | None:
    """What `entity` stands for, in comparable form; None when it is none."""
    if not _ENTITY.fullmatch(entity):
        return None
    if entity.startswith("&#"):
        return unescape(entity).translate(FORMS)
    value = _MEANINGS.get(entity[1:])
    return value.translate(FORMS) if value is not None else None
