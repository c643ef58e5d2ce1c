"""Which texts of large runs have so much in common with new texts that they are likely: those whose
tags agree. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import CROWDED
from monitor.stories.filters import LEVEL_BITS, TAG_BITS, Filter, level_of, question
from monitor.stories.fingerprint import COARSEST, SAMPLE, Hashes, distinct, levels
from monitor.stories.likely import (
    LIKELY,
    LIKELY_CROWDED,
    LIKELY_HEADINGS,
    LIKELY_SHINGLES,
    Asked,
    are_likely,
)

_TAGS = (1 << TAG_BITS) - 1


class Tagged(NamedTuple):
    """Pairs of a shingle (`which`, by its place among all) and the tag of a text that has it, in
    this order; CROWDED of a shingle at most, the earliest articles'."""

    which: Hashes
    tags: Hashes


def tagged(filters: Sequence[Filter], hashes: Hashes) -> Tagged:
    """Ask the filters of runs for shingles."""
    asked = question(hashes)
    found = (each.ask(asked) for each in filters)
    both = np.concatenate([which << TAG_BITS | tags for which, tags in found])
    both.sort()
    both = distinct(both)  # an edited article has two texts
    which = both >> TAG_BITS
    kept = np.ones(len(which), bool)
    kept[CROWDED:] = which[CROWDED:] != which[:-CROWDED]
    return Tagged(which[kept], both[kept] & _TAGS)


def agreeing(asked: Asked, found: Tagged) -> Tagged:
    """Choose the pairs that may make a text likely (`monitor.stories.likely`), as far as tags tell:
    all that a text and a tag have in common, where it is enough."""
    comparable = _comparable(asked.lengths)
    keys, elements, crowded = _hits(asked, found, comparable)
    groups = _groups(keys)
    sizes = np.diff(groups, append=len(keys))
    agree = np.repeat(_agree(keys[groups], sizes, _sums(crowded, groups), comparable), sizes)
    both = asked.places[elements[agree]] << TAG_BITS | (keys[agree] & _TAGS)
    both.sort()
    both = distinct(both)
    return Tagged(both >> TAG_BITS, both & _TAGS)


def _hits(
    asked: Asked, found: Tagged, comparable: NDArray[np.float64]
) -> tuple[Hashes, Hashes, NDArray[np.bool_]]:
    """Give for each asked shingle each tag that it has: a key of the text that is asked for, whether
    the shingle is a heading, and the tag; the shingle; whether it is crowded. Sorted by key and
    shingle; left out are keys of too few shingles to agree.

    Crowded shingles are left out where a text has too few of them to matter by themselves."""
    places = asked.places
    counts = np.bincount(found.which, minlength=len(asked.distinct))[places]
    full = (counts >= CROWDED) & ~asked.heading
    together = np.bincount(asked.owners[full], minlength=len(asked.sizes)) + 1
    # Of each text the levels at which its crowded shingles matter, as bits.
    matter = LIKELY_CROWDED * comparable <= together[:, np.newaxis]
    matters = matter @ (1 << np.arange(matter.shape[1]))
    asking = np.zeros(len(asked.distinct), np.int64)
    np.bitwise_or.at(asking, places, np.where(full, matters[asked.owners], -1))
    kept = np.flatnonzero(asking[found.which] >> level_of(found.tags) & 1)
    which, tags = found.which[kept], found.tags[kept]
    texts = np.bincount(which, minlength=len(asked.distinct))
    starts, many = (np.cumsum(texts) - texts)[places], texts[places]
    ends = np.cumsum(many)
    hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + many, many)
    # Key and shingle are one number, which is sorted faster.
    shift = len(places).bit_length()
    numbers = (asked.owners * 2 + asked.heading) << TAG_BITS + shift | np.arange(len(places))
    both = np.repeat(numbers, many) | (tags << shift)[hits]
    both.sort()
    keys = both >> shift
    # Nearly all are met once, by chance.
    groups = _groups(keys)
    sizes = np.diff(groups, append=len(keys))
    again = np.flatnonzero(sizes >= LIKELY_SHINGLES)
    enough = np.zeros(len(groups), bool)
    enough[again] = sizes[again] >= _least(comparable)[_group_of(keys[groups[again]])]
    kept = np.flatnonzero(np.repeat(enough, sizes))
    keys, elements = keys[kept], both[kept] & ((1 << shift) - 1)
    kept = np.flatnonzero(~full[elements] | matter[asked.owners[elements], level_of(keys)])
    keys, elements = keys[kept], elements[kept]
    return keys, elements, full[elements]


def _groups(keys: Hashes) -> Hashes:
    """Where each key begins."""
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(first)


def _sums(values: NDArray[np.bool_], groups: Hashes) -> Hashes:
    """How many of each group's values are true."""
    return np.add.reduceat(values.astype(np.int64), groups) if len(groups) else groups


def _comparable(lengths: Hashes) -> NDArray[np.float64]:
    """How many of each text's sampled shingles a text of each level can have in common with it: of
    its length only the level is known, and it is taken to be as short as that allows."""
    level = np.arange(COARSEST + 1)
    shortest = np.where(level, SAMPLE << level, 1)
    shorter = np.minimum.outer(lengths, shortest)
    comparable: NDArray[np.float64] = shorter / 2.0 ** np.maximum.outer(levels(lengths), level)
    return np.maximum(comparable, 1.0)


def _least(comparable: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many shingles a text and a tag have in common at least where they agree (`_agree`), by
    `_group_of` their key."""
    least = np.full((len(comparable), 2, 1 << LEVEL_BITS), float(LIKELY_HEADINGS))
    # A little less: the quotient that is compared with LIKELY was rounded.
    share = LIKELY * comparable * (1 - 1e-9)
    least[:, 0, : COARSEST + 1] = np.maximum(share, LIKELY_SHINGLES)
    return least.ravel()


def _group_of(keys: Hashes) -> Hashes:
    """The text, whether headings are meant, and the level of each key, as one number."""
    return keys >> TAG_BITS << LEVEL_BITS | level_of(keys)


def _agree(
    keys: Hashes, hits: Hashes, crowded: Hashes, comparable: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether a text and a tag have so much in common that a text with that tag may be likely."""
    heading = (keys >> TAG_BITS & 1).astype(bool)
    enough = are_likely(hits, crowded, hits / comparable[keys >> TAG_BITS + 1, level_of(keys)])
    return np.where(heading, hits >= LIKELY_HEADINGS, enough)
