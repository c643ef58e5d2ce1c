"""Where two lists of tokens differ. Pure."""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Indel

from monitor.changes.sides import Run

# Equal words between two differences, up to so many, are an accident inside one reworded passage.
BRIDGE = 2
# A run of words that only one version has is told as a passage from here up.
PASSAGE = 14
# A passage replaced by another of which less than this is left is one removed and one added.
SAME_PASSAGE = 0.34


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
    return between == 0 or changed >= 2 * between


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
