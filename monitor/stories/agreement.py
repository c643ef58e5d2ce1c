"""Which shingles of new texts are worth reading the pages of: those whose tags agree. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import CROWDED
from monitor.stories.filters import Filter, level_of, question, tags_of
from monitor.stories.fingerprint import SAMPLE, Hashes, levels
from monitor.stories.likely import LIKELY_HEADINGS, Asked, are_likely, key_of

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
_TAG, _RUN, _RUNS = 16, 16, 2**16 - 1
_COUNT, _MANY = 7, 2**7 - 1  # beside a key, how many texts have a shingle


def tagged(filters: Sequence[Filter], hashes: Hashes) -> Tagged:
    """Ask the filters of runs for shingles."""
    asked = question(hashes)
    found = [each.ask(asked) for each in filters]
    which = np.concatenate([each for each, _ in found])
    labels = np.concatenate([run << _TAG | tags for run, (_, tags) in enumerate(found)])
    order = np.argsort(which, kind="stable")  # merges what is sorted already
    which, labels = which[order], labels[order]
    kept = np.ones(len(which), bool)
    kept[CROWDED:] = which[CROWDED:] != which[:-CROWDED]
    return Tagged(which[kept], labels[kept])


def text_labels(runs: Sequence[Hashes]) -> tuple[Hashes, Hashes]:
    """The texts of runs, sorted, and the label of each."""
    texts = np.concatenate(runs)
    owners = np.repeat(np.arange(len(runs)), [len(each) for each in runs])
    found, first = np.unique(texts, return_index=True)
    return found, owners[first] << _TAG | tags_of(found)


def worth_reading(asked: Asked, places: Hashes, found: Tagged) -> Worth:
    """Choose what is read for each text: the shingles that it may have in common with a text that
    `likely` would name, as far as tags tell. `places` are those of the asked among all shingles."""
    starts = np.searchsorted(found.which, places)
    counts = np.searchsorted(found.which, places, "right") - starts
    ends = np.cumsum(counts)
    hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
    elements = np.repeat(np.arange(len(places)), counts)
    keys = key_of(asked.owners, asked.heading, 0 * places)[elements] | found.labels[hits]
    # The rarest of each key first: what many texts have would name them all.
    rarest_first = keys << _COUNT | np.repeat(np.minimum(counts, _MANY), counts)
    order = np.argsort(rarest_first, kind="stable")
    keys, elements = keys[order], elements[order]
    crowded = counts[elements] >= CROWDED
    groups = _groups(keys)
    sizes = np.diff(groups, append=len(keys))
    agree = _agree(asked, keys[groups], sizes, _sums(crowded, groups))
    agreeing = np.repeat(agree, sizes)
    # What many texts have comes last: it names them all, and costs the pages of the others.
    ranks = np.arange(len(keys)) - np.repeat(groups, sizes) + crowded * len(places)
    keys, elements = keys[agreeing], elements[agreeing]
    pairs = elements << _RUN | (keys >> _TAG & _RUNS)
    read = _within_budget(asked, pairs, ranks[agreeing])
    groups = _groups(keys)
    reads = _sums(np.isin(pairs, read), groups)
    weights = np.where(reads, sizes[agree] / np.maximum(reads, 1), 0.0)
    return Worth(places[read >> _RUN], read & _RUNS, keys[groups], weights)


def _groups(keys: Hashes) -> Hashes:
    """Where each key begins."""
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(first)


def _sums(values: NDArray[np.bool_], groups: Hashes) -> Hashes:
    """How many of each group's values are true."""
    return np.add.reduceat(values.astype(np.int64), groups) if len(groups) else groups


def _agree(asked: Asked, keys: Hashes, hits: Hashes, crowded: Hashes) -> NDArray[np.bool_]:
    """Whether a text and a tag have so much in common that a text with that tag may be likely.

    Of its length only the level is known: it is taken to be as short as that allows."""
    owners, heading = keys >> 33, (keys >> 32 & 1).astype(bool)
    lengths, level = asked.lengths[owners], level_of(keys)
    shortest = np.where(level, SAMPLE << level, 1)
    shorter = np.minimum(lengths, shortest)
    comparable = shorter / 2.0 ** np.maximum(levels(lengths), level)
    enough = are_likely(hits, crowded, hits / np.maximum(1.0, comparable))
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
