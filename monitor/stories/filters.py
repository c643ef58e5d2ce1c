"""What is remembered of a large run: of each entry one byte of its shingle and four of its text.
Pure.

Asked for the shingles of a new text, it gives a *tag* for each text of the run that may have one:
its article and its level. Any article shares a shingle with a dozen others by chance; a copy shares
many with one. Which texts those are is known without reading a page of the run.

The entries stand in the run's own order in buckets of three: a quotient filter (Bender et al. 2012)
whose remainders carry a value, laid out at once because a run never changes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import Entries, article_of, length_of
from monitor.stories.fingerprint import COARSEST, Hashes, levels

# A text's level has the lowest three bits of its tag, its article those above: half a milliard.
TAG_BITS, LEVEL_BITS = 32, 3
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

_OFFSET, _TAG, _SHIFT = np.dtype("<u4"), np.dtype("<u4"), np.dtype("<i8")


class Filter(NamedTuple):
    """Of each segment between edges, how far a shingle is shifted to give its bucket; where each
    bucket begins, and where the last ends; each entry's tag; the lowest byte of each entry's
    shingle, and eight bytes of nothing. All are parts of one `block`, as it is stored."""

    shifts: Hashes
    offsets: NDArray[np.uint32]
    tags: NDArray[np.uint32]
    bits: NDArray[np.uint8]
    block: memoryview

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
        same = np.flatnonzero(self.bits[places] == asked.lowest[which])
        return which[same], self.tags[places[same]].astype(np.int64)


def filter_from(block: bytes | memoryview, entries: int) -> Filter:
    """A filter of so many entries as stored; nothing is copied."""
    if not len(block):
        return NO_FILTER
    shifts = np.frombuffer(block, _SHIFT, len(_WIDTHS))
    offsets = np.frombuffer(block, _OFFSET, _buckets(shifts) + 1, shifts.nbytes)
    at = shifts.nbytes + offsets.nbytes
    tags = np.frombuffer(block, _TAG, entries, at)
    bits = np.frombuffer(block, np.uint8, entries + _EIGHT, at + tags.nbytes)
    return Filter(shifts, offsets, tags, bits, memoryview(block))


NO_FILTER = Filter(
    np.zeros(0, np.int64),
    np.zeros(0, np.uint32),
    np.zeros(0, np.uint32),
    np.zeros(0, np.uint8),
    memoryview(b""),
)


class FilterMaker:
    """Makes a run's filter while the run is written.

    `segments` says of how many entries each segment will be, about (`by_segment`), `most` how many
    there are together at most."""

    def __init__(self, segments: Hashes, most: int) -> None:
        buckets = np.maximum(segments, 1) / _BUCKET
        powers = np.log2(_WIDTHS).astype(np.int64) - np.ceil(np.log2(buckets)).astype(np.int64)
        shifts = np.minimum(powers, np.log2(_WIDTHS).astype(np.int64))
        # In its place from the beginning: of a million articles it has fifty megabytes, and copies
        # of its parts would stay with the process when they are no longer needed.
        size = shifts.nbytes + _OFFSET.itemsize * (_buckets(shifts) + 1)
        self._block = np.zeros(size + most * (_TAG.itemsize + 1) + _EIGHT, np.uint8)
        self._block[: shifts.nbytes] = shifts.astype(_SHIFT).view(np.uint8)
        self._filter = filter_from(self._block.data, most)
        self._made = 0

    def add(self, entries: Entries) -> None:
        """Take the entries that come next."""
        if not len(entries.hashes):
            return
        start, self._made = self._made, self._made + len(entries.hashes)
        shifts, offsets, tags, bits, _ = self._filter
        bits[start : self._made] = entries.hashes.astype(np.uint8)
        tags[start : self._made] = tags_of(entries.texts)
        segments = np.searchsorted(_EDGES, entries.hashes, "right")
        buckets = _firsts(shifts)[segments] + (
            (entries.hashes - _BASES[segments]) >> shifts[segments]
        )
        first = int(buckets[0])
        found = np.bincount(buckets - first)
        offsets[first + 1 : first + 1 + len(found)] += found.astype(np.uint32)

    def made(self) -> Filter:
        """The filter of all that was added."""
        _, offsets, tags, bits, block = self._filter
        np.cumsum(offsets, out=offsets)
        unused = len(tags) - self._made
        if unused:  # the bits move up to the tags that are there
            start = len(block) - bits.nbytes - unused * _TAG.itemsize
            self._block[start : start + self._made] = bits[: self._made]
            self._block[start + self._made :] = 0
        return filter_from(block[: len(block) - unused * (_TAG.itemsize + 1)], self._made)


def by_segment(hashes: Hashes) -> Hashes:
    """How many of these shingles, sorted, each segment has."""
    return np.diff(np.searchsorted(hashes, _EDGES), prepend=0, append=len(hashes))


def tags_of(texts: Hashes) -> Hashes:
    """The tags of texts."""
    kept = (1 << TAG_BITS - LEVEL_BITS) - 1
    return ((article_of(texts) & kept) << LEVEL_BITS) | levels(length_of(texts))


def level_of(tags: Hashes) -> Hashes:
    """The levels of the texts with these tags."""
    return tags & ((1 << LEVEL_BITS) - 1)


def article_in(tags: Hashes) -> Hashes:
    """The articles of the texts with these tags."""
    return tags >> LEVEL_BITS


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


def _buckets(shifts: Hashes) -> int:
    """How many buckets all segments have together."""
    return int((_WIDTHS >> shifts).sum())


def _firsts(shifts: Hashes) -> Hashes:
    """The first bucket of each segment."""
    buckets = _WIDTHS >> shifts
    firsts: Hashes = np.cumsum(buckets) - buckets
    return firsts


def _eights(values: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Each eight bytes that follow each other, as one number."""
    return np.ndarray(len(values) - _EIGHT + 1, np.uint64, values, strides=(1,))
