"""Texts told anew from end to end: whether every claim is made in both, wherever it stands. Pure.

Sentences were joined, split, put in another order or in another paragraph, so none has its own
counterpart. So clauses are compared: each with those of the other version that speak of the same,
and what it states, denies, hedges or says of somebody has to stand there too. What cannot be
found is taken for changed, unless all measures together (estimate.py) make that unlikely."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

from monitor.changes.clauses import Clause, Feature, clauses_of, said_in
from monitor.changes.estimate import claims_otherwise
from monitor.changes.exchanged import figures_exchanged, subjects_exchanged
from monitor.changes.passages import Passage, is_a_clause, sentences_of
from monitor.changes.polarity import DENYING, unhedged
from monitor.changes.proper_names import is_one_name
from monitor.changes.retold import bounds_lost, facts_lost
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.stated import FIGURES
from monitor.changes.wording import EMPTY, NOT_WORDS, covered

# So many clauses are compared with one another; longer texts are told passage by passage.
MOST = 120
# What a clause says may be said in so many others.
SPREAD = 3
# Clauses that share nearly as much as the best one speak of the same.
NEXT_BEST = 0.8
# So much of what a clause says is said there; of one that states nothing but words, or is short
# and states nothing, less. Judgements, made with tests/looks.jsonl.
COVERED, WORDS_COVERED, SHORT = 0.5, 0.34, 5
# What a figure is said of stands so far before it.
NEAR = 14

_VALUE = re.compile(r"[\d.]+")
_DENYING = re.compile(rf"{DENYING.pattern}|不(?![过仅但只光止少断同])")
_AHEAD = re.compile(r"将(?!近)|拟")
# What happened behind the clause before it.
_THEN = re.compile(r"随后|此后|之后|其后|然后|接着|后来|继而|随即")
# Who says it to whom, and no more.
_REPORTING = re.compile(
    r"\w{0,12}(?:告诉|[对向跟]).{0,3}记者\w{0,4}|据\w{1,12}(?:介绍|说|称|表示|透露|统计|了解)"
    r"|.{0,4}记者.{0,6}(?:了解到|获悉|注意到|发现)"
)
# Who says or does it.
_SUBJECT = re.compile(
    r"(?!接下来|下一步|未来|今后|往后|此后|届时|目前|现在)(\w{2,16}?)(?:表示|说|称|认为|指出|回应|辩称|透露|坦言|建议|强调|提醒|呼吁|承认|否认|将|会|已|须|应)"
)

_Seen = Counter[Feature]


def is_told_anew(old: Side, new: Side, parts: Sequence[Passage], telling: AbstractSet[Run]) -> bool:
    """Whether two versions, of which runs seem telling, claim the same wherever they differ.

    A word in a sentence that stayed as it was is judged by itself; a clause that was put in or left
    out may be said elsewhere."""
    for each in parts:
        stayed = _is_matched(each) and not each.is_rewritten()
        if stayed and any(not is_a_clause(run) for run in telling & set(each.runs)):
            return False
    sides = (old, new)
    ours, theirs = (
        clauses_of(side, spans) for side, spans in zip(sides, sentences_of(parts), strict=True)
    )
    if not (telling and ours and theirs) or max(len(ours), len(theirs)) > MOST:
        return False
    if not (ours[-1].sentence or theirs[-1].sentence):
        return False  # one sentence is a passage, and was weighed
    if any(
        figures_exchanged(old, new, each) or subjects_exchanged(old, new, each)
        for each in parts
        if _is_matched(each)
    ):
        return False
    tokens = [token for each in ours for token in each.tokens]
    others = [token for each in theirs for token in each.tokens]
    if facts_lost(sides, (tokens, others), loosely=True) or bounds_lost(
        _joined(ours), _joined(theirs)
    ):
        return False
    seen: _Seen = Counter(each for clause in (*ours, *theirs) for each in clause.speaks)
    return not _exchanged(ours, theirs, seen) and (
        (_is_claimed(ours, theirs, seen) and _is_claimed(theirs, ours, seen))
        or not claims_otherwise(old, new, parts, telling)
    )


def _is_matched(passage: Passage) -> bool:
    """Whether a passage has sentences of both versions."""
    return passage.old[0] < passage.old[1] and passage.new[0] < passage.new[1]


def _joined(clauses: Sequence[Clause]) -> Place:
    text = "\n".join(each.text for each in clauses)
    return text, 0, len(text)


def _weight(features: Iterable[Feature], seen: _Seen) -> float:
    """What is said in every other clause tells little of which one is meant."""
    return sum(1 / max(1, seen[each]) for each in features)


def _counterparts(clause: Clause, there: Sequence[Clause], seen: _Seen) -> list[Clause]:
    """The few clauses that have most of what a clause speaks of, the best first."""
    scored = [(_weight(clause.speaks & each.speaks, seen), -each.place) for each in there]
    return [there[-place] for score, place in sorted(scored, reverse=True)[:SPREAD] if score > 0]


def _alike(clause: Clause, best: Sequence[Clause], seen: _Seen) -> list[Clause]:
    scores = [_weight(clause.speaks & each.speaks, seen) for each in best]
    least = NEXT_BEST * max(scores, default=0)
    return [each for each, score in zip(best, scores, strict=True) if score >= least]


def _is_claimed(here: Sequence[Clause], there: Sequence[Clause], seen: _Seen) -> bool:
    """Whether the other version claims all that one claims."""
    left = {each.place: max(each.denials, len(_DENYING.findall(each.text))) for each in there}
    before: list[Clause] = []
    for clause in here:
        best = _counterparts(clause, there, seen)
        if not _is_covered(clause, best):
            return False
        alike = _alike(clause, best, seen)
        sentences = {each.sentence for each in alike}
        around = [each for each in there if each.sentence in sentences]
        if alike and (
            (clause.denials and not _is_denied(alike, left))
            or _is_hedged_otherwise(clause, alike)
            or _takes_sides(clause, alike)
            or _is_anothers(clause, around)
            or (before and _is_earlier(clause, alike, before[0]))
        ):
            return False
        before = best
    return True


def _is_covered(clause: Clause, best: Sequence[Clause]) -> bool:
    """Whether what a clause speaks of is spoken of in its counterparts."""
    # Who says it and figures are asked for by themselves.
    if _REPORTING.fullmatch(clause.text) or not clause.said:
        return True
    if len(clause.said) < SHORT and not clause.claims:
        return True
    said, known = covered(clause.text, _joined(best)[0])
    return known >= (COVERED if clause.claims else WORDS_COVERED) * said


def _is_denied(alike: Sequence[Clause], left: dict[int, int]) -> bool:
    """Whether a counterpart denies something that no other clause did."""
    for each in alike:
        if left[each.place]:
            left[each.place] -= 1
            return True
    return False


def _is_hedged_otherwise(clause: Clause, alike: Sequence[Clause]) -> bool:
    """Whether what a clause calls possible or to come is a fact, or done, in its counterparts."""
    told = _joined(alike)[0]
    if _AHEAD.search(clause.text) and "已" in told and not _AHEAD.search(told):
        return True
    return unhedged(clause.tokens, [token for each in alike for token in each.tokens])


def _takes_sides(clause: Clause, alike: Sequence[Clause]) -> bool:
    """Whether a clause claims one of two things that exclude each other, and its counterparts the
    other: 同意, 反对. What is denied of one may be said with the other."""
    others = frozenset[tuple[int, int]]().union(*(each.sides for each in alike))
    against = {family for family, _ in clause.sides - others} & {family for family, _ in others}
    return bool(against) and {each.denials for each in alike} == {clause.denials}


def _is_anothers(clause: Clause, around: Sequence[Clause]) -> bool:
    """Whether what somebody said or did is said of somebody else."""
    written = _joined(around)[0]
    names = frozenset[str]().union(*(each.names for each in around))
    if clause.names and names:
        known = (is_one_name(one, other) for one in clause.names for other in names)
        if not any(known) and not any(each in written for each in clause.names):
            return True
    subject = _SUBJECT.match(clause.text)
    if subject is None or not any(_SUBJECT.match(each.text) for each in around):
        return False
    told = set(EMPTY.sub("", NOT_WORDS.sub("", subject[1])))
    return 2 * len(told & set(written)) < len(told)


def _is_earlier(clause: Clause, alike: Sequence[Clause], before: Clause) -> bool:
    """Whether what happened behind another thing is told before it."""
    return _THEN.match(clause.text) is not None and before.place > max(each.place for each in alike)


def _exchanged(ours: Sequence[Clause], theirs: Sequence[Clause], seen: _Seen) -> bool:
    """Whether two figures of a kind are said of each other's subjects."""
    before, after = _subjects(ours), _subjects(theirs)
    for one, other in combinations(sorted(before.keys() & after.keys()), 2):
        if _VALUE.sub("", one) == _VALUE.sub("", other):
            own = before[one] & after[one], before[other] & after[other]
            crossed = before[one] & after[other], before[other] & after[one]
            if sum(_weight(each, seen) for each in crossed) > sum(
                _weight(each, seen) for each in own
            ):
                return True
    return False


def _subjects(clauses: Sequence[Clause]) -> dict[str, frozenset[Feature]]:
    """What stands before each figure that is told once, up to another, in its sentence."""
    found: dict[str, frozenset[Feature]] = {}
    twice: set[str] = set()
    sentence, before = -1, ""
    for clause in clauses:
        if clause.sentence != sentence:
            sentence, before = clause.sentence, ""
        for each in clause.tokens:
            if each.fact not in FIGURES:
                before += each.key
                continue
            if each.key in found:
                twice.add(each.key)
            found[each.key], before = said_in(before[-NEAR:]), ""
    return {figure: said for figure, said in found.items() if figure not in twice}
