"""Which articles are likely to carry a text, judged by shared samples. Pure.

Worked out for a batch of texts at once: one text's few dozen entries are too few for numpy, and
too many for Python."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import CROWDED, Entries, article_of, length_of
from monitor.stories.fingerprint import COARSEST, SAMPLE, Fingerprint, Hashes

# A candidate's sample must show this containment (half of what `relation` looks at, because a
# sample of 8 strays that far), and more than one shingle, or this many headings.
LIKELY = 0.06
LIKELY_SHINGLES = 2
LIKELY_HEADINGS = 3
# What CROWDED texts share is a disclaimer or a story told often. It counts where it is as much of
# the text as `relation.LOOK`, below which no copy is looked for: a tail of 100 characters under
# 1,500 (.065) would have a dozen texts compared for nothing.
LIKELY_CROWDED = 0.12

Likely = dict[int, float]


class Asked(NamedTuple):
    """The headings and sampled shingles of some texts, one text after another, its headings first:
    each with the number of its text, and whether it is a heading. `sizes` are a text's of both."""

    hashes: Hashes
    owners: Hashes
    heading: NDArray[np.bool_]
    sizes: Hashes
    lengths: Hashes


def ask(fingerprints: Sequence[Fingerprint]) -> Asked:
    """Lay out texts to be looked up."""
    hashes = np.fromiter(
        chain.from_iterable(chain(each.headings, each.sampled) for each in fingerprints), np.int64
    )
    headings = np.array([len(each.headings) for each in fingerprints], np.int64)
    sizes = headings + np.array([len(each.sampled) for each in fingerprints], np.int64)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Asked(
        hashes=hashes,
        owners=np.repeat(np.arange(len(sizes)), sizes),
        heading=np.arange(len(hashes)) - starts < np.repeat(headings, sizes),
        sizes=sizes,
        lengths=np.array([each.shingle_count for each in fingerprints], np.int64),
    )


class Hits(NamedTuple):
    """How many shingles of a text (`owners`) each text of the index has in common with it, and how
    many of them are crowded."""

    owners: Hashes
    texts: Hashes
    hits: Hashes
    crowded: Hashes


def likely(asked: Asked, unread: frozenset[int], entries: Entries) -> list[Likely]:
    """Give for each text the articles likely to carry it, with the containment that its sample
    shows; 0 for those that share its headings alone.

    `entries` are those found for the texts, `unread` the shingles that were not looked for."""
    skipped = np.isin(asked.hashes, np.fromiter(unread, np.int64)) & ~asked.heading
    found: list[Likely] = [{} for _ in asked.sizes]
    siblings = _hits(asked, asked.heading, entries)
    for owner, text in _chosen(siblings, siblings.hits >= LIKELY_HEADINGS):
        found[owner][text] = 0.0
    shared = _hits(asked, ~asked.heading, entries)
    sampled = np.bincount(asked.owners[~asked.heading], minlength=len(found))
    missing = np.bincount(asked.owners[skipped], minlength=len(found))
    read = 1 - missing / np.maximum(sampled, 1)
    scores = containments(
        shared.hits, asked.lengths[shared.owners], length_of(shared.texts), read[shared.owners]
    )
    rare = shared.hits - shared.crowded
    chosen = (shared.hits >= LIKELY_SHINGLES) & (scores >= LIKELY_CROWDED)
    chosen |= (rare >= LIKELY_SHINGLES) & (scores * rare >= LIKELY * shared.hits)
    for (owner, article), score in zip(
        _chosen(shared, chosen), scores[chosen].tolist(), strict=True
    ):
        # Of an edited article's texts the likelier one.
        found[owner][article] = max(score, found[owner].get(article, 0.0))
    return found


def containments(
    hits: Hashes, lengths: Hashes, others: Hashes, read: NDArray[np.float64] | float = 1.0
) -> NDArray[np.float64]:
    """Estimate from shared samples how much of the shorter text the longer has.

    Of two samples only what lies below the sparser one's threshold is comparable, and of that
    the share that was looked for."""
    shorter = np.minimum(lengths, others)
    sparser = levels(np.maximum(lengths, others))
    estimates: NDArray[np.float64] = hits / np.maximum(1.0, read * shorter / 2.0**sparser)
    return estimates


def levels(lengths: Hashes) -> Hashes:
    """`fingerprint.level` of many texts."""
    found = np.log2(np.maximum(lengths // SAMPLE, 1)).astype(np.int64)
    return np.minimum(found, COARSEST)


def _hits(asked: Asked, which: NDArray[np.bool_], entries: Entries) -> Hits:
    """Count what the chosen shingles have in common with the index's texts."""
    hashes = asked.hashes[which]
    starts = np.searchsorted(entries.hashes, hashes)
    counts = np.searchsorted(entries.hashes, hashes, "right") - starts
    ends = np.cumsum(counts)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
    owners, texts = np.repeat(asked.owners[which], counts), entries.texts[places]
    order = np.lexsort((texts, owners))
    owners, texts = owners[order], texts[order]
    crowded = np.repeat(counts >= CROWDED, counts)[order]
    first = np.ones(len(owners), bool)
    first[1:] = (owners[1:] != owners[:-1]) | (texts[1:] != texts[:-1])
    groups = np.flatnonzero(first)
    return Hits(
        owners=owners[groups],
        texts=texts[groups],
        hits=np.diff(groups, append=len(owners)),
        crowded=np.add.reduceat(crowded.astype(np.int64), groups) if len(groups) else groups,
    )


def _chosen(hits: Hits, chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    return zip(hits.owners[chosen].tolist(), article_of(hits.texts[chosen]).tolist(), strict=True)
