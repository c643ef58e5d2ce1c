"""What one sentence states otherwise than another that it was made from. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from monitor.changes.proper_names import name_at
from monitor.changes.runs import runs
from monitor.changes.sentences import Told
from monitor.changes.sides import Run, Side
from monitor.changes.stated import FIGURES, stated, weighty
from monitor.changes.tokens import Fact, Token

# A replaced passage longer than a clause or two is another passage, not a fact altered.
LONGEST_REPLACED = 12
# What a negation takes with it when it comes or goes: 没有采纳 → 采纳了.
LONGEST_NEGATED = 5
# A name is hardly longer, and what differs of it is less.
LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact of a copy that the known sentence has not, or has otherwise.

    `kind` is one of amount, date, number, name, negation. `before` is empty for what was added.
    `fragile` ones are also what a program makes that replaces words; `dropped` ones what is left
    when either text lost characters. `known_at` and `copy_at` are the tokens of both sides' passages."""

    kind: Fact
    before: str
    after: str
    known_at: tuple[int, int]
    copy_at: tuple[int, int]
    fragile: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs between two sentences: facts, words (old, new) that were replaced by others,
    and words that only one of them has, between words that both have."""

    facts: tuple[Difference, ...]
    replaced: frozenset[tuple[str, str]]
    lost: frozenset[str]


def compare_sentences(
    known: Told, sentence: int, copy: Told, its_sentence: int, told: Collection[Token]
) -> Compared:
    """Compare sentence by sentence. `told` are the figures that any known text has."""
    old_first, old_last = known.spans[sentence]
    new_first, new_last = copy.spans[its_sentence]
    old, new = known.side, copy.side
    facts: list[Difference] = []
    replaced: set[tuple[str, str]] = set()
    lost: set[str] = set()
    keys = (
        [each.key for each in old.tokens[old_first:old_last]],
        [each.key for each in new.tokens[new_first:new_last]],
    )
    for run in runs(*keys):
        here = (
            run[0] + old_first,
            run[1] + old_first,
            run[2] + new_first,
            run[3] + new_first,
        )
        found = list(_facts(old, new, here, told, known.names))
        facts += found
        if found:
            continue
        words = old.written(*here[:2]), new.written(*here[2:])
        if all(words):
            replaced.add(words)
        elif here[0] > old_first and here[1] < old_last:
            # At its ends a sentence differs because it was cut elsewhere (a heading before it).
            lost.add("".join(words))
    return Compared(tuple(facts), frozenset(replaced), frozenset(lost))


def _facts(
    old: Side, new: Side, run: Run, told: Collection[Token], names: Collection[str]
) -> Iterator[Difference]:
    removed, added = old.tokens[run[0] : run[1]], new.tokens[run[2] : run[3]]
    yield from _figures(old, new, run, told)
    ours, theirs = _of(removed, Fact.NAME), _of(added, Fact.NAME)
    fresh = [each for each in theirs if each.key not in {known.key for known in ours}]
    if fresh and (ours or fresh[0].key not in names):
        # A name in place of words that are none may be one that had been garbled.
        garbled = bool(removed) and not ours
        yield _difference(Fact.NAME, old, new, run, (ours, fresh), fragile=garbled)
    length = max(run[1] - run[0], run[3] - run[2])
    denied, denies = _keys(removed, Fact.NEGATION), _keys(added, Fact.NEGATION)
    if length <= LONGEST_NEGATED and bool(denied - denies) != bool(denies - denied):
        whole = removed, added
        yield _difference(Fact.NEGATION, old, new, run, whole, fragile=True)
    elif removed and added and length <= LONGEST_NAME and not (ours or theirs):
        yield from _renamed(old, new, run)


def _figures(old: Side, new: Side, run: Run, told: Collection[Token]) -> Iterator[Difference]:
    removed = [each for each in old.tokens[run[0] : run[1]] if each.fact in FIGURES]
    added = [each for each in new.tokens[run[2] : run[3]] if each.fact in FIGURES]
    fresh = [each for each in added if not stated(each, removed)]
    gone = [each for each in removed if not stated(each, added)]
    if old.written(*run[:2]) == new.written(*run[2:]):
        return  # X50 5G and X505G, and a line that ended within a figure
    altered: list[Token] = []
    if max(run[1] - run[0], run[3] - run[2]) <= LONGEST_REPLACED:
        for kind, theirs in _by_kind(gone, fresh):
            altered += theirs
            before = [each for each in gone if each.fact is kind] or gone
            yield _difference(theirs[0].fact, old, new, run, (before, theirs))
    for each in fresh:
        if each not in altered and weighty(each) and not stated(each, told):
            yield _difference(each.fact, old, new, run, ((), (each,)))


def _by_kind(gone: Sequence[Token], fresh: Sequence[Token]) -> Iterator[tuple[Fact, list[Token]]]:
    """The figures that stand in others' place: of their own kind where there are such."""
    kinds = {each.fact for each in gone}
    alike = [each for each in fresh if each.fact in kinds]
    if gone and fresh and not alike and not any("%" in each.key for each in (*gone, *fresh)):
        yield fresh[0].fact, list(fresh)
    for kind in sorted({each.fact for each in alike}):
        yield kind, [each for each in alike if each.fact is kind]


def _renamed(old: Side, new: Side, run: Run) -> Iterator[Difference]:
    """A word replaced within a name of a person, a firm or a place."""
    if any(each.fact is not Fact.WORDING for each in (*old.tokens[run[0] : run[1]],)):
        return
    before = name_at(old.folded, old.tokens[run[0]].start, old.tokens[run[1] - 1].end)
    after = name_at(new.folded, new.tokens[run[2]].start, new.tokens[run[3] - 1].end)
    # A name in full and a part of it, or the same with a blank in it, are one name.
    if before and after and before not in after and after not in before:
        yield Difference(Fact.NAME, before, after, run[:2], run[2:], fragile=True)


def _difference(
    kind: Fact,
    old: Side,
    new: Side,
    run: Run,
    tokens: tuple[Sequence[Token], Sequence[Token]],
    *,
    fragile: bool = False,
) -> Difference:
    removed, added = tokens
    texts = old.written(*run[:2]), new.written(*run[2:])
    return Difference(
        kind,
        _quoted(old, removed),
        _quoted(new, added),
        run[:2],
        run[2:],
        fragile=fragile,
        dropped=_subsequence(*texts) or _subsequence(*reversed(texts)),
    )


def _quoted(side: Side, tokens: Sequence[Token]) -> str:
    if not tokens:
        return ""
    return side.original[side.offsets[tokens[0].start] : side.offsets[tokens[-1].end]]


def _of(tokens: Sequence[Token], fact: Fact) -> list[Token]:
    return [each for each in tokens if each.fact is fact]


def _keys(tokens: Sequence[Token], fact: Fact) -> set[str]:
    return {each.key for each in _of(tokens, fact)}


def _subsequence(short: str, long: str) -> bool:
    """Whether `short` is what is left of `long` when characters are lost."""
    rest = iter(long)
    return all(each in rest for each in short)
