"""What a copy states otherwise than every known text of its story, or in addition. Pure.

Sentence by sentence, because copies move them: one that stands in a known text tells nothing, one
that is like a known one is compared with it word by word, and what is like none was added. Facts
are amounts, dates, numbers, names, negation; wording states nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from monitor.changes.additions import added_facts
from monitor.changes.diff import Version
from monitor.changes.pairs import Compared, Difference, compare_sentences
from monitor.changes.sentences import Told, read_told, stands_in
from monitor.changes.sides import Side
from monitor.changes.stated import stated
from monitor.changes.tokens import Fact, tokens
from seeds.fold import fold_text

# A sentence is the same sentence, reworded, from this likeness up (monitor/stories/alignment.py).
SAME_SENTENCE = 45
# Of the known sentences nearly as like as the likest, the one that leaves the fewest facts to tell.
NEARLY = 12
CANDIDATES = 4
# Programs that replace one word in twenty leave a different wording in 2 % of a text's words, and
# lost characters as much; a person who changes a fact changes little else.
REWORDED = 0.008
REWORDED_AT_LEAST = 3
# A heading is short; its words are the same words from here up.
SAME_HEADING = 75
# Told of one copy: a mail shows some, an event keeps these.
MOST_FACTS = 20
# What is shown of the text before and behind a fact, in words.
AROUND = 24

ORDER = (Fact.AMOUNT, Fact.DATE, Fact.NUMBER, Fact.NEGATION, Fact.NAME)


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact a copy alters or adds, as both texts write it.

    `kind` is amount, date, number, negation or name. `before` is empty for a fact that was added,
    `after` for a negation that was taken away. `known_passage` and `passage` are what stands
    around it in the known text and in the copy; `known` is the place of that text among those
    compared, None when the fact was added."""

    kind: str
    before: str
    after: str
    known_passage: str
    passage: str
    known: int | None


def facts_changed(copy: Version, known: Sequence[Version]) -> tuple[FactChange, ...]:
    """The facts of `copy` that none of the `known` texts of its story tells, amounts first.

    Empty for a copy that only lacks text, or has other words, another script, annotations,
    advertisements, furniture. Relative days (昨日) and units that are left out alter nothing."""
    names = {name: platform for text in (*known, copy) for name, platform in text.names.items()}
    texts = [read_told(each, names) for each in known]
    told = read_told(copy, names)
    changes = [*_in_titles(told, texts, names), *_in_headings(told, texts, names)]
    changes += _in_prose(told, texts)
    unique = {(each.kind, each.before, each.after): each for each in changes}
    order = [each.value for each in ORDER]
    ordered = sorted(unique.values(), key=lambda each: order.index(each.kind))
    return tuple(ordered[:MOST_FACTS])


def _in_prose(copy: Told, known: Sequence[Told]) -> list[FactChange]:
    unknown = [
        sentence
        for sentence in range(len(copy.spans))
        if not any(stands_in(copy, sentence, each) for each in known)
    ]
    if not unknown:
        return []
    paired: list[tuple[int, Compared]] = []
    added: list[int] = []
    for sentence, near in _nearest(copy, unknown, known):
        if near:
            paired.append(_compared(copy, sentence, known, near))
        else:
            added.append(sentence)
    few = max(REWORDED_AT_LEAST, REWORDED * len(copy.side.tokens))
    losing = len({each for _, compared in paired for each in compared.lost}) > few
    reworded = losing or len({each for _, found in paired for each in found.replaced}) > few
    changes = [
        _change(copy, known[place].side, difference, place)
        for place, compared in paired
        for difference in compared.facts
        if not (reworded and difference.fragile) and not (losing and difference.dropped)
    ]
    additions = added_facts(copy, added, known)
    return changes + [_change(copy, None, each, None) for each in additions]


Near = list[tuple[int, int]]  # text, sentence


def _nearest(copy: Told, sentences: Sequence[int], known: Sequence[Told]) -> list[tuple[int, Near]]:
    """For each of the copy's sentences the known ones that it may have been made from."""
    places = [(text, each) for text, told in enumerate(known) for each in range(len(told.spans))]
    if not places:
        return [(sentence, []) for sentence in sentences]
    likeness = np.asarray(
        process.cdist(
            [copy.words[each] for each in sentences],
            [known[text].words[each] for text, each in places],
            scorer=fuzz.ratio,
            score_cutoff=SAME_SENTENCE,
        )
    )
    found: list[tuple[int, Near]] = []
    for row, sentence in enumerate(sentences):
        likest = np.argsort(-likeness[row], kind="stable")[:CANDIDATES]
        enough = max(float(SAME_SENTENCE), likeness[row][likest[0]] - NEARLY)
        found.append((sentence, [places[each] for each in likest if likeness[row][each] >= enough]))
    return found


def _compared(copy: Told, sentence: int, known: Sequence[Told], near: Near) -> tuple[int, Compared]:
    figures = [each for told in known for each in told.figures]
    compared = [
        (text, compare_sentences(known[text], each, copy, sentence, figures)) for text, each in near
    ]
    return min(compared, key=lambda each: (len(each[1].facts), len(each[1].replaced)))


def _in_titles(copy: Told, known: Sequence[Told], names: dict[str, str]) -> list[FactChange]:
    """Amounts and platforms in a title that no known text has. Other numbers, and dates, belong to
    the site: 三个要点, 2025最新."""
    figures = [each for told in known for each in told.figures]
    there = {name for told in known for name in told.names}
    return [
        FactChange(
            each.fact.value, "", copy.title[each.start : each.end], known[0].title, copy.title, 0
        )
        for each in tokens(copy.title, names, ())
        if (each.fact is Fact.AMOUNT and not stated(each, figures))
        or (each.fact is Fact.NAME and each.key not in there)
    ]


def _in_headings(copy: Told, known: Sequence[Told], names: dict[str, str]) -> list[FactChange]:
    """Amounts altered in a heading; one that is like none is another article's, linked to."""
    figures = [each for told in known for each in told.figures]
    theirs = [(place, line) for place, told in enumerate(known) for line in told.headings]
    changes = []
    for line in copy.headings:
        found = [
            each
            for each in tokens(fold_text(line), names, ())
            if each.fact is Fact.AMOUNT and not stated(each, figures)
        ]
        near = found and process.extractOne(
            line, [each for _, each in theirs], scorer=fuzz.ratio, score_cutoff=SAME_HEADING
        )
        if near:
            place, heading = theirs[near[2]]
            written = fold_text(line)[found[0].start : found[0].end]
            changes.append(FactChange(Fact.AMOUNT.value, "", written, heading, line, place))
    return changes


def _change(copy: Told, known: Side | None, found: Difference, place: int | None) -> FactChange:
    return FactChange(
        kind=found.kind.value,
        before=found.before,
        after=found.after,
        known_passage=_passage(known, found.known_at) if known is not None else "",
        passage=_passage(copy.side, found.copy_at),
        known=place,
    )


def _passage(side: Side, at: tuple[int, int]) -> str:
    """The sentence around some tokens, or as much of it as is told."""
    first, last = at
    for start, end in side.sentences():
        if start <= first < end or start < last <= end:
            cut = max(start, first - AROUND), min(end, last + AROUND)
            before, behind = "…" * (cut[0] > start), "…" * (cut[1] < end)
            return f"{before}{side.quote(*cut)}{behind}"
    return ""
