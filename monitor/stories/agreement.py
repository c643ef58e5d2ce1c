"""Which shingles of new texts are worth reading the pages of: those whose tags agree. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import CROWDED, among
from monitor.stories.filters import LEVEL_BITS, Filter, level_of, question, tags_of
from monitor.stories.fingerprint import COARSEST, SAMPLE, Hashes, levels
from monitor.stories.likely import (
    LIKELY,
    LIKELY_CROWDED,
    LIKELY_HEADINGS,
    LIKELY_SHINGLES,
    Asked,
    are_likely,
    key_of,
)

# Pages that are read for a text: so many, and one for so many of its shingles. To know what a text
# copies two would do; the others are for what else it copies, and for what it shares by chance.
BUDGET = (8, 12)


class Tagged(NamedTuple):
    """What the filters of runs gave for shingles: `which` shingle, by its place among all, in which
    run and with what tag (`labels`); CROWDED of a shingle at most, those of the earlier runs."""

    which: Hashes
    labels: Hashes

    @property
    def crowded(self) -> Hashes:
        """The shingles, by their places, with CROWDED texts."""
        last = self.which[CROWDED - 1 :]
        found: Hashes = last[last == self.which[: len(last)]]
        return found


class Worth(NamedTuple):
    """Shingles to read, by their place among all, and the run of each; and the keys (`key_of`) of
    texts and tags that agree, with how many shingles agree for one that is read."""

    which: Hashes
    runs: Hashes
    keys: Hashes
    weights: NDArray[np.float64]


# A label has the tag below and the run above; what is read is a shingle above and the run below.
_TAG, _RUN, _RUNS, _LABELS = 16, 16, 2**16 - 1, 2**32 - 1
_COUNT, _MANY = 7, 2**7 - 1  # beside a key, how many texts have a shingle


def tagged(filters: Sequence[Filter], hashes: Hashes) -> Tagged:
    """Ask the filters of runs for shingles."""
    asked = question(hashes)
    found = (each.ask(asked) for each in filters)
    both = np.concatenate(
        [which << 32 | run << _TAG | tags for run, (which, tags) in enumerate(found)]
    )
    both.sort()
    which = both >> 32
    kept = np.ones(len(which), bool)
    kept[CROWDED:] = which[CROWDED:] != which[:-CROWDED]
    return Tagged(which[kept], both[kept] & _LABELS)


def text_labels(runs: Sequence[Hashes]) -> tuple[Hashes, Hashes]:
    """The texts of runs, sorted, and the label of each."""
    texts = np.concatenate(runs)
    owners = np.repeat(np.arange(len(runs)), [len(each) for each in runs])
    found, first = np.unique(texts, return_index=True)
    return found, owners[first] << _TAG | tags_of(found)


def worth_reading(asked: Asked, found: Tagged) -> Worth:
    """Choose what is read for each text: the shingles that it may have in common with a text that
    `likely` would name, as far as tags tell."""
    places = asked.places
    comparable = _comparable(asked.lengths)
    keys, elements, counts = _hits(asked, found, comparable)
    crowded = (counts >= CROWDED) & ~asked.heading[elements]
    groups = _groups(keys)
    sizes = np.diff(groups, append=len(keys))
    agree = _agree(keys[groups], sizes, _sums(crowded, groups), comparable)
    agreeing = np.repeat(agree, sizes)
    keys, elements, counts, crowded = (
        part[agreeing] for part in (keys, elements, counts, crowded)
    )
    order = np.argsort(keys << _COUNT | np.minimum(counts, _MANY), kind="stable")
    elements, crowded = elements[order], crowded[order]
    groups = _groups(keys)
    # The rarest of each first: what many texts have names them all, and costs the pages of others.
    ranks = np.arange(len(keys)) - np.repeat(groups, sizes[agree]) + crowded * len(places)
    pairs = elements << _RUN | (keys >> _TAG & _RUNS)
    read = _within_budget(asked, pairs, ranks)
    # A page that is read for one text is read for all that ask for the shingle.
    runs = read & _RUNS
    anyone = among(
        places[elements] << _RUN | pairs & _RUNS, np.sort(places[read >> _RUN] << _RUN | runs)
    )
    reads = _sums(anyone, groups)
    weights = np.where(reads, sizes[agree] / np.maximum(reads, 1), 0.0)
    return Worth(places[read >> _RUN], runs, keys[groups], weights)


def _hits(
    asked: Asked, found: Tagged, comparable: NDArray[np.float64]
) -> tuple[Hashes, Hashes, Hashes]:
    """Give for each asked shingle each text that may have it: their key, the shingle, and how many
    texts have it; sorted by key and shingle. Left out are keys of too few shingles to agree.

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
    kept = np.flatnonzero(asking[found.which] >> level_of(found.labels) & 1)
    which, labels = found.which[kept], found.labels[kept]
    texts = np.bincount(which, minlength=len(asked.distinct))
    starts, many = (np.cumsum(texts) - texts)[places], texts[places]
    ends = np.cumsum(many)
    hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + many, many)
    # Key and shingle are one number, which is sorted faster.
    shift = len(places).bit_length()
    numbers = key_of(asked.owners, asked.heading, 0) << shift | np.arange(len(places))
    both = np.repeat(numbers, many) | (labels << shift)[hits]
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
    return keys, elements, counts[elements]


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
    return keys >> 32 << LEVEL_BITS | level_of(keys)


def _agree(
    keys: Hashes, hits: Hashes, crowded: Hashes, comparable: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether a text and a tag have so much in common that a text with that tag may be likely."""
    heading = (keys >> 32 & 1).astype(bool)
    enough = are_likely(hits, crowded, hits / comparable[keys >> 33, level_of(keys)])
    return np.where(heading, hits >= LIKELY_HEADINGS, enough)


def _within_budget(asked: Asked, pairs: Hashes, ranks: Hashes) -> Hashes:
    """Of pairs (an asked shingle and a run) choose as many for each text as its budget has pages:
    some of each key before more of any, headings first."""
    order = np.lexsort((ranks, pairs))
    kept = order[_groups(pairs[order])]  # of each pair its best rank
    owners, heading = (part[pairs[kept] >> _RUN] for part in (asked.owners, asked.heading))
    order = np.lexsort((ranks[kept], ~heading, owners))
    owners = owners[order]
    spent = np.arange(len(owners)) - np.searchsorted(owners, owners)
    least, share = BUDGET
    chosen: Hashes = pairs[kept[order]][spent < (least + asked.sizes // share)[owners]]
    return chosen
