"""Tell which of the passages that two texts share changed places. Pure."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

# Passages with at most so many words between them in both texts moved, if at all, together.
NEAR = 40


class Passage(Protocol):
    """What stands in both texts, as ranges of words."""

    @property
    def older(self) -> int: ...  # noqa: D102

    @property
    def older_end(self) -> int: ...  # noqa: D102

    @property
    def newer(self) -> int: ...  # noqa: D102

    @property
    def newer_end(self) -> int: ...  # noqa: D102


def moved(found: Sequence[Passage]) -> list[bool]:
    """Tell for each passage, in the order of the newer text, whether it changed its place: as few
    words as possible did."""
    runs = _runs(found)
    weights = [sum(each.newer_end - each.newer for each in run) for run in runs]
    kept = _heaviest_rising([run[0].older for run in runs], weights)
    return [place not in kept for place, run in enumerate(runs) for _ in run]


def _runs(found: Sequence[Passage]) -> list[list[Passage]]:
    """Passages that follow one another closely in both texts."""
    runs = [[found[0]]] if found else []
    for one, other in pairwise(found):
        if 0 <= other.older - one.older_end <= NEAR and other.newer - one.newer_end <= NEAR:
            runs[-1].append(other)
        else:
            runs.append([other])
    return runs


def _heaviest_rising(keys: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The places of the rising subsequence of `keys` with the greatest total weight.

    By a Fenwick tree of the best so far up to each key: n log n."""
    ranks = {key: rank for rank, key in enumerate(sorted(keys), 1)}
    tree = [(0, -1)] * (len(keys) + 1)
    before: list[int] = []
    for place, key in enumerate(keys):
        total, last = _best(tree, ranks[key])
        before.append(last)
        at = ranks[key]
        while at < len(tree):
            tree[at] = max(tree[at], (total + weights[place], place))
            at += at & -at
    kept: set[int] = set()
    place = _best(tree, len(keys))[1]
    while place >= 0:
        kept.add(place)
        place = before[place]
    return kept


def _best(tree: Sequence[tuple[int, int]], rank: int) -> tuple[int, int]:
    """The greatest total up to a rank, and where it ends."""
    best = (0, -1)
    while rank > 0:
        best = max(best, tree[rank])
        rank -= rank & -rank
    return best
