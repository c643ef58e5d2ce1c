"""The way from a changed text back to its original, kept small until somebody asks.

Most texts are asked for a handful of positions: an edit costs two small integers, and a look-up
is a bisection. Only who walks through all offsets pays for all of them."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import overload

Edit = tuple[int, int, str]


class Layer:
    """One step's edits: for each, where it stands in the step's source and in its result."""

    __slots__ = ("_ends", "_made_ends", "_made_starts", "_starts")

    def __init__(self, starts: Sequence[int], ends: Sequence[int], inserted: Iterable[int]) -> None:
        """Each stretch [start, end) of the source was replaced by so many characters."""
        self._starts = array("L", starts)
        self._ends = array("L", ends)
        grown = accumulate(
            (
                length - (end - start)
                for start, end, length in zip(starts, ends, inserted, strict=True)
            )
        )
        self._made_ends = array("L", map(int.__add__, ends, grown))
        kept = (start - end for start, end in zip(starts, chain((0,), ends), strict=False))
        self._made_starts = array("L", map(int.__add__, kept, chain((0,), self._made_ends)))

    @classmethod
    def of_edits(cls, edits: Sequence[Edit]) -> "Layer":
        """Take edits in order, none overlapping another."""
        return cls(
            [start for start, _, _ in edits],
            [end for _, end, _ in edits],
            [len(replacement) for _, _, replacement in edits],
        )

    @classmethod
    def of_pieces(cls, lengths: Iterable[int]) -> "Layer":
        """Take the lengths of stretches, in turn kept and dropped."""
        bounds = list(accumulate(lengths))
        starts, ends = bounds[:-1:2], bounds[1::2]
        return cls(starts, ends, [0] * len(ends))

    def source_of(self, position: int) -> int:
        """Where in the source the result's character at `position` began."""
        edit = bisect_right(self._made_starts, position) - 1
        if edit < 0:
            return position
        if position < self._made_ends[edit]:
            return self._starts[edit]
        return self._ends[edit] + position - self._made_ends[edit]

    def carry(self, offsets: Sequence[int]) -> list[int]:
        """Carry all offsets of the source over to the result."""
        carried: list[int] = []
        position = 0
        for start, end, made_start, made_end in zip(
            self._starts, self._ends, self._made_starts, self._made_ends, strict=True
        ):
            carried += offsets[position:start]
            carried += [offsets[start]] * (made_end - made_start)
            position = end
        carried += offsets[position:]
        return carried


class Offsets(Sequence[int]):
    """For each character of a result, and for its end, where in the original it began."""

    __slots__ = ("_layers", "_length", "_original_length")

    def __init__(self, original_length: int, length: int, layers: Sequence[Layer]) -> None:
        self._original_length = original_length
        self._length = length
        self._layers = tuple(layers)

    def __len__(self) -> int:
        return self._length + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        positions = range(self._length + 1)[index]
        if isinstance(positions, range):
            return self._all()[index]
        for layer in reversed(self._layers):
            positions = layer.source_of(positions)
        return positions

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def _all(self) -> Sequence[int]:
        offsets: Sequence[int] = range(self._original_length + 1)
        for layer in self._layers:
            offsets = layer.carry(offsets)
        return offsets
