"""Cut two texts into what is the same, replaced, missing and added, wherever it stands. Pure.

First the long common stretches (`tiling`), in any order; between those that follow one another
in both texts, and around the others up to the ends of their sentences, word by word; last, the
sentences that are left, each with the one it resembles most."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from monitor.changes.runs import PASSAGE, SAME_PASSAGE, runs
from monitor.stories.alignment import SAME_SENTENCE, SENTENCE_LENGTH
from monitor.stories.layout import Layout
from monitor.stories.moves import moved
from monitor.stories.tiling import Tile, coded, tiles

# The edit script of two gaps needs length x length / 8 bytes: half a megabyte. Beyond it one text
# replaced by another is told, and not word by word.
_LARGEST_GAP = 2_000 * 2_000
_OVERHANG = 3
# So many of the sentences that are left on either side are compared, the longest: 0.3 s.
_MOST_SENTENCES = 1_000
# Headings, and sentences as short, are the same reworded only when most of their words are.
_SHORTEST = 5
_SAME_SHORT = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """Words `older` to `older_end` of the older text and their counterpart in the newer; either
    may be empty, and then stands where it would be. `equal`: they are the same."""

    older: int
    older_end: int
    newer: int
    newer_end: int
    equal: bool = False
    moved: bool = False


class _Range(NamedTuple):
    start: int
    end: int


class _Gaps(NamedTuple):
    """What lies between the tiles: gaps of both texts that face each other, and what only one of
    them has, with the word of the other text where it would begin."""

    facing: list[tuple[_Range, _Range]]
    older_only: list[tuple[_Range, int]]
    newer_only: list[tuple[_Range, int]]


def cut(older: Layout, newer: Layout) -> list[Piece]:
    """Give the pieces of two texts in the order of the newer."""
    codes = coded(older.words, newer.words)
    found = [_without_overhang(older, each) for each in tiles(*codes)]
    gaps = _gaps(older, newer, found)
    pieces = [Piece(*_both(each), equal=True) for each in found]
    for one, other in gaps.facing:
        pieces += _refined(older, newer, one, other)
    pieces += _leftovers(older, newer, gaps, codes)
    both = sorted((each for each in pieces if _on_both_sides(each)), key=_by_newer)
    single = [each for each in pieces if not _on_both_sides(each)]
    told = [replace(each, moved=flag) for each, flag in zip(both, moved(both), strict=True)]
    return list(_joined(sorted((*told, *single), key=_by_newer)))


def _without_overhang(older: Layout, tile: Tile) -> Tile:
    """A tile without the word or two that it shares by accident with the sentence before or behind:
    they belong to that sentence's own counterpart."""
    first, last = tile.older, tile.older_end
    start, end = older.sentence(first)
    if start < first and end < last and end - first <= _OVERHANG:
        first = end
    start, end = older.sentence(last - 1)
    if first < start and last < end and last - start <= _OVERHANG:
        last = start
    return Tile(first, tile.newer + first - tile.older, last - first)


def _both(tile: Tile) -> tuple[int, int, int, int]:
    return tile.older, tile.older_end, tile.newer, tile.newer_end


def _on_both_sides(piece: Piece) -> bool:
    return piece.older < piece.older_end and piece.newer < piece.newer_end


def _by_newer(piece: Piece) -> tuple[int, int, int]:
    return piece.newer, piece.newer_end, piece.older


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Make one of pieces of one sort that touch."""
    last: Piece | None = None
    for each in pieces:
        if last is not None and _touch(last, each):
            last = replace(last, older_end=each.older_end, newer_end=each.newer_end)
            continue
        if last is not None:
            yield last
        last = each
    if last is not None:
        yield last


def _touch(one: Piece, other: Piece) -> bool:
    if (one.equal, one.moved) != (other.equal, other.moved) or one.newer_end != other.newer:
        return False
    if one.equal:
        return one.older_end == other.older
    only_newer = (each.older == each.older_end for each in (one, other))
    only_older = (each.newer == each.newer_end for each in (one, other))
    return all(only_newer) or (all(only_older) and one.older_end == other.older)


def _gaps(older: Layout, newer: Layout, found: Sequence[Tile]) -> _Gaps:
    """Say what lies between the tiles, which are in the order of the newer text."""
    ends = len(older.words), len(newer.words)
    marks = [Tile(0, 0, 0), *found, Tile(*ends, 0)]
    by_older = sorted(range(len(marks)), key=lambda each: (marks[each].older, each))
    follower = dict(pairwise(by_older))
    gaps = _Gaps([], [], [])
    # Around a tile whose neighbours are others in the two texts, by tile: older and newer.
    after = [
        (_Range(each.older_end, each.older_end), _Range(each.newer_end, each.newer_end))
        for each in marks
    ]
    before = [(_Range(each.older, each.older), _Range(each.newer, each.newer)) for each in marks]
    for one, tile in enumerate(marks[:-1]):
        there = follower[one]
        ours = _Range(tile.older_end, marks[there].older)
        theirs = _Range(tile.newer_end, marks[one + 1].newer)
        if there == one + 1:
            gaps.facing.append((ours, theirs))
            continue
        old_right, old_middle, old_left = _split(older, ours)
        new_right, new_middle, new_left = _split(newer, theirs)
        after[one] = old_right, new_right
        before[there] = old_left, before[there][1]
        before[one + 1] = before[one + 1][0], new_left
        gaps.older_only.append((old_middle, new_right.end))
        gaps.newer_only.append((new_middle, old_right.end))
    gaps.facing.extend((*before, *after))
    return gaps


def _split(layout: Layout, gap: _Range) -> tuple[_Range, _Range, _Range]:
    """Split a gap into the rest of the sentence before it, what is between, and the beginning of
    the sentence behind it."""
    right = left = gap.start
    if gap.start:
        right = min(gap.end, max(gap.start, layout.sentence(gap.start - 1)[1]))
    left = gap.end
    if gap.end < len(layout.words):
        left = max(right, min(gap.end, layout.sentence(gap.end)[0]))
    return _Range(gap.start, right), _Range(right, left), _Range(left, gap.end)


def _refined(older: Layout, newer: Layout, one: _Range, other: _Range) -> Iterator[Piece]:
    """Line two gaps up word by word."""
    ours, theirs = older.words[one.start : one.end], newer.words[other.start : other.end]
    if not ours and not theirs:
        return
    if len(ours) * len(theirs) > _LARGEST_GAP:
        yield Piece(one.start, one.end, other.start, other.start)
        yield Piece(one.end, one.end, other.start, other.end)
        return
    last = (one.start, other.start)
    for run in runs(ours, theirs):
        first = (one.start + run[0], other.start + run[2])
        if first > last:
            yield Piece(last[0], first[0], last[1], first[1], equal=True)
        last = (one.start + run[1], other.start + run[3])
        yield from _parted(Piece(first[0], last[0], first[1], last[1]))
    if last != (one.end, other.end):
        yield Piece(last[0], one.end, last[1], other.end, equal=True)


def _parted(piece: Piece) -> Iterator[Piece]:
    """A few words in the place of a long passage do not replace it: one is gone, the others new."""
    lengths = piece.older_end - piece.older, piece.newer_end - piece.newer
    if min(lengths) == 0 or max(lengths) < PASSAGE or min(lengths) >= SAME_PASSAGE * max(lengths):
        yield piece
        return
    yield replace(piece, newer_end=piece.newer)
    yield replace(piece, older=piece.older_end)


def _leftovers(older: Layout, newer: Layout, gaps: _Gaps, codes: Sequence[str]) -> Iterator[Piece]:
    """Tell what only one text has, sentence by sentence: two that are alike are one, reworded."""
    ours = [(each, at) for gap, at in gaps.older_only for each in _sentences(older, gap)]
    theirs = [(each, at) for gap, at in gaps.newer_only for each in _sentences(newer, gap)]
    pairs = dict(_alike([each for each, _ in ours], [each for each, _ in theirs], codes))
    for one, other in pairs.items():
        yield from _refined(older, newer, ours[one][0], theirs[other][0])
    for place, (each, at) in enumerate(ours):
        if place not in pairs:
            yield Piece(each.start, each.end, at, at)
    paired = set(pairs.values())
    for place, (each, at) in enumerate(theirs):
        if place not in paired:
            yield Piece(at, at, each.start, each.end)


def _sentences(layout: Layout, gap: _Range) -> Iterator[_Range]:
    start = gap.start
    while start < gap.end:
        end = min(gap.end, layout.sentence(start)[1])
        yield _Range(start, end)
        start = end


def _alike(
    ours: Sequence[_Range], theirs: Sequence[_Range], codes: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Pair sentences by their places in the two lists, the most alike first."""
    same = dict(_same(ours, theirs, codes))
    yield from same.items()
    mine, others = _telling(ours, same), _telling(theirs, set(same.values()))
    if not mine or not others:
        return
    likeness = process.cdist(
        [codes[0][ours[each].start : ours[each].end] for each in mine],
        [codes[1][theirs[each].start : theirs[each].end] for each in others],
        scorer=fuzz.ratio,
        score_cutoff=100 * SAME_SENTENCE,
    )
    rows, columns = np.nonzero(likeness)
    shorter = np.minimum(_lengths(ours, mine)[rows], _lengths(theirs, others)[columns])
    sure = (shorter >= SENTENCE_LENGTH) | (likeness[rows, columns] >= _SAME_SHORT)
    rows, columns = rows[sure], columns[sure]
    best_first = np.argsort(-likeness[rows, columns], kind="stable")
    free_rows, free_columns = set(range(len(mine))), set(range(len(others)))
    for row, column in zip(rows[best_first].tolist(), columns[best_first].tolist(), strict=True):
        if row in free_rows and column in free_columns:
            free_rows.discard(row)
            free_columns.discard(column)
            yield mine[row], others[column]


def _lengths(ranges: Sequence[_Range], chosen: Sequence[int]) -> NDArray[np.int64]:
    return np.array([ranges[at].end - ranges[at].start for at in chosen])


def _same(
    ours: Sequence[_Range], theirs: Sequence[_Range], codes: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Pair sentences, headings most of them, that are too short for a tile and equal."""
    places: dict[str, list[int]] = {}
    for place, each in reversed(list(enumerate(ours))):
        places.setdefault(codes[0][each.start : each.end], []).append(place)
    for place, each in enumerate(theirs):
        if there := places.get(codes[1][each.start : each.end]):
            yield there.pop(), place


def _telling(ranges: Sequence[_Range], paired: Container[int]) -> list[int]:
    """The places of the sentences long enough to be told apart, of very many the longest."""
    long = [
        at
        for at, each in enumerate(ranges)
        if at not in paired and each.end - each.start >= _SHORTEST
    ]
    longest = sorted(long, key=lambda at: ranges[at].start - ranges[at].end)[:_MOST_SENTENCES]
    return sorted(longest)
