"""Passages told anew: whether what they claim was kept, however they are worded. Pure.

A rewritten sentence differs from the old one in many places, and none of them says anything by
itself: a figure goes from one place to another, a denial is made with another verb. So the whole
is compared: its figures, dates and names, its hedges and denials, and what it speaks of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.changes.polarity import denials_kept, hedges_kept
from monitor.changes.said import facts_changed
from monitor.changes.senses import Place, bounds_of, marks_of, sides_taken
from monitor.changes.sides import Run, Side
from monitor.changes.stated import FIGURES, weighty
from monitor.changes.synonyms import groups_of, words_in
from monitor.changes.tokens import Fact, Token
from monitor.changes.wording import covered

# A passage is told anew when so much of its fuller side differs, or in so many places.
REWRITTEN, PLACES = 0.3, 3
# Figures, dates and names are the same in any order; hedges and denials are compared by what they
# are about.
_STATED = frozenset({Fact.AMOUNT, Fact.DATE, Fact.NUMBER, Fact.NAME, Fact.TOPIC})
# A clause of so much content, of which less than this is in the other version, says something else.
CLAUSE, COVERED = 5, 0.34
# Goes without saying: (今年)上半年.
_THIS_YEAR = frozenset({"今年", "本年", "年内"})
_CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of both versions that belong together, as ranges of tokens, and the runs in which
    they differ."""

    old: tuple[int, int]
    new: tuple[int, int]
    runs: tuple[Run, ...]

    def is_rewritten(self) -> bool:
        """Whether more than a word here and there differs."""
        if len(self.runs) == 1 and (_is_empty(self.runs[0][:2]) or _is_empty(self.runs[0][2:])):
            return False
        gone = sum(each[1] - each[0] for each in self.runs)
        come = sum(each[3] - each[2] for each in self.runs)
        length = max(self.old[1] - self.old[0], self.new[1] - self.new[0])
        return len(self.runs) >= PLACES or max(gone, come) >= REWRITTEN * length


def _is_empty(span: tuple[int, int]) -> bool:
    return span[0] == span[1]


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
        here = Passage(touched[0], touched[1], (run,))
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


def is_kept(old: Side, new: Side, passage: Passage, day: date | None) -> bool:
    """Whether a rewritten passage claims what it did."""
    ours, theirs = old.tokens[slice(*passage.old)], new.tokens[slice(*passage.new)]
    if not ours or not theirs or _facts_lost(ours, theirs, (old, new), day):
        return False
    places = _place(old, *passage.old), _place(new, *passage.new)
    texts = [text[start:end] for text, start, end in places]
    return (
        not _bounds_lost(*places)
        and not _sides_changed(*places)
        and hedges_kept(ours, theirs)
        and denials_kept(*texts)
        and not (_says_else(*texts) or _says_else(*reversed(texts)))
    )


def _sides_changed(old: Place, new: Place) -> bool:
    """Whether of two claims that exclude each other one passage has one, the other the other."""
    if marks_of(*old) != marks_of(*new):
        return True
    before, after = sides_taken(*old), sides_taken(*new)
    gone, come = before - after, after - before
    return bool({family for family, _ in gone} & {family for family, _ in come})


def _facts_lost(
    ours: Sequence[Token], theirs: Sequence[Token], sides: tuple[Side, Side], day: date | None
) -> bool:
    """Whether a figure, date or name of the passage is another; what the text tells elsewhere too
    may be left out and put in."""
    gone = _beyond(ours, theirs)
    come = _beyond(theirs, ours)
    changed = facts_changed(gone, come, day)
    if not changed:
        return False
    told = [{_key(each) for each in side.tokens if _tells(each)} for side in sides]
    left = [each for each in gone if _key(each) not in told[1]]
    fresh = [each for each in come if _key(each) not in told[0]]
    both = {each.fact for each in gone} & {each.fact for each in come}
    return bool(both) or bool(facts_changed(left, fresh, day))


def _beyond(tokens: Sequence[Token], others: Sequence[Token]) -> list[Token]:
    """What is stated, but not by the other side; said twice is said once."""
    there = set(map(_key, others))
    written = "".join(each.key for each in others)
    said = {group for _, word in words_in(written) for group in groups_of(word)}
    return [
        each
        for each in tokens
        if each.fact in _STATED
        and each.key not in _THIS_YEAR
        and _key(each) not in there
        and not (each.fact is Fact.TOPIC and groups_of(each.key) & said)
    ]


def _key(token: Token) -> tuple[Fact, str]:
    return token.fact, token.key


def _tells(token: Token) -> bool:
    """Whether a token states the same wherever it stands, unlike 两 and 一."""
    return token.fact not in FIGURES or weighty(token)


def _bounds_lost(old: Place, new: Place) -> bool:
    """Whether a figure that both tell is about, more or less than it was."""
    before, after = dict(bounds_of(*old)), dict(bounds_of(*new))
    return any(before[figure] != after[figure] for figure in before.keys() & after.keys())


def _place(side: Side, first: int, last: int) -> Place:
    return side.folded, side.tokens[first].start, side.tokens[last - 1].end


def _says_else(passage: str, other: str) -> bool:
    """Whether a clause speaks of what the other version does not."""
    return any(
        content >= CLAUSE and there < COVERED * content
        for content, there in (covered(each, other) for each in _CLAUSE_END.split(passage))
    )
