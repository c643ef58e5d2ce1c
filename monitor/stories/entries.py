"""Entries of the near-duplicate index as sorted arrays, cut into pages. Pure.

An entry says that a text holds a shingle. A text goes by its article and its length, in one number,
so that a look-up can judge it without asking for more (an edited article has two)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.fingerprint import Hashes, distinct

# No shingle of a run keeps more texts than this, the first: a stock phrase or a disclaimer would make
# every look-up walk half the index. 64 copies are enough to meet a story again.
CROWDED = 64
# 240 entries of 16 bytes are one page of SQLite's file (4,096 bytes) with its own bookkeeping.
PAGE = 240

# An article's id has 47 bits, its text's length in shingles the 16 above; 65,535 stands for more.
_ID_BITS = 47
LONGEST = 2**16 - 1

_STORED = np.dtype("<i8")  # on disk, whatever the machine


class Entries(NamedTuple):
    """Shingles and the texts that hold them, of equal length, sorted by shingle."""

    hashes: Hashes
    texts: Hashes

    def between(self, low: int, high: int | None) -> "Entries":
        """The entries whose shingle is at least `low` and below `high` (None: all above)."""
        start = int(np.searchsorted(self.hashes, low))
        end = len(self.hashes) if high is None else int(np.searchsorted(self.hashes, high))
        return Entries(self.hashes[start:end], self.texts[start:end])

    def of(self, wanted: Hashes) -> "Entries":
        """The entries of these shingles, which are sorted."""
        if not len(self.hashes) or not len(wanted):
            return NO_ENTRIES
        starts = np.searchsorted(self.hashes, wanted)
        starts[starts == len(self.hashes)] = 0
        present = self.hashes[starts] == wanted
        starts, found = starts[present], wanted[present]
        counts = np.searchsorted(self.hashes, found, "right") - starts
        ends = np.cumsum(counts)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
        return Entries(np.repeat(found, counts), self.texts[places])

    def ranges(self, wanted: Hashes) -> tuple[Hashes, Hashes]:
        """Where the entries of each of these shingles begin, and how many there are; the shingles
        are sorted and many, the entries of few of them."""
        starts, counts = np.zeros((2, len(wanted)), np.int64)
        if not len(self.hashes) or not len(wanted):
            return starts, counts
        first = np.ones(len(self.hashes), bool)
        np.not_equal(self.hashes[1:], self.hashes[:-1], out=first[1:])
        begins = np.flatnonzero(first)
        found = self.hashes[begins]
        places = np.searchsorted(wanted, found).clip(max=len(wanted) - 1)
        known = wanted[places] == found
        starts[places[known]] = begins[known]
        counts[places[known]] = np.diff(begins, append=len(self.hashes))[known]
        return starts, counts

    def without(self, unwanted: Hashes) -> "Entries":
        """The entries of other shingles than these, which are sorted."""
        kept = ~among(self.hashes, unwanted)
        return Entries(self.hashes[kept], self.texts[kept])

    def repeated(self) -> "Entries":
        """The entries of shingles that more than one text has."""
        equal = np.zeros(len(self.hashes) + 1, bool)
        equal[1:-1] = self.hashes[1:] == self.hashes[:-1]
        kept = equal[1:] | equal[:-1]
        return Entries(self.hashes[kept], self.texts[kept])


NO_ENTRIES = Entries(np.empty(0, np.int64), np.empty(0, np.int64))


def among(values: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    """Whether each value is one of the wanted, which are sorted."""
    if not len(wanted):
        return np.zeros(len(values), bool)
    places = np.searchsorted(wanted, values)
    places[places == len(wanted)] = 0
    found: NDArray[np.bool_] = wanted[places] == values
    return found


def merge(parts: Sequence[Entries]) -> Entries:
    """Put entries together, CROWDED a shingle at most: those of the earlier parts stay."""
    hashes = np.concatenate([each.hashes for each in parts])
    order = np.argsort(hashes, kind="stable")  # timsort: merges what is sorted already
    hashes = hashes[order]
    texts = np.concatenate([each.texts for each in parts])[order]
    kept = np.ones(len(hashes), bool)
    kept[CROWDED:] = hashes[CROWDED:] != hashes[:-CROWDED]
    return Entries(hashes, texts) if kept.all() else Entries(hashes[kept], texts[kept])


def crowded(entries: Entries) -> Hashes:
    """The shingles with CROWDED texts."""
    last = entries.hashes[CROWDED - 1 :]
    found: Hashes = last[last == entries.hashes[: len(last)]]
    return found


def first_texts(parts: Sequence[Entries]) -> Entries:
    """Put what a look-up found together: each text once a shingle, in the order of articles, the
    first CROWDED."""
    hashes = np.concatenate([each.hashes for each in parts])
    texts = np.concatenate([each.texts for each in parts])
    order = np.lexsort((article_of(texts), hashes))
    hashes, texts = hashes[order], texts[order]
    kept = np.ones(len(hashes), bool)
    kept[1:] = (hashes[1:] != hashes[:-1]) | (texts[1:] != texts[:-1])
    return merge([Entries(hashes[kept], texts[kept])])


def texts_of(articles: Hashes, lengths: Hashes) -> Hashes:
    """What texts go by; lengths are LONGEST at most."""
    return (lengths << _ID_BITS) | articles


def article_of(texts: Hashes) -> Hashes:
    """The articles of texts."""
    return texts & ((1 << _ID_BITS) - 1)


def length_of(texts: Hashes) -> Hashes:
    """How many shingles texts have, LONGEST at most."""
    return texts >> _ID_BITS


def pages(entries: Entries) -> Iterator[tuple[int, bytes]]:
    """Cut entries into pages: the first shingle of each, and its content. A shingle's entries
    stand on one page."""
    starts = distinct(np.searchsorted(entries.hashes, entries.hashes[::PAGE])).tolist()
    stored = np.column_stack(entries).astype(_STORED, copy=False)
    for start, end in zip(starts, [*starts[1:], len(stored)], strict=True):
        yield int(stored[start, 0]), stored[start:end].tobytes()


def read_pages(contents: Iterable[bytes]) -> Entries:
    """The entries of pages that follow each other (some may be left out)."""
    stored = np.frombuffer(b"".join(contents), _STORED).reshape(-1, 2)
    return Entries(np.ascontiguousarray(stored[:, 0]), np.ascontiguousarray(stored[:, 1]))


def to_bytes(fences: Hashes) -> bytes:
    """Fences as they are stored."""
    return fences.astype(_STORED, copy=False).tobytes()


def fences_from(content: bytes) -> Hashes:
    """The first shingle of each page of a run, as stored."""
    return np.frombuffer(content, _STORED)
