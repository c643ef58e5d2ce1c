"""What is remembered of a large run: of each entry one byte of its shingle and two of its text. Pure.

Asked for the shingles of a new text, it gives a *tag* for each text of the run that may have one.
Any article shares a shingle with a dozen others by chance, so that most of its shingles are known
somewhere; but only a copy's tags agree. Pages are read where tags agree, and nowhere else.

The entries stand in the run's own order in buckets of three: a quotient filter (Bender et al. 2012)
whose remainders carry a value, laid out at once because a run never changes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import Entries, article_of, length_of
from monitor.stories.fingerprint import COARSEST, Hashes, levels

# A text's level has three bits of its tag, its article the lowest 13 of its own.
LEVEL_BITS = 3
# Two to four entries share a bucket, so that four in five hundred shingles find a wrong entry.
_BUCKET = 4
_BITS = 63
# Long texts are sampled below the lowest edge, and short ones anywhere: between two edges the
# shingles are evenly spread.
_EDGES = 1 << np.arange(_BITS - COARSEST, _BITS, dtype=np.int64)
_BASES = np.concatenate((np.zeros(1, np.int64), _EDGES))
_WIDTHS = np.append(np.diff(_BASES), _EDGES[-1])

# Eight bytes in one number: the lowest bit of each, and the highest.
_EIGHT = 8
_LOWEST, _HIGHEST = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)

_OFFSET, _TAG, _SHIFT = np.dtype("<u4"), np.dtype("<u2"), np.dtype("<i8")


class Filter(NamedTuple):
    """Of each segment between edges, how far a shingle is shifted to give its bucket; where each
    bucket begins, and where the last ends; the lowest byte of each entry's shingle, and eight bytes
    of nothing; its tag."""

    shifts: Hashes
    offsets: NDArray[np.uint32]
    bits: NDArray[np.uint8]
    tags: NDArray[np.uint16]

    def ask(self, asked: "Question") -> tuple[Hashes, Hashes]:
        """Give the entries that may be of some shingles: which one, by its place, and the tag."""
        buckets = _firsts(self.shifts)[asked.segments] + (
            asked.within >> self.shifts[asked.segments]
        )
        starts = self.offsets[buckets].astype(np.int64)
        # Eight entries are compared at once; few buckets have more, or one that is equal.
        words = _eights(self.bits)[starts] ^ asked.repeated
        equal = ((words - _LOWEST) & ~words & _HIGHEST) != 0
        counts = self.offsets[buckets + 1] - starts
        possible = np.flatnonzero(equal | (counts > _EIGHT))
        counts = counts[possible]
        ends = np.cumsum(counts)
        which = np.repeat(possible, counts)
        places = np.arange(len(which)) + np.repeat(starts[possible] - ends + counts, counts)
        same = self.bits[places] == asked.lowest[which]
        return which[same], self.tags[places[same]].astype(np.int64)

    def to_bytes(self) -> bytes:
        """The filter as it is stored; of no entries, nothing."""
        if not len(self.tags):
            return b""
        parts = (
            self.shifts.astype(_SHIFT, copy=False),
            self.offsets.astype(_OFFSET, copy=False),
            self.bits,
            self.tags.astype(_TAG, copy=False),
        )
        return b"".join(each.tobytes() for each in parts)

    @property
    def nbytes(self) -> int:
        """What it takes of memory."""
        return sum(part.nbytes for part in self)


NO_FILTER = Filter(
    np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(0, np.uint16)
)


def filter_from(content: bytes, entries: int) -> Filter:
    """A filter of so many entries as stored."""
    if not content:
        return NO_FILTER
    shifts = np.frombuffer(content, _SHIFT, len(_WIDTHS))
    buckets = int((_WIDTHS >> shifts).sum())
    at = shifts.nbytes
    offsets = np.frombuffer(content, _OFFSET, buckets + 1, at)
    at += offsets.nbytes
    return Filter(
        shifts,
        offsets,
        np.frombuffer(content, np.uint8, entries + _EIGHT, at),
        np.frombuffer(content, _TAG, entries, at + entries + _EIGHT),
    )


class FilterMaker:
    """Makes a run's filter while the run is written.

    `segments` says of how many entries each segment will be, about (`by_segment`), `most` how many
    there are together at most."""

    def __init__(self, segments: Hashes, most: int) -> None:
        buckets = np.maximum(segments, 1) / _BUCKET
        powers = np.log2(_WIDTHS).astype(np.int64) - np.ceil(np.log2(buckets)).astype(np.int64)
        self._shifts = np.minimum(powers, np.log2(_WIDTHS).astype(np.int64))
        self._counts = np.zeros(int((_WIDTHS >> self._shifts).sum()) + 1, np.uint32)
        self._bits = np.empty(most, np.uint8)
        self._tags = np.empty(most, np.uint16)
        self._made = 0

    def add(self, entries: Entries) -> None:
        """Take the entries that come next."""
        if not len(entries.hashes):
            return
        start, self._made = self._made, self._made + len(entries.hashes)
        self._bits[start : self._made] = entries.hashes.astype(np.uint8)
        self._tags[start : self._made] = tags_of(entries.texts)
        segments = np.searchsorted(_EDGES, entries.hashes, "right")
        buckets = _firsts(self._shifts)[segments] + (
            (entries.hashes - _BASES[segments]) >> self._shifts[segments]
        )
        first = int(buckets[0])
        found = np.bincount(buckets - first)
        self._counts[first + 1 : first + 1 + len(found)] += found.astype(np.uint32)

    def made(self) -> Filter:
        """The filter of all that was added."""
        offsets = np.cumsum(self._counts, dtype=np.uint32)
        bits = np.zeros(self._made + _EIGHT, np.uint8)
        bits[: self._made] = self._bits[: self._made]
        return Filter(self._shifts, offsets, bits, self._tags[: self._made].copy())


def by_segment(hashes: Hashes) -> Hashes:
    """How many of these shingles, sorted, each segment has."""
    return np.diff(np.searchsorted(hashes, _EDGES), prepend=0, append=len(hashes))


def tags_of(texts: Hashes) -> Hashes:
    """The tags of texts."""
    kept = (1 << 16 - LEVEL_BITS) - 1
    return ((article_of(texts) & kept) << LEVEL_BITS) | levels(length_of(texts))


def level_of(tags: Hashes) -> Hashes:
    """The levels of the texts with these tags."""
    return tags & ((1 << LEVEL_BITS) - 1)


class Question(NamedTuple):
    """Shingles as filters are asked for them, worked out once for all filters: the segment of each
    and where it is in it, its lowest byte, and that eight times."""

    segments: Hashes
    within: Hashes
    lowest: NDArray[np.uint8]
    repeated: NDArray[np.uint64]


def question(hashes: Hashes) -> Question:
    """Make a question of shingles."""
    segments = np.searchsorted(_EDGES, hashes, "right")
    lowest = hashes.astype(np.uint8)
    return Question(segments, hashes - _BASES[segments], lowest, lowest * _LOWEST)


def _firsts(shifts: Hashes) -> Hashes:
    """The first bucket of each segment."""
    buckets = _WIDTHS >> shifts
    firsts: Hashes = np.cumsum(buckets) - buckets
    return firsts


def _eights(values: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Each eight bytes that follow each other, as one number."""
    return np.ndarray(len(values) - _EIGHT + 1, np.uint64, values, strides=(1,))
