"""Judge the terms of topics one by one: by what they are done to, what stands near, and whether
the text denies what they say. Which topics the text is about is weighed in severity.py."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from seeds.match.denial import NEGATIONS, denied
from seeds.match.evidence import Evidence, Word
from seeds.match.rules import touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.severity import JudgedTerm, weigh
from seeds.match.term_rules import Need, TermRule, lexicon_of, term_rules
from seeds.match.texts import FieldText, Part
from seeds.models import Severity, Topic

_CLAUSE_END = re.compile(r"[,。;!?:\n]")
_PHRASE_END = re.compile(r"[,。;!?:\n对因被遭后时并而却就]")
# What nobody lent, so near a verb without an object of its own, is what it is done to, as far as
# nothing lent stands there (他家欠电费，电力公司多次上门催收).
_RIVAL_REACH = 40
# An object before its verb counts as farther away by as many characters: 欠电费的人催收贷款.
_BEFORE = 2
Found = tuple[FieldText, Hit, TermRule]
# Where watched platforms are named, by field: whoever is named there is a lender.
Lenders = Mapping[Part, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides about an occurrence: the words of its text, those of what gives the text its
    meaning (the title, for the body), and whether a platform is named near."""

    evidence: Evidence
    context: frozenset[int]
    lender: bool


class TopicJudge:
    """Judges by the rules of some topics. Build once, use for every article."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = topics
        self._lexicon = lexicon_of(topics)
        self._negations = self._lexicon.numbers(NEGATIONS)
        self.rules = term_rules(topics, self._lexicon)

    def judge(
        self, found: Iterable[Found], length: int, lenders: Lenders = MappingProxyType({})
    ) -> tuple[dict[str, Severity], list[JudgedTerm]]:
        """Decide the topics of a text of `length` folded characters from the terms found in it.

        `lenders` are the places where platforms are named. Gives each topic's severity, and
        every term with what was decided about it."""
        return weigh(self._topics, _without_repeats(self._judged(found, lenders)), length)

    def _judged(self, found: Iterable[Found], lenders: Lenders) -> list[JudgedTerm]:
        """Judge every occurrence; a text's words are looked for when its first term asks."""
        read: dict[str, Evidence] = {}
        said: dict[str, frozenset[int]] = {}
        judged = []
        for text, hit, rule in found:
            if text.field == "boilerplate":
                reason = "in the site's own lines, not in the article"
                judged.append(JudgedTerm(text, hit, rule, False, reason))
                continue
            if text.text not in read:
                read[text.text] = self._lexicon.read(text.text)
            if text.context not in said:
                said[text.context] = self._lexicon.read(text.context).numbers()
            around = Surroundings(
                read[text.text],
                said[text.context],
                _near_a_lender(hit, rule, lenders.get(text.part, ())),
            )
            judged.append(self._judge((text, hit, rule), around))
        return judged

    def _judge(self, found: Found, around: Surroundings) -> JudgedTerm:
        text, hit, rule = found
        evidence = around.evidence
        if touches_a_latin_word(text.text, hit.start, hit.end):
            return JudgedTerm(text, hit, rule, False, "part of a longer Latin word or number")
        against = self._against(hit, rule, evidence)
        if against is not None:
            return JudgedTerm(text, hit, rule, False, against)
        word = _object(text.text, hit, rule, evidence) if rule.takes_object else None
        against = self._unfit(word, hit, rule, around)
        if against is not None:
            return JudgedTerm(text, hit, rule, False, against)
        reason = f"{rule.severity} term"
        reason += f" with {self._lexicon.words[word.number]!r}" if word else ""
        if not all(_supported(hit, rule, needed, around) for needed in rule.needs):
            return JudgedTerm(text, hit, rule, False, "none of the words it needs is near")
        return self._counted(text, hit, rule, evidence, reason)

    def _counted(
        self, text: FieldText, hit: Hit, rule: TermRule, evidence: Evidence, reason: str
    ) -> JudgedTerm:
        severity = rule.severity
        if severity is not Severity.LOW:
            said = denied(text.text, hit.start, hit.end, evidence, self._negations)
            if said is not None:
                severity, reason = Severity.LOW, f"denied by {said!r}, counts as low"
        judged = JudgedTerm(text, hit, rule, True, reason, severity)
        if not judged.emphasised:
            return judged
        where = " in the title" if text.field == "title" else " in the lead"
        return JudgedTerm(text, hit, rule, True, reason + where, severity)

    def _against(self, hit: Hit, rule: TermRule, evidence: Evidence) -> str | None:
        """Say why an occurrence does not mean the topic, if it does not."""
        if rule.phrases:
            reach = 10
            for word in evidence.within(max(0, hit.start - reach), hit.end + reach, rule.phrases):
                if word.start <= hit.start and hit.end <= word.end:
                    return f"reads like {self._lexicon.words[word.number]!r}"
        if rule.unless:
            first, last = max(0, hit.start - rule.near), hit.end + rule.near
            for word in evidence.within(first, last, rule.unless):
                return f"reads like {self._lexicon.words[word.number]!r}"
        return None

    def _unfit(
        self, word: Word | None, hit: Hit, rule: TermRule, around: Surroundings
    ) -> str | None:
        """Say why what a term is done to makes it another thing, if it does."""
        if not rule.takes_object:
            return None
        if word is None and not rule.bare:
            return "nothing it is done to is near"
        if word is not None and word.number in rule.not_objects:
            return f"done to {self._lexicon.words[word.number]!r}"
        undecided = word is None or word.number in rule.undecided
        decided = around.lender or not undecided
        rival = None if decided else self._rival(hit, rule, around.evidence)
        return f"done to {rival!r}, nothing lent is near" if rival else None

    def _rival(self, hit: Hit, rule: TermRule, evidence: Evidence) -> str | None:
        """Give what else the term may be done to, when nothing that is lent stands near."""
        around = max(0, hit.start - _RIVAL_REACH), hit.end + _RIVAL_REACH
        if not rule.lent or next(evidence.within(*around, rule.lent), None) is not None:
            return None
        said = next(evidence.within(*around, rule.rivals), None)
        return self._lexicon.words[said.number] if said else None


def _supported(hit: Hit, rule: TermRule, needed: Need, around: Surroundings) -> bool:
    """Tell whether a word that a term needs stands near, or in what gives the text its meaning."""
    if (needed.lender and around.lender) or not needed.words.isdisjoint(around.context):
        return True
    first, last = max(0, hit.start - rule.near), hit.end + rule.near
    return any(
        not (hit.start <= word.start and word.end <= hit.end)
        for word in around.evidence.within(first, last, needed.words)
    )


def _near_a_lender(hit: Hit, rule: TermRule, places: Sequence[int]) -> bool:
    """Tell whether a platform is named near the term."""
    first = bisect_left(places, hit.start - rule.near)
    return first < len(places) and places[first] <= hit.end + rule.near


def _object(text: str, hit: Hit, rule: TermRule, evidence: Evidence) -> Word | None:
    """Give what the term is done to: the nearest of its objects in the clause.

    A word in a longer one is no object (还款 in 还款额度)."""
    first, last = max(0, hit.start - rule.reach - 6), hit.end + rule.reach + 6
    words = [
        word
        for word in evidence.within(first, last, rule.objects | rule.not_objects)
        if word.end <= hit.start or word.start >= hit.end
    ]
    best, least = None, rule.reach + 1
    for word in words:
        away = _away(text, hit, word, rule)
        if away < least and not any(_holds(other, word) for other in words):
            best, least = word, away
    return best


def _away(text: str, hit: Hit, word: Word, rule: TermRule) -> int:
    """Give how far an object stands from its verb; beyond reach where another clause begins.

    What is nobody's debt has to belong to the verb: no word between them may begin something
    else (催收不当|对该行罚款)."""
    before = word.end <= hit.start
    start, end = (word.end, hit.start) if before else (hit.end, word.start)
    ends = _PHRASE_END if word.number in rule.not_objects else _CLAUSE_END
    if ends.search(text, start, end):
        return rule.reach + 1
    return end - start + (_BEFORE if before else 0)


def _holds(longer: Word, word: Word) -> bool:
    return (
        longer.start <= word.start
        and word.end <= longer.end
        and longer.end - longer.start > word.end - word.start
    )


def _without_repeats(judged: list[JudgedTerm]) -> list[JudgedTerm]:
    """Drop terms that lie within a longer term of the same topic and severity (催收 in 催收员)."""
    longest: dict[tuple[Part, str, Severity, int], int] = {}
    for each in judged:
        if each.counted:
            for place in range(each.hit.start, each.hit.end):
                key = (each.text.part, each.rule.owner, each.rule.severity, place)
                longest[key] = max(longest.get(key, 0), each.hit.end - each.hit.start)
    return [
        each
        for each in judged
        if longest.get((each.text.part, each.rule.owner, each.rule.severity, each.hit.start), 0)
        <= each.hit.end - each.hit.start
    ]
