"""Judge the terms of topics one by one: by what they are done to, what stands near, and whether
the text denies what they say. Which topics the text is about is weighed in severity.py."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from seeds.match.denial import NEGATIONS, denied
from seeds.match.evidence import Evidence, Word
from seeds.match.rules import touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.severity import JudgedTerm, weigh
from seeds.match.term_rules import TermRule, lexicon_of, term_rules
from seeds.match.texts import FieldText, Part
from seeds.models import Severity, Topic

_CLAUSE_END = re.compile(r"[,。;!?:\n]")
_PHRASE_END = re.compile(r"[,。;!?:\n对因被遭后时并而却就]")
# Bills, books and taxes fall due and are given back, too: these words do not say which debt.
_UNDECIDED = (
    "逾期",
    "欠了",
    "欠着",
    "欠下",
    "拖欠",
    "未还",
    "没还",
    "不还",
    "违约",
    "还款",
    "归还",
    "还清",
    "结清",
    "还上",
    "偿还",
    "清偿",
    "还我",
    "债",
)
# Paid for what collectors did, as often as collected.
_PENALTIES = ("罚款", "赔款", "赔偿", "补偿款")
# What nobody lent, so near a verb without an object of its own, is what it is done to, as far as
# nothing lent stands there (他家欠电费，电力公司多次上门催收).
_RIVAL_REACH = 40
# An object before its verb counts as farther away by as many characters: 欠电费的人催收贷款.
_BEFORE = 2
Found = tuple[FieldText, Hit, TermRule]
# Where watched platforms are named, by field: whoever is named there is a lender.
Lenders = Mapping[Part, Sequence[int]]


class TopicJudge:
    """Judges by the rules of some topics. Build once, use for every article."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = topics
        self._lexicon = lexicon_of(topics)
        self._negations = self._lexicon.numbers(NEGATIONS)
        self._undecided = self._lexicon.known(_UNDECIDED)
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
        judged = []
        for text, hit, rule in found:
            if text.field == "boilerplate":
                reason = "in the site's own lines, not in the article"
                judged.append(JudgedTerm(text, hit, rule, False, reason))
                continue
            if text.text not in read:
                read[text.text] = self._lexicon.read(text.text)
            lender = _near_a_lender(hit, rule, lenders.get(text.part, ()))
            judged.append(self._judge((text, hit, rule), read[text.text], lender=lender))
        return judged

    def _judge(self, found: Found, evidence: Evidence, *, lender: bool) -> JudgedTerm:
        text, hit, rule = found
        if touches_a_latin_word(text.text, hit.start, hit.end):
            return JudgedTerm(text, hit, rule, False, "part of a longer Latin word or number")
        against = self._against(hit, rule, evidence)
        if against is not None:
            return JudgedTerm(text, hit, rule, False, against)
        word = _object(text.text, hit, rule, evidence) if rule.takes_object else None
        against = self._unfit(word, hit, rule, evidence, lender=lender)
        if against is not None:
            return JudgedTerm(text, hit, rule, False, against)
        reason = f"{rule.severity} term"
        reason += f" with {self._lexicon.words[word.number]!r}" if word else ""
        supported = lender and rule.lender
        if rule.needs and not supported and not self._supported(text, hit, rule, evidence):
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
        self, word: Word | None, hit: Hit, rule: TermRule, evidence: Evidence, *, lender: bool
    ) -> str | None:
        """Say why what a term is done to makes it another thing, if it does."""
        if not rule.takes_object:
            return None
        if word is None and not rule.bare:
            return "nothing it is done to is near"
        if word is not None and word.number in rule.not_objects:
            return f"done to {self._lexicon.words[word.number]!r}"
        undecided = word is None or word.number in self._undecided
        rival = self._rival(hit, rule, evidence) if undecided and not lender else None
        return f"done to {rival!r}, nothing lent is near" if rival else None

    def _rival(self, hit: Hit, rule: TermRule, evidence: Evidence) -> str | None:
        """Give what else the term may be done to, when nothing that is lent stands near."""
        around = max(0, hit.start - _RIVAL_REACH), hit.end + _RIVAL_REACH
        lent = (rule.objects or rule.needs) - self._undecided
        if not lent or next(evidence.within(*around, lent), None) is not None:
            return None
        said = (
            self._lexicon.words[each.number] for each in evidence.within(*around, rule.not_objects)
        )
        return next((word for word in said if len(word) > 1 and word not in _PENALTIES), None)

    def _supported(self, text: FieldText, hit: Hit, rule: TermRule, evidence: Evidence) -> bool:
        """Tell whether a word that the term needs stands near, or in what gives it its meaning."""
        first, last = max(0, hit.start - rule.near), hit.end + rule.near
        for word in evidence.within(first, last, rule.needs):
            if not (hit.start <= word.start and word.end <= hit.end):
                return True
        words = self._lexicon.words
        return bool(text.context) and any(words[number] in text.context for number in rule.needs)


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
