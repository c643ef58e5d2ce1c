"""Line two token lists up and cut the differences into typed segments. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

from monitor.changes.proper_names import name_at
from monitor.changes.sides import Side
from monitor.changes.tokens import Fact, Token

# Equal words between two differences, up to so many, are an accident inside one reworded passage.
BRIDGE = 2
# A run of words that only one version has is told as a passage from here up.
PASSAGE = 14
# A passage replaced by another of which less than this is left is one removed and one added.
SAME_PASSAGE = 0.34
# What differs of a name is hardly longer.
LONGEST_NAME = 6

_CORRECTION = re.compile(
    r"更正|勘误|訂正|订正|編者按|编者按|编者注|編者註|修正声明|此前报道有误|原文有误"
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One difference: `old` and `new` quote the originals, either may be empty; `lead_in` is
    what stands before it. `longest` is the length in words of its longer side."""

    kinds: tuple[str, ...]
    old: str
    new: str
    lead_in: str
    longest: int
    where: Literal["title", "text"]


Run = tuple[int, int, int, int]  # old from, old to, new from, new to


def segments(old: Side, new: Side, where: Literal["title", "text"]) -> list[Segment]:
    """Tell every difference between two versions, in the new one's order."""
    return [
        Segment(
            kinds=_kinds(old, new, run, where),
            old=old.quote(run[0], run[1]),
            new=new.quote(run[2], run[3]),
            lead_in=new.quote(max(0, run[2] - 4), run[2]),
            longest=_longest(run),
            where=where,
        )
        for run in runs([each.key for each in old.tokens], [each.key for each in new.tokens])
        if old.written(*run[:2]) != new.written(*run[2:])
    ]


def _longest(run: Run) -> int:
    return max(run[1] - run[0], run[3] - run[2])


def runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """Give the runs in which two lists of tokens' keys differ, in order; runs with hardly anything
    equal between them are one."""
    current: Run | None = None
    for opcode in Indel.opcodes(old, new):
        if opcode.tag == "equal":
            continue
        run = (opcode.src_start, opcode.src_end, opcode.dest_start, opcode.dest_end)
        if current is None:
            current = run
        elif run[0] - current[1] <= BRIDGE and _touching(current, run):
            current = (current[0], run[1], current[2], run[3])
        else:
            yield from _split(current, old, new)
            current = run
    if current is not None:
        yield from _split(current, old, new)


def _touching(one: Run, other: Run) -> bool:
    """Two replaced pieces belong together; a far insertion beside a deletion does too, when
    nothing equal is between them."""
    between = other[0] - one[1]
    changed = (one[1] - one[0]) + (one[3] - one[2]) + (other[1] - other[0]) + (other[3] - other[2])
    return between == 0 or changed > 2 * between


def _split(run: Run, old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """A passage that became an entirely different one is a removal and an addition."""
    removed, added = old[run[0] : run[1]], new[run[2] : run[3]]
    if min(len(removed), len(added)) >= PASSAGE and (
        Indel.normalized_similarity(removed, added) < SAME_PASSAGE
    ):
        yield run[0], run[1], run[2], run[2]
        yield run[1], run[1], run[2], run[3]
    else:
        yield run


def _kinds(old: Side, new: Side, run: Run, where: str) -> tuple[str, ...]:
    removed, added = old.tokens[run[0] : run[1]], new.tokens[run[2] : run[3]]
    kinds: list[str] = []
    if _CORRECTION.search(new.quote(run[2], run[3])):
        kinds.append("correction")
    if len(added) >= PASSAGE and not removed:
        kinds.append("paragraph-added")
    if len(removed) >= PASSAGE and not added:
        kinds.append("paragraph-removed")
    kinds += facts_changed(removed, added)
    if not kinds and _renamed(old, new, run):
        kinds.append(Fact.NAME)
    if not kinds:
        kinds.append(Fact.WORDING)
    if where == "title":
        kinds.append("title")
    return tuple(kinds)


def _renamed(old: Side, new: Side, run: Run) -> bool:
    """Whether another person's, firm's or place's name stands in a name's place."""
    if not (run[0] < run[1] and run[2] < run[3] and _longest(run) <= LONGEST_NAME):
        return False
    before = name_at(old.folded, old.tokens[run[0]].start, old.tokens[run[1] - 1].end)
    after = name_at(new.folded, new.tokens[run[2]].start, new.tokens[run[3] - 1].end)
    # A name in full and a part of it are one name.
    return bool(before and after and before not in after and after not in before)


def facts_changed(removed: Sequence[Token], added: Sequence[Token]) -> list[str]:
    """The kinds of facts that not both sides state, or not alike, the most telling first."""
    ours = Counter((each.fact, each.key) for each in removed if each.fact is not Fact.WORDING)
    theirs = Counter((each.fact, each.key) for each in added if each.fact is not Fact.WORDING)
    if ours == theirs:
        return []
    changed = {fact for fact, _ in (*(ours - theirs), *(theirs - ours))}
    return [fact.value for fact in Fact if fact in changed]
