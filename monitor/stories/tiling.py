"""Find what two sequences of words have in common, in whatever order it stands. Pure.

Greedy string tiling (Wise 1993), long stretches before short ones: unlike one edit script it sees
a moved paragraph as moved, and it costs about as much as the texts are long, whatever they hold."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Lengths in words (Han characters) that a common stretch has at least, in two rounds: what is
# surely the same passage takes its place before phrases that any two articles share may.
SEEDS = (24, 8)
# Of the older text every twelfth such stretch is remembered, every second of the short ones:
# what is found by one of them is followed to both of its ends. Remembering all took twice as long.
_STRIDES = (12, 2)
# Of a stretch that a text repeats, so many places are looked at.
_PLACES = 8


class Tile(NamedTuple):
    """`older[older:older + length]` is `newer[newer:newer + length]`."""

    older: int
    newer: int
    length: int

    @property
    def older_end(self) -> int:
        """Where it ends in the older text."""
        return self.older + self.length

    @property
    def newer_end(self) -> int:
        """Where it ends in the newer text."""
        return self.newer + self.length


def coded(*texts: Sequence[str]) -> list[str]:
    """Write each sequence of words with one character a word, the same for the same word."""
    codes: dict[str, str] = {}
    for text in texts:
        for word in text:
            if word not in codes:
                codes[word] = chr(0x10000 + len(codes))
    return ["".join(map(codes.__getitem__, text)) for text in texts]


def tiles(older: str, newer: str) -> list[Tile]:
    """Cover two coded texts with common stretches, in the order of the newer; no word of either is
    in two of them."""
    taken = bytearray(len(older)), bytearray(len(newer))
    found: list[Tile] = []
    for seed, stride in zip(SEEDS, _STRIDES, strict=True):
        found += _round(older, newer, taken, (seed, stride))
    return sorted(found, key=lambda each: each.newer)


def _round(
    older: str, newer: str, taken: tuple[bytearray, bytearray], step: tuple[int, int]
) -> Iterator[Tile]:
    """One round of tiles; `step` is the length of its seeds and how far apart they are."""
    seed, stride = step
    places = _places(older, taken[0], step)
    at, follow = 0, -1
    while at + seed <= len(newer):
        busy = taken[1].find(1, at, at + seed)
        if busy >= 0:
            at = taken[1].find(0, busy)
            if at < 0:
                return
            continue
        candidates = places.get(newer[at : at + seed], ())
        best = Tile(0, at, 0)
        for place in (follow, *candidates) if candidates else ():
            length = _alike(older, newer, taken, (place, at)) if place >= 0 else 0
            if length > best.length:
                best = Tile(place, at, length)
        if best.length < seed:
            at += 1
            follow = follow + 1 if follow >= 0 else -1
            continue
        best = _from_its_beginning(older, newer, taken, best, stride)
        taken[0][best.older : best.older_end] = b"\x01" * best.length
        taken[1][best.newer : best.newer_end] = b"\x01" * best.length
        yield best
        at, follow = best.newer_end, best.older_end


def _places(older: str, taken: bytearray, step: tuple[int, int]) -> dict[str, list[int]]:
    """Where stretches of free words begin, each the first few times."""
    seed, stride = step
    places: dict[str, list[int]] = {}
    for start in range(0, len(older) - seed + 1, stride):
        if not taken[start] and not taken[start + seed - 1]:
            there = places.setdefault(older[start : start + seed], [])
            if len(there) < _PLACES:
                there.append(start)
    return places


def _from_its_beginning(
    older: str, newer: str, taken: tuple[bytearray, bytearray], found: Tile, stride: int
) -> Tile:
    """A tile with the words before it that are the same and were skipped over."""
    older_start, newer_start = found.older, found.newer
    for _ in range(min(stride - 1, older_start, newer_start)):
        if (
            older[older_start - 1] != newer[newer_start - 1]
            or taken[0][older_start - 1]
            or taken[1][newer_start - 1]
        ):
            break
        older_start -= 1
        newer_start -= 1
    return Tile(older_start, newer_start, found.length + found.newer - newer_start)


def _alike(older: str, newer: str, taken: tuple[bytearray, bytearray], at: tuple[int, int]) -> int:
    """How many free words are the same from two places on; doubles its steps."""
    ends = [each.find(1, start) for each, start in zip(taken, at, strict=True)]
    room = min(
        (end if end >= 0 else len(text)) - start
        for end, text, start in zip(ends, (older, newer), at, strict=True)
    )
    length, step = 0, 64
    while length < room and step:
        step = min(step, room - length)
        here, there = at[0] + length, at[1] + length
        if older[here : here + step] == newer[there : there + step]:
            length += step
            step *= 2
        else:
            step //= 2
    return length
