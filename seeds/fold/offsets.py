"""The way from a changed text back to its original, kept small until somebody asks.

Most texts are asked for a handful of positions: an edit costs two small integers, and a look-up
is a bisection. Only who walks through all offsets pays for all of them."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, overload

Edit = tuple[int, int, str]


class _Bounds(NamedTuple):
    """Where each edit starts and ends, in the source and in the result."""

    starts: Sequence[int]
    ends: Sequence[int]
    made_starts: Sequence[int]
    made_ends: Sequence[int]


class Layer:
    """One step's edits, as lengths: kept, dropped, kept, dropped … kept; and how many characters
    were inserted for each stretch dropped, nothing when none ever was."""

    __slots__ = ("_bounds", "_inserted", "_lengths")

    def __init__(self, lengths: Iterable[int], inserted: Iterable[int] = ()) -> None:
        self._lengths = array("I", lengths)
        self._inserted = array("I", inserted)
        self._bounds: _Bounds | None = None

    @classmethod
    def of_edits(cls, edits: Sequence[Edit]) -> "Layer":
        """Take edits in order, none overlapping another."""
        lengths: list[int] = []
        position = 0
        for start, end, _ in edits:
            lengths += (start - position, end - start)
            position = end
        return cls([*lengths, 0], [len(replacement) for _, _, replacement in edits])

    @property
    def bounds(self) -> _Bounds:
        """The edits by place, worked out when first asked for."""
        if self._bounds is None:
            places = list(accumulate(self._lengths))
            starts, ends = places[:-1:2], places[1::2]
            inserted = self._inserted or [0] * len(ends)
            grown = accumulate(map(int.__sub__, inserted, self._lengths[1::2]))
            made_ends = list(map(int.__add__, ends, grown))
            made_starts = list(map(int.__sub__, made_ends, inserted))
            self._bounds = _Bounds(
                *(array("L", each) for each in (starts, ends, made_starts, made_ends))
            )
        return self._bounds

    def source_of(self, position: int) -> int:
        """Where in the source the result's character at `position` began."""
        starts, ends, made_starts, made_ends = self._bounds or self.bounds
        edit = bisect_right(made_starts, position) - 1
        if edit < 0:
            return position
        if position < made_ends[edit]:
            return starts[edit]
        return ends[edit] + position - made_ends[edit]

    def carry(self, offsets: Sequence[int]) -> list[int]:
        """Carry all offsets of the source over to the result."""
        carried: list[int] = []
        position = 0
        for start, end, made_start, made_end in zip(*self.bounds, strict=True):
            carried += offsets[position:start]
            carried += [offsets[start]] * (made_end - made_start)
            position = end
        carried += offsets[position:]
        return carried


class Offsets(Sequence[int]):
    """For each character of a result, and for its end, where in the original it began."""

    __slots__ = ("_last_first", "_layers", "_length", "_original_length")

    def __init__(self, original_length: int, length: int, layers: Sequence[Layer]) -> None:
        self._original_length = original_length
        self._length = length
        self._layers = tuple(layers)
        self._last_first = self._layers[::-1]

    def __len__(self) -> int:
        return self._length + 1

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        if isinstance(index, slice):
            return self._all()[index]
        position = index if 0 <= index <= self._length else range(self._length + 1)[index]
        for layer in self._last_first:
            position = layer.source_of(position)
        return position

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def _all(self) -> Sequence[int]:
        offsets: Sequence[int] = range(self._original_length + 1)
        for layer in self._layers:
            offsets = layer.carry(offsets)
        return offsets
