"""HTML that was left in a text: entities, however often they were escaped, and ruby's tags."""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import NamedTuple
from unicodedata import normalize

from seeds.fold.characters import FORMS
from seeds.fold.offsets import Edit

# What ruby tags and entities begin with, in any width and case; AT&T and a<b do not look like it.
HTML = re.compile("<[/／]?[rRｒＲ]|&(?:[#＃]|[A-Za-zＡ-Ｚａ-ｚ][A-Za-z0-9Ａ-Ｚａ-ｚ０-９①-⑳])")
_SIGN = re.compile("[&<]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});")
# Without a semicolon only numbers and what pages really forget it after; HTML5 reads a hundred more
# names that way (&copy, &para), which in text are mostly the parameters of an address.
_UNENDED = re.compile(r"&(?:#[0-9]{2,7}|#x[0-9a-f]{2,6}|nbsp|amp|lt|gt|quot)")
_ENTITY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789#;=")
# One that stands for what is no part of another entity or tag, as nearly all do (&nbsp;, &quot;).
_PLAIN = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = frozenset("&<>/")
_RUBY = re.compile(r"<(/?)(ruby|rbc?|rtc?|rp)(?: [^<>]*)?/?>")
# By lower-case name: the text is in lower case by now. A name that is one in lower case itself
# (dagger) goes before one that only becomes it (Dagger).
_MEANINGS = {name.lower(): value for name, value in html5.items()} | {
    name: value for name, value in html5.items() if name == name.lower()
}
# `&CounterClockwiseContourIntegral;` is the longest; a tag may have attributes.
_LONGEST = 34
_LONGEST_TAG = 80
# `<rp>（</rp>` holds a bracket or two for browsers without ruby.
_LONGEST_FALLBACK = 4
_FALLBACK = "<rp>"


class _Piece(NamedTuple):
    """What stands in the result for a stretch of the text."""

    value: str
    start: int
    end: int


def plain_entities(text: str) -> list[Edit]:
    """Resolve the entities that complete nothing else, in a text of any case and width."""
    edits = []
    for found in _PLAIN.finditer(text):
        value = _meaning(found[0].lower())
        if value is not None and _MARKUP.isdisjoint(value) and _ENTITY_LETTERS.isdisjoint(value):
            edits.append((found.start(), found.end(), value))
    return edits


def entities(text: str) -> tuple[list[Edit], int]:
    """Resolve entities and ruby tags: the edits, and how many entities there were.

    `&amp;lt;` and `&#38;lt;` become `<` in one go; `機<rt>jī</rt>` becomes 機(jī). Works like a
    parser's stack, from the left, in linear time: whatever a resolved entity completes is resolved
    as well, so that the result holds none."""
    stack = _Stack()
    position = sign = 0
    while position < len(text):
        if position - sign > _LONGEST_TAG:
            found = _SIGN.search(text, position)
            sign = found.start() if found else len(text)
            # The last character apart: an edit of what follows may take it in.
            if sign - position > 1:
                stack.push(_Piece(text[position : sign - 1], position, sign - 1))
                position = sign - 1
                continue
        if text[position] in "&<":
            sign = position
        stack.push(_Piece(text[position], position, position + 1))
        position += 1
    stack.end_entity()
    return list(stack.edits(text)), stack.entities


class _Stack:
    """The pieces of a result while it grows to the right."""

    def __init__(self) -> None:
        self.entities = 0
        self._pieces: list[_Piece] = []
        self._reading = False

    def edits(self, text: str) -> Iterator[Edit]:
        """Every stretch that another stands for now."""
        for piece in self._pieces:
            if piece.value != text[piece.start : piece.end]:
                yield piece.start, piece.end, piece.value

    def push(self, piece: _Piece) -> None:
        """Put what follows on top, and resolve what it completes."""
        # A composed letter counts as what it is composed of: é may still stand as e and a mark.
        if normalize("NFD", piece.value[:1])[:1] not in _ENTITY_LETTERS:
            self.end_entity()
        self._pieces.append(piece)
        self._resolve()

    def _resolve(self) -> None:
        """Resolve what the top completes, and what that completes."""
        resolved = True
        while resolved and self._pieces:
            top = self._pieces[-1].value
            resolved = (top == ";" and self._resolve_entity()) or (
                top == ">" and self._resolve_tag()
            )

    def end_entity(self) -> None:
        """Resolve an entity on top that lacks its semicolon."""
        first = self._begin("&", _LONGEST)
        written = self._written(first)
        if written.startswith("&") and _UNENDED.fullmatch(written):
            self._resolve_as(first, _meaning(f"{written};") or "")
            self._resolve()

    def _resolve_entity(self) -> bool:
        first = self._begin("&", _LONGEST)
        value = _meaning(self._written(first))
        if value is not None:
            self._resolve_as(first, value)
        return value is not None

    def _resolve_as(self, first: int, value: str) -> None:
        self.entities += 1
        self._replace(first, value)

    def _resolve_tag(self) -> bool:
        """Let a reading stand in brackets, and what stands there for lesser browsers go."""
        first = self._begin("<", _LONGEST_TAG)
        tag = _RUBY.fullmatch(self._written(first))
        if tag is None:
            return False
        closing, name = tag.groups()
        if name == "rp":
            if not closing:
                self._replace(first, _FALLBACK)
                return False
            opening = self._begin(_FALLBACK, len(self._pieces) - first + _LONGEST_FALLBACK)
            self._replace(opening if self._pieces[opening].value == _FALLBACK else first, "")
            return True
        value = ")" if self._reading else ""
        self._reading = name == "rt" and not closing
        self._replace(first, value + "(" * self._reading)
        return True

    def _begin(self, sign: str, longest: int) -> int:
        """Where the last `sign` stands, or the last place where it could."""
        first = len(self._pieces) - 1
        lowest = max(0, first - longest)
        while first > lowest and self._pieces[first].value != sign:
            first -= 1
        return max(0, first)

    def _written(self, first: int) -> str:
        return "".join(piece.value for piece in self._pieces[first:])

    def _replace(self, first: int, value: str) -> None:
        """Put one piece in the place of all from `first` on; nothing clings to what is before it,
        so that it does not count as a piece when somebody looks back."""
        start, end = self._pieces[first].start, self._pieces[-1].end
        del self._pieces[first:]
        if not value and self._pieces:
            before = self._pieces.pop()
            value, start = before.value, before.start
        self._pieces.append(_Piece(value, start, end))


def _meaning(entity: str) -> str | None:
    """What `entity` stands for, in comparable form; None when it is none."""
    if not _ENTITY.fullmatch(entity):
        return None
    if entity.startswith("&#"):
        return unescape(entity).translate(FORMS)
    value = _MEANINGS.get(entity[1:])
    return value.translate(FORMS) if value is not None else None
