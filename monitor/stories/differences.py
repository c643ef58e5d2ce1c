"""Say of each piece that differs what sort of difference it is. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.changes.runs import PASSAGE
from monitor.changes.said import facts_changed
from monitor.changes.tokens import Fact, Token
from monitor.stories.layout import Layout, Place
from monitor.stories.moves import NEAR
from monitor.stories.pieces import Piece

# What can be right or wrong; how a text says it, and of what subject, is its wording.
FACTS = (Fact.AMOUNT, Fact.DATE, Fact.NUMBER, Fact.NEGATION)
FIGURES = frozenset({Fact.AMOUNT, Fact.DATE, Fact.NUMBER})


class DifferenceKind(StrEnum):
    """What the newer text did. `missing` and `added` are paragraphs or long passages of one, `cut`
    and `inserted` a few words."""

    REPLACED = "replaced"
    NAME = "name"
    CUT = "cut"
    INSERTED = "inserted"
    MISSING = "missing"
    ADDED = "added"
    MOVED = "moved"
    HEADING_REMOVED = "heading-removed"
    HEADING_ADDED = "heading-added"
    HEADING_RENUMBERED = "heading-renumbered"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. A place without extent says where the text would stand.

    `characters` are the letters and figures of the longer side; `facts` name the sorts of facts
    that are not told alike (amount, date, number, negation); `names` are the platforms, older and
    newer, of which one's name stands in the other's place. `moved`: it
    stands within a passage that moved, or is one. A passage that only one text has tells
    no fact otherwise."""

    kind: DifferenceKind
    older: Place
    newer: Place
    characters: int
    facts: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    moved: bool = False


def differences(older: Layout, newer: Layout, pieces: Sequence[Piece]) -> Iterator[Difference]:
    """Tell the differences, in the order of the newer text; what moved comes before what differs
    inside it."""
    starts = {run[0]: run for run in _moved_together(pieces)}
    for each in pieces:
        if each in starts:
            yield _move(older, newer, starts[each])
        if each.equal:
            continue
        if each.older == each.older_end:
            for first, last in _by_line(newer, each.newer, each.newer_end):
                yield _only(newer, first, last, (older.place(each.older, each.older), None))
        elif each.newer == each.newer_end:
            for first, last in _by_line(older, each.older, each.older_end):
                yield _only(older, first, last, (None, newer.place(each.newer, each.newer)))
        else:
            yield _replaced(older, newer, each)


def _moved_together(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for each in pieces:
        if not each.moved:
            continue
        if run and not (
            0 <= each.older - run[-1].older_end <= NEAR and each.newer - run[-1].newer_end <= NEAR
        ):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _move(older: Layout, newer: Layout, run: Sequence[Piece]) -> Difference:
    first, last = run[0], run[-1]
    return Difference(
        kind=DifferenceKind.MOVED,
        older=older.place(first.older, last.older_end),
        newer=newer.place(first.newer, last.newer_end),
        characters=newer.characters(first.newer, last.newer_end),
        moved=True,
    )


def _replaced(older: Layout, newer: Layout, piece: Piece) -> Difference:
    ours, theirs = slice(piece.older, piece.older_end), slice(piece.newer, piece.newer_end)
    gone, come = older.tokens[ours], newer.tokens[theirs]
    heading = all(older.headings[ours]) and all(newer.headings[theirs])
    names = tuple(
        (one, other) for one, other in zip(_names(gone), _names(come), strict=False) if one != other
    )
    kind = DifferenceKind.NAME if names else DifferenceKind.REPLACED
    if heading and _only_figures(gone) and _only_figures(come):
        kind = DifferenceKind.HEADING_RENUMBERED
    return Difference(
        kind=kind,
        older=older.place(piece.older, piece.older_end),
        newer=newer.place(piece.newer, piece.newer_end),
        characters=max(
            older.characters(piece.older, piece.older_end),
            newer.characters(piece.newer, piece.newer_end),
        ),
        facts=() if heading else _facts(gone, come),
        names=names,
        moved=piece.moved,
    )


def _only(
    layout: Layout, first: int, last: int, elsewhere: tuple[Place | None, Place | None]
) -> Difference:
    """A stretch of one line that only one text has; `elsewhere` is where it would stand in the
    other, given on that side."""
    removed = elsewhere[0] is None
    line = layout.lines[first]
    start = bisect_left(layout.lines, line)
    end = bisect_left(layout.lines, line + 1, start)
    here = layout.place(first, last)
    # A line cut off somewhere denies nothing with the word it was cut at.
    within = start < first and last < end and _short(first, last)
    return Difference(
        kind=_only_kind(
            layout, (first, last), removed=removed, whole=(first, last) == (start, end)
        ),
        older=elsewhere[0] or here,
        newer=elsewhere[1] or here,
        characters=layout.characters(first, last),
        facts=_facts(layout.tokens[first:last], ()) if within else (),
    )


def _only_kind(
    layout: Layout, words: tuple[int, int], *, removed: bool, whole: bool
) -> DifferenceKind:
    if layout.headings[words[0]]:
        if whole:
            return DifferenceKind.HEADING_REMOVED if removed else DifferenceKind.HEADING_ADDED
        if _only_figures(layout.tokens[slice(*words)]):
            return DifferenceKind.HEADING_RENUMBERED
    if whole or not _short(*words):
        return DifferenceKind.MISSING if removed else DifferenceKind.ADDED
    return DifferenceKind.CUT if removed else DifferenceKind.INSERTED


def _short(first: int, last: int) -> bool:
    return last - first < PASSAGE


def _by_line(layout: Layout, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first < last:
        end = min(last, bisect_left(layout.lines, layout.lines[first] + 1, first))
        yield first, end
        first = end


def _names(tokens: Sequence[Token]) -> list[str]:
    return [each.key for each in tokens if each.fact is Fact.NAME]


def _only_figures(tokens: Sequence[Token]) -> bool:
    return all(each.fact in FIGURES for each in tokens)


def _facts(gone: Sequence[Token], come: Sequence[Token]) -> tuple[str, ...]:
    changed = facts_changed(gone, come)
    return tuple(each.value for each in FACTS if each.value in changed)
