"""Which articles are likely to carry a text, judged by shared samples. Pure.

Worked out for a batch of texts at once: one text's few dozen entries are too few for numpy, and
too many for Python."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.stories.entries import NO_ENTRIES, Entries, among, article_of, length_of
from monitor.stories.fingerprint import Fingerprint, Hashes, distinct, levels

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
    each with the number of its text, and whether it is a heading. `sizes` are a text's of both.
    `distinct` are all shingles once, sorted, and `places` where each of `hashes` is among them."""

    hashes: Hashes
    owners: Hashes
    heading: NDArray[np.bool_]
    sizes: Hashes
    lengths: Hashes
    distinct: Hashes
    places: Hashes


def ask(fingerprints: Sequence[Fingerprint]) -> Asked:
    """Lay out texts to be looked up."""
    parts = (part for each in fingerprints for part in (each.headings, each.sampled) if len(part))
    hashes = np.concatenate([np.asarray(part, np.int64) for part in parts] or [NO_ENTRIES.hashes])
    headings = np.array([len(each.headings) for each in fingerprints], np.int64)
    sizes = headings + np.array([len(each.sampled) for each in fingerprints], np.int64)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    order = np.argsort(hashes)
    ordered = hashes[order]
    places = np.empty(len(order), np.int64)
    places[order] = np.cumsum(np.append(False, ordered[1:] != ordered[:-1])[: len(order)])
    return Asked(
        hashes=hashes,
        owners=np.repeat(np.arange(len(sizes)), sizes),
        heading=np.arange(len(hashes)) - starts < np.repeat(headings, sizes),
        sizes=sizes,
        lengths=np.array([each.shingle_count for each in fingerprints], np.int64),
        distinct=distinct(ordered),
        places=places,
    )


class Answer(NamedTuple):
    """What the index has of asked texts: the entries found, and the shingles that have CROWDED
    texts, sorted. Entries of texts that have too little in common may be missing."""

    entries: Entries
    crowded: Hashes


class Hits(NamedTuple):
    """How many shingles of a text (`owners`) each text of the index has in common with it, and how
    many of them are crowded."""

    owners: Hashes
    texts: Hashes
    hits: Hashes
    crowded: Hashes


def likely(asked: Asked, answer: Answer) -> list[Likely]:
    """Give for each text the articles likely to carry it, with the containment that its sample
    shows; 0 for those that share its headings alone."""
    found: list[Likely] = [{} for _ in asked.sizes]
    if asked.heading.any():
        siblings = _hits(asked, asked.heading, answer)
        for owner, text in _chosen(siblings, siblings.hits >= LIKELY_HEADINGS):
            found[owner][text] = 0.0
    common = _hits(asked, ~asked.heading, answer)
    scores = containments(common.hits, asked.lengths[common.owners], length_of(common.texts))
    chosen = are_likely(common.hits, common.crowded, scores)
    for (owner, article), score in zip(
        _chosen(common, chosen), scores[chosen].tolist(), strict=True
    ):
        # Of an edited article's texts the likelier one.
        found[owner][article] = max(score, found[owner].get(article, 0.0))
    return found


def containments(hits: Hashes, lengths: Hashes, others: Hashes) -> NDArray[np.float64]:
    """Estimate from shared samples how much of the shorter text the longer has.

    Of two samples only what lies below the sparser one's threshold is comparable."""
    shorter = np.minimum(lengths, others)
    sparser = levels(np.maximum(lengths, others))
    estimates: NDArray[np.float64] = hits / np.maximum(1.0, shorter / 2.0**sparser)
    return estimates


def are_likely(
    hits: NDArray[Any], crowded: NDArray[Any], scores: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Whether texts have enough in common: shared shingles, how many of them are crowded, and the
    containment that all of them show."""
    rare = hits - crowded
    chosen = (hits >= LIKELY_SHINGLES) & (scores >= LIKELY_CROWDED)
    chosen |= (rare >= LIKELY_SHINGLES) & (scores * rare >= LIKELY * hits)
    return chosen


def _hits(asked: Asked, which: NDArray[np.bool_], answer: Answer) -> Hits:
    """Count what the chosen shingles have in common with the index's texts."""
    entries, places = answer.entries, asked.places[which]
    starts, counts = (part[places] for part in entries.ranges(asked.distinct))
    full = among(asked.distinct, answer.crowded)[places]
    ends = np.cumsum(counts)
    hits = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
    # Texts by their rank, so that a text and its owner are one number, which is sorted faster.
    texts, ranks = np.unique(entries.texts, return_inverse=True)
    keys = np.repeat(asked.owners[which], counts) * max(1, len(texts)) + ranks[hits]
    order = np.argsort(keys)
    keys = keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    groups = np.flatnonzero(first)
    crowded = np.repeat(full, counts)[order]
    owners, found = np.divmod(keys[groups], max(1, len(texts)))
    return Hits(
        owners=owners,
        texts=texts[found],
        hits=np.diff(groups, append=len(keys)),
        crowded=np.add.reduceat(crowded.astype(np.int64), groups) if len(groups) else groups,
    )


def _chosen(hits: Hits, chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    return zip(hits.owners[chosen].tolist(), article_of(hits.texts[chosen]).tolist(), strict=True)
