"""Lay a proof out in rows of two columns: what to show of each text, and what to leave out."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from monitor.query.proofs import ProofView
from monitor.stories.differences import Difference, DifferenceKind
from monitor.stories.layout import Place
from monitor.stories.proof import Span

# Of a passage that both texts have, so many characters are shown beside a difference; one hardly
# longer than both ends is shown in full.
_CONTEXT = 18
_SHOWN = 56
# Of a passage that one text has, its two ends.
_LONG = 180
_ENDS = (110, 40)
# Texts that share less are shown by what they share, not by all that they do not.
LITTLE = 0.2

_BREAK = re.compile(r"\s*\n\s*")
_TRAIL = re.compile(r"[^\w\n]*")
_LEAD = re.compile(r"[^\w\n]*\Z")
_LONGEST_LEAD = 16
_LETTER = re.compile(r"[^\W_]")
_SPACE = re.compile(r"\s+")
_LINES = re.compile(r"[^\s][^\n]*")


class Sign(StrEnum):
    """What a row is about, in one character."""

    SAME = " "
    CHANGED = "≠"
    FACT = "!"
    MISSING = "-"
    ADDED = "+"
    MOVED = "~"
    LEFT_OUT = "="


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text as both columns show it. `differs`: the two are not the same; `fact`: a
    figure, a date or a negation is told otherwise; `name`: another platform's name stands there."""

    older: str
    newer: str
    differs: bool = False
    fact: bool = False
    name: bool = False


@dataclass(slots=True)
class Row:
    """One row. `older_line` and `newer_line` number the paragraphs of what moved, from 1."""

    sign: Sign = Sign.SAME
    segments: list[Segment] = field(default_factory=list)
    older_line: int = 0
    newer_line: int = 0


_LARGE = {
    DifferenceKind.MISSING: Sign.MISSING,
    DifferenceKind.HEADING_REMOVED: Sign.MISSING,
    DifferenceKind.ADDED: Sign.ADDED,
    DifferenceKind.HEADING_ADDED: Sign.ADDED,
}
Item = Span | Difference


def rows_of(view: ProofView) -> Iterator[Row]:
    """The rows of a proof, in the order of the newer text."""
    proof = view.proof
    told = [each for each in proof.differences if each.kind is not DifferenceKind.MOVED]
    # Sorting is stable: what stands at one place keeps the order of the proof.
    items: list[Item] = sorted((*proof.spans, *told), key=lambda each: each.newer)
    turns = {each.newer.start for each in proof.of_kind(DifferenceKind.MOVED)}
    rows = _Rows(view.older.body, view.newer.body, turns)
    if max(proof.newer.share, proof.older.share) < LITTLE:
        _only_shared(rows, items)
    else:
        for before, item, after in _with_neighbours(items):
            rows.add(item, inside=_small(before), followed=_small(after))
    rows.end_row()
    yield from rows.done


def _only_shared(rows: "_Rows", items: Sequence[Item]) -> None:
    lost: list[Difference] = []
    for item in items:
        if isinstance(item, Difference):
            lost.append(item)
            continue
        rows.leave_out(lost)
        lost.clear()
        rows.add(item, inside=True, followed=True)
    rows.leave_out(lost)


def _with_neighbours(items: Sequence[Item]) -> Iterator[tuple[Item | None, Item, Item | None]]:
    padded = [None, *items, None]
    for before, (item, after) in zip(padded, pairwise(padded[1:]), strict=False):
        assert item is not None
        yield before, item, after


def _small(item: Item | None) -> bool:
    """Whether a passage beside this is shown with its end next to it; so are a text's two ends."""
    return item is None or (isinstance(item, Difference) and item.kind not in _LARGE)


class _Rows:
    """Takes the items of a proof one after another, and breaks them into rows."""

    def __init__(self, older: str, newer: str, turns: Container[int]) -> None:
        """`turns` are the places in the newer text where something begins that moved."""
        self._older = older
        self._newer = newer
        self._turns = turns
        self._row = Row()
        self._moved = False
        self._lines = (0, 0)
        self._reached = Place(0, 0)
        self.done: list[Row] = []

    def end_row(self) -> None:
        """Begin a new row, unless nothing stands in this one."""
        if any(each.older.strip() or each.newer.strip() for each in self._row.segments):
            self.done.append(self._row)
            self._lines = (0, 0)
        self._row = Row(Sign.MOVED, [], *self._lines) if self._moved else Row()

    def add(self, item: Item, *, inside: bool, followed: bool) -> None:
        """Show a passage, with its beginning when it goes on `inside` a row, with its end when a
        difference `followed` in the same row; or show a difference."""
        both = item.older.start < item.older.end and item.newer.start < item.newer.end
        if both and (item.moved != self._moved or (item.moved and item.newer.start in self._turns)):
            self._turn(item)
        elif self._on_another_line(item):
            self.end_row()
        self._reached = Place(item.older.end, item.newer.end)
        if isinstance(item, Span):
            self._span(item, inside=inside, followed=followed)
        elif item.kind in _LARGE:
            self._alone(item, _LARGE[item.kind])
        else:
            self._small(item)

    def leave_out(self, lost: Sequence[Difference]) -> None:
        """Count what neither shares with the other."""
        if not lost:
            return
        older = sum(_letters(self._older[slice(*each.older)]) for each in lost)
        newer = sum(_letters(self._newer[slice(*each.newer)]) for each in lost)
        self.end_row()
        told = Segment(_only_here(older), _only_here(newer), differs=True)
        self.done.append(Row(Sign.CHANGED, [told]))

    def _on_another_line(self, item: Item) -> bool:
        """Whether a line ended in a text that has the item between it and the one before."""
        older, newer = self._reached
        before = (
            (self._newer[newer : item.newer.start])
            if item.newer.start < item.newer.end
            else (self._older[older : item.older.start])
        )
        return "\n" in before

    def _turn(self, item: Item) -> None:
        """Go from what is in its place to what moved, or back."""
        self.end_row()
        self._moved = item.moved
        self._lines = (_line(self._older, item.older), _line(self._newer, item.newer))
        self.end_row()

    def _span(self, span: Span, *, inside: bool, followed: bool) -> None:
        older, newer = _around(self._older, span.older), _around(self._newer, span.newer)
        if len(newer) <= _SHOWN:
            self._short(older, newer)
            return
        first = [_beginning(each) if inside else "" for each in (older, newer)]
        last = [_ending(each) if followed else "" for each in (older, newer)]
        hidden = (
            min(map(_letters, (older, newer)))
            - min(map(_letters, first))
            - min(map(_letters, last))
        )
        self._same(*first)
        self.end_row()
        note = f"… {hidden:,} 字相同 …"
        self._same(note, note)
        if not self._moved:
            self._row.sign = Sign.LEFT_OUT
        self.end_row()
        self._same(*last)

    def _short(self, older: str, newer: str) -> None:
        """Show a short passage, a row for each of its lines when both texts have the same."""
        ours, theirs = _BREAK.split(older), _BREAK.split(newer)
        if len(ours) != len(theirs):
            self._same(older, newer)
            return
        self._same(ours[0], theirs[0])
        for one, other in zip(ours[1:], theirs[1:], strict=True):
            self.end_row()
            self._same(one, other)

    def _same(self, older: str, newer: str) -> None:
        self._row.segments.append(Segment(_flat(older), _flat(newer)))

    def _small(self, item: Difference) -> None:
        older, newer = self._quoted(item)
        name = item.kind is DifferenceKind.NAME
        told = Segment(_flat(older), _flat(newer), differs=True, fact=bool(item.facts), name=name)
        self._row.segments.append(told)
        if item.facts:
            self._row.sign = Sign.FACT
        elif self._row.sign is Sign.SAME:
            self._row.sign = Sign.CHANGED
        self._same(
            _trail(self._older, item.older) if older else "",
            _trail(self._newer, item.newer) if newer else "",
        )

    def _alone(self, item: Difference, sign: Sign) -> None:
        self.end_row()
        older = _shortened(_flat(_around(self._older, item.older)).strip())
        newer = _shortened(_flat(_around(self._newer, item.newer)).strip())
        if sign is Sign.MISSING:
            newer = ""
        else:
            older = ""
        self.done.append(Row(sign, [Segment(older, newer, differs=True)]))

    def _quoted(self, item: Difference) -> tuple[str, str]:
        return self._older[slice(*item.older)], self._newer[slice(*item.newer)]


def _trail(text: str, place: Place) -> str:
    """The punctuation that follows a place on its line."""
    found = _TRAIL.match(text, place.end)
    return found[0] if found else ""


def _around(text: str, place: Place) -> str:
    """A place's text with the punctuation about it: before it only where a line begins with that."""
    lead = _LEAD.search(text, max(0, place.start - _LONGEST_LEAD), place.start)
    start = lead.start() if lead else place.start
    if start and text[start - 1] != "\n":
        start = place.start
    return text[start : place.end] + _trail(text, place)


def _line(text: str, place: Place) -> int:
    """Which paragraph a place begins in."""
    return len(_LINES.findall(text, 0, place.start + 1))


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text)


def _only_here(count: int) -> str:
    return f"… {count:,} 字 …" if count else ""


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))


def _beginning(text: str) -> str:
    line = _BREAK.split(text, maxsplit=1)[0]
    return line if len(line) <= _CONTEXT else f"{line[:_CONTEXT]}…"


def _ending(text: str) -> str:
    line = text[text.rstrip().rfind("\n") + 1 :]
    return line if len(line) <= _CONTEXT else f"…{line[-_CONTEXT:]}"


def _shortened(text: str) -> str:
    if len(text) <= _LONG:
        return text
    first, last = _ENDS
    return f"{text[:first]} … {len(text) - first - last:,} 字 … {text[-last:]}"
