"""Which differences between two versions belong together: those of the same sentences. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.changes.sides import Run, Side

# A passage is told anew when so much of its fuller side differs, or in so many places.
REWRITTEN, PLACES = 0.3, 3
# One word replaced is no rewriting, however short its sentence.
A_WORD = 6
# Words put in or left out are so many, or a clause.
A_CLAUSE = 14

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of both versions that belong together, as ranges of tokens, and the runs in which
    they differ."""

    old: tuple[int, int]
    new: tuple[int, int]
    runs: tuple[Run, ...]

    def is_rewritten(self) -> bool:
        """Whether more than a word here and there differs."""
        if len(self.runs) == 1 and _is_a_word(self.runs[0]):
            return False
        gone = sum(each[1] - each[0] for each in self.runs)
        come = sum(each[3] - each[2] for each in self.runs)
        length = max(self.old[1] - self.old[0], self.new[1] - self.new[0])
        return len(self.runs) >= PLACES or max(gone, come) >= REWRITTEN * length


def _is_a_word(run: Run) -> bool:
    """Whether a word was put in, left out or replaced, and no more."""
    gone, come = run[1] - run[0], run[3] - run[2]
    return not (gone and come) or max(gone, come) <= A_WORD


def is_a_clause(run: Run) -> bool:
    """Whether more than a few words were put in or left out."""
    return max(run[1] - run[0], run[3] - run[2]) > A_CLAUSE and 0 in (
        run[1] - run[0],
        run[3] - run[2],
    )


def sentences_of(parts: Sequence[Passage]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The ranges of tokens of both versions that passages are made of, each once, in order."""
    old, new = {each.old for each in parts}, {each.new for each in parts}
    return sorted(each for each in old if each[0] < each[1]), sorted(
        each for each in new if each[0] < each[1]
    )


def passages(old: Side, new: Side, runs: Sequence[Run]) -> Iterator[Passage]:
    """Runs of one sentence, and of sentences that share one, as one passage."""
    spans = old.sentences(), new.sentences()
    current: Passage | None = None
    places = [0, 0]
    for run in runs:
        touched = []
        for side, (first, last) in enumerate((run[:2], run[2:])):
            while places[side] < len(spans[side]) and spans[side][places[side]][1] <= first:
                places[side] += 1
            touched.append(_touched(spans[side], places[side], first, last))
        here = Passage(*_with_what_stayed(touched, spans, places, run), (run,))
        if current is not None and (here.old[0] < current.old[1] or here.new[0] < current.new[1]):
            current = Passage(
                _both(current.old, here.old), _both(current.new, here.new), (*current.runs, run)
            )
        else:
            if current is not None:
                yield current
            current = here
    if current is not None:
        yield current


def _with_what_stayed(
    touched: Sequence[tuple[int, int]],
    spans: tuple[Spans, Spans],
    places: Sequence[int],
    run: Run,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The sentences of both versions; where a run went into a sentence that was joined with it, that
    one too."""
    sides = [*touched]
    for side, other in ((0, 1), (1, 0)):
        if _is_empty(touched[side]):
            begin, end = touched[other]
            at, first, last = run[2 * side], run[2 * other], run[2 * other + 1]
            if first - begin or end - last:
                near = at - 1 if end == last else at
                sides[side] = next(
                    (
                        each
                        for each in spans[side][max(0, places[side] - 1) :]
                        if each[0] <= near < each[1]
                    ),
                    touched[side],
                )
    return sides[0], sides[1]


def _touched(spans: Sequence[tuple[int, int]], at: int, first: int, last: int) -> tuple[int, int]:
    """The sentences that a run is in; where it is empty and between two, none."""
    if first == last and (at >= len(spans) or spans[at][0] == first):
        return first, first
    begin, end = spans[at][0], spans[at][1]
    while end < last:
        at += 1
        end = spans[at][1]
    return begin, end


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    filled = [each for each in (one, other) if each[0] < each[1]] or [one]
    return min(each[0] for each in filled), max(each[1] for each in filled)


def joined(parts: Sequence[Passage]) -> Iterator[Passage]:
    """Neighbours as one passage, where sentences left on one side and came on the other: a speech
    that is quoted now, before who says it."""
    for one, other in pairwise(parts):
        lonely = any(_is_empty(each) for each in (one.old, one.new, other.old, other.new))
        if lonely and one.old[1] >= other.old[0] and one.new[1] >= other.new[0]:
            yield Passage(
                _both(one.old, other.old), _both(one.new, other.new), one.runs + other.runs
            )


def _is_empty(span: tuple[int, int]) -> bool:
    return span[0] == span[1]
