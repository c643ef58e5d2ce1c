"""What is new in an article, against the sentences its platforms' earlier stories had. Pure.

A sentence is known when earlier sentences have its words and it tells no fact they lack; or when
it stands in stories about many platforms; or when it has no content. Of what is left, the verdict
asks whether anything of it can be checked: prose by other hands without a figure, a day, a
person, a place, a quotation or an event is the old story in new words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.stories.checkable import AMOUNT
from monitor.stories.statements import Statement, hashed
from seeds.farm import FarmLikelihood
from seeds.farm.phrases import filler_count

# So much of a sentence's pairs of characters stand in earlier sentences, and its words are known.
# The dev half of tests/novelty_cases.py comes out right from .5 to .65; from .7 up reworded
# sentences are taken for new.
WORDS_KNOWN = 0.6
# An earlier sentence takes part in the comparison from this share of a sentence's pairs up.
TAKES_PART = 0.2
# From here up two sentences are one, and one denial more or less is a fact told otherwise.
SAME = 0.75
# Stories about so many other platforms make a sentence everybody's.
EVERYBODYS = 3
# Filler phrases in one sentence from which it has no content, when it tells no fact either.
FILLER = 2
SHORT = 20  # of a sentence this short, one
# So many soft facts (events, a voice of its own) stand for a hard one; in a farm's text none do,
# and one figure is what farms put in to look like news.
SOFT_ENOUGH = 2
FARM_ENOUGH = 2
# A page less likely a farm's than this names sources, or is too short to tell. Of 592 real articles
# 32 have no fact; this leaves 18 of them, advice and lists, and lets the news among them be.
NOT_REPORTED = 0.1
_DENIAL = -1  # stands for a denial among hashes of facts, which are never negative
# From this share of new text up an article is new and not partly so.
NEW_SHARE = 0.75


class Standing(StrEnum):
    """What one sentence is to those before it."""

    NEW = "new"
    KNOWN = "known"
    EVERYBODYS = "everybody's"
    EMPTY = "empty"


class Verdict(StrEnum):
    """What an article brings. The values are stored and shown as JSON."""

    NEW = "new"
    PARTLY = "partly"
    RECYCLED = "recycled"


class Ground(StrEnum):
    """Why the verdict is what it is. The values are stored and shown as JSON."""

    FIRST = "first"  # nothing earlier to compare with
    NEW_FACTS = "new-facts"
    NEW_TEXT = "new-text"  # new sentences, some of them told before or hardly to be checked
    ALL_KNOWN = "all-known"
    NOTHING_CHECKABLE = "nothing-checkable"


@dataclass(frozen=True, slots=True)
class Earlier:
    """One known sentence: its article, pairs of characters, facts (hashed), whether it tells of an
    event, how much it denies."""

    article_id: int
    pairs: frozenset[int]
    facts: frozenset[int]
    soft: bool
    negations: int


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier stories have of an article.

    `sentences` are, for each of its sentences by number, the earlier ones that may be it; `facts`
    the hashes of its facts that were told before, anywhere; `spread` how many other platforms its
    sentences' gists and facts stand with. `any` tells whether there is anything earlier at all."""

    any: bool = False
    sentences: Mapping[int, Sequence[Earlier]] = field(default_factory=dict)
    facts: frozenset[int] = frozenset()
    spread: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence judged. `of_article_id` is the earlier article that most of it is known from;
    `new_facts` are the facts in it that no earlier story told, or told otherwise."""

    statement: Statement
    standing: Standing
    of_article_id: int | None
    new_facts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Novelty:
    """What is new in an article. `share` is that of new sentences by length, 0 to 1; `of_article_id`
    the earlier article that most is known from, None when none is."""

    verdict: Verdict
    ground: Ground
    share: float
    of_article_id: int | None
    sentences: tuple[Sentence, ...]

    @property
    def new(self) -> tuple[Sentence, ...]:
        """The new sentences, in the article's order."""
        return tuple(each for each in self.sentences if each.standing is Standing.NEW)


def judge(article: Sequence[Statement], known: Known, farm: FarmLikelihood) -> Novelty:
    """Judge an article's sentences against what is `known`; `farm` is how likely its page is a
    content farm's."""
    sentences = tuple(
        _judged(statement, known.sentences.get(number, ()), known)
        for number, statement in enumerate(article)
    )
    total = sum(each.statement.length for each in sentences)
    new = [each for each in sentences if each.standing is Standing.NEW]
    share = round(sum(each.statement.length for each in new) / total, 4) if total else 0.0
    verdict, ground = _verdict(new, share, known, farm)
    return Novelty(verdict, ground, share, _source(sentences), sentences)


def _verdict(
    new: Sequence[Sentence], share: float, known: Known, farm: FarmLikelihood
) -> tuple[Verdict, Ground]:
    if not known.any:
        return Verdict.NEW, Ground.FIRST
    if not new:
        return Verdict.RECYCLED, Ground.ALL_KNOWN
    hard = sum(map(_weight, new))
    if _is_evergreen(new, hard, farm):
        return Verdict.RECYCLED, Ground.NOTHING_CHECKABLE
    verdict = Verdict.NEW if share >= NEW_SHARE else Verdict.PARTLY
    return verdict, Ground.NEW_FACTS if hard else Ground.NEW_TEXT


def _weight(sentence: Sentence) -> int:
    """How much a new sentence's new facts count: an amount is what farms have not got."""
    amounts = (each for each in sentence.statement.told.hard if each.startswith(AMOUNT))
    stated = sentence.new_facts & frozenset(map(hashed, amounts))
    return len(sentence.new_facts) + len(stated)


def _is_evergreen(new: Sequence[Sentence], hard: int, farm: FarmLikelihood) -> bool:
    """Whether nothing that is new can be checked, on a page that looks like nobody's report."""
    if farm.likely:
        return hard < FARM_ENOUGH
    soft = sum(each.statement.told.soft for each in new)
    return not hard and soft < SOFT_ENOUGH and farm.score >= NOT_REPORTED


def _judged(statement: Statement, earlier: Sequence[Earlier], known: Known) -> Sentence:
    facts = statement.facts
    taking_part = [
        (len(statement.pairs & each.pairs) / max(1, len(statement.pairs)), each) for each in earlier
    ]
    taking_part = [pair for pair in taking_part if pair[0] >= TAKES_PART]
    best_share, best = max(taking_part, key=lambda pair: pair[0], default=(0.0, None))
    if best is not None:
        words = frozenset().union(*(each.pairs for _, each in taking_part))
        seen = frozenset().union(*(each.facts for _, each in taking_part))
        share = len(statement.pairs & words) / len(statement.pairs)
        if share >= WORDS_KNOWN:
            # Another day of an event is another event; by itself a day is only a renewed one.
            otherwise = (facts | statement.days if best.soft else facts) - seen
            if _denies(statement, best_share, best, taking_part):
                otherwise |= {_DENIAL}
            standing = Standing.NEW if otherwise else Standing.KNOWN
            return Sentence(statement, standing, best.article_id, otherwise)
    if _is_everybodys(statement, known.spread):
        return Sentence(statement, Standing.EVERYBODYS, None)
    if _is_empty(statement):
        return Sentence(statement, Standing.EMPTY, None)
    return Sentence(statement, Standing.NEW, None, facts - known.facts)


def _denies(
    statement: Statement,
    share: float,
    best: Earlier,
    taking_part: Sequence[tuple[float, Earlier]],
) -> bool:
    """Whether a sentence of known words denies what they state, or states what they deny."""
    own = statement.told.negations
    if own and not any(each.negations for _, each in taking_part):
        return True
    alike = min(share, share * len(statement.pairs) / max(1, len(best.pairs)))
    return alike >= SAME and (own - best.negations) % 2 == 1


def _is_everybodys(statement: Statement, spread: Mapping[int, int]) -> bool:
    """Whether many platforms' stories have the sentence's main clause, and each fact in it."""
    return all(spread.get(each, 0) >= EVERYBODYS for each in (statement.gist, *statement.facts))


def _is_empty(statement: Statement) -> bool:
    """Whether a sentence only leads from one to another, or sums up: 本文将从多个角度…"""
    if statement.told.hard or statement.told.soft:
        return False
    needed = 1 if statement.length <= SHORT else FILLER
    return filler_count(statement.folded) >= needed


def _source(sentences: Sequence[Sentence]) -> int | None:
    weights: dict[int, int] = {}
    for each in sentences:
        if each.of_article_id is not None:
            weights[each.of_article_id] = weights.get(each.of_article_id, 0) + each.statement.length
    return max(weights, key=lambda each: (weights[each], -each), default=None)
