"""Judge the terms of topics one by one: by what they are done to, what stands near, and whether
the text denies what they say. Which topics the text is about, and how severe, is weighed in
severity.py; how severe a short text is, is read from its wording, too (gravity.py)."""

import re
from collections.abc import Sequence

from seeds.match.denial import LATER, NEGATIONS, Denials, denied
from seeds.match.evidence import Evidence, Word
from seeds.match.gravity import regraded
from seeds.match.passages import reread
from seeds.match.rules import touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.severity import JudgedTerm, distance, place_of, raise_to, rejection, weigh
from seeds.match.surroundings import Lenders, Reader, Surroundings, Words
from seeds.match.term_rules import TermRule, Use, lexicon_of, term_rules, uses_of, worded
from seeds.match.texts import LEAD, FieldText
from seeds.models import Severity, Topic

_CLAUSE_END = re.compile(r"[,。;!?:\n]")
# A verb after the term begins something else, too: 催收|冒充快递.
_PHRASE_END = re.compile(
    r"[,。;!?:\n对因被遭后时并而却就]|冒充|假冒|假扮|装成|自称|打电话|打给|打来|说|联系|跑到|堵"
)
# What nobody lent, so near a verb without an object of its own, is what it is done to, as far as
# nothing lent stands there (他家欠电费，电力公司多次上门催收).
_RIVAL_REACH = 40
# An object before its verb counts as farther away by as many characters: 欠电费的人催收贷款.
_BEFORE = 2
# No phrase of `unless` goes on farther beside its term, and few objects stand farther away.
_CLOSE = 16
_LACKING = "none of the words it needs is near"
Found = tuple[FieldText, Hit, Sequence[Use]]


class TopicJudge:
    """Judges by the rules of some topics. Build once, use for every article."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = topics
        self._lexicon = lexicon_of(topics)
        self.words = self._lexicon.words
        self._denials = Denials(
            *(self._lexicon.listed(self._lexicon.numbers(each)) for each in (NEGATIONS, LATER))
        )
        self._worded = [known for each in topics if (known := worded(each, self._lexicon))]
        self.uses = uses_of(term_rules(topics, self._lexicon))

    def judge(
        self, found: Sequence[Found], body: FieldText, length: int, words: Words, lenders: Lenders
    ) -> tuple[dict[str, Severity], list[JudgedTerm]]:
        """Decide the topics of a text of `length` folded characters from the terms found in it.

        `body` is asked how it is worded where it is short and has no term.
        `words` are where those of `self.words` stand, by number, `lenders` where platforms are
        named. Gives each topic's severity, and
        every term with what was decided about it."""
        read = Reader(self._lexicon, words, lenders)
        telling = [
            self._judge(text, hit, use, read)
            for text, hit, uses in found
            for use in uses
            if not use.aggravates
        ]
        for topic in self._worded:
            telling = reread(topic, telling, body, read)
        graver = self._graver(found, telling, read)
        severities, weighed = weigh(self._topics, _without_repeats(telling + graver), length)
        for topic in self._worded:
            severities, weighed = regraded(topic, severities, weighed, body, read)
        return severities, weighed

    def _graver(
        self, found: Sequence[Found], telling: Sequence[JudgedTerm], read: Reader
    ) -> list[JudgedTerm]:
        """Judge the terms that make a topic graver, the gravest first, as far as they still can."""
        reached: dict[str, Severity] = {}
        places: dict[str, list[int]] = {}
        for each in telling:
            if each.counted:
                raise_to(reached, each)
                places.setdefault(each.rule.owner, []).append(each.place)
        for listed in places.values():
            listed.sort()
        judged = []
        aggravating = [
            (text, hit, use) for text, hit, uses in found for use in uses if use.aggravates
        ]
        for text, hit, use in sorted(aggravating, key=lambda each: -each[2].rank):
            owner, near = use.owner, use.near
            away = distance(place_of(text, hit), places.get(owner, ()))
            graver: list[TermRule] = []
            if away <= near and use.rank > reached[owner].rank:
                known = reached[owner].rank
                graver = [
                    rule for rule in use.rules if away <= rule.near and rule.severity.rank > known
                ]
            if graver:
                term = self._judge(text, hit, use._replace(rules=tuple(graver)), read)
                if term.counted:
                    raise_to(reached, term)
            else:
                reason = f"no graver than what else counts for {owner}"
                reason = reason if away <= near else f"no term of {owner} is near"
                term = rejection(text, hit, use.rules[0], reason)
            judged.append(term)
        return judged

    def _judge(self, text: FieldText, hit: Hit, use: Use, read: Reader) -> JudgedTerm:
        """Judge one occurrence: by the first rule that lets it count, if one does."""
        rules = use.rules
        if text.part in ("site", "boilerplate"):
            reason = "in the site's own lines, not in the article"
            return rejection(text, hit, rules[0], reason)
        # Only what is spelled in letters begins or ends in them where its term does not.
        if (use.latin or hit.spelled) and touches_a_latin_word(text.text, hit.start, hit.end):
            return rejection(text, hit, rules[0], "part of a longer Latin word or number")
        around = read.around(text)
        # The first of the rules that do not hold.
        lacking, rejected = None, None
        for rule in rules:
            if rule.needs and not _supported(hit, rule, around):
                if lacking is None and rejected is None:
                    lacking = rule
                continue
            judged = self._judge_by(text, hit, rule, around)
            if judged.counted:
                return judged
            # What it means instead tells more than what it lacks.
            if rejected is None or (judged.another and not rejected.another):
                rejected = judged
        if rejected and (rejected.another or not lacking):
            return rejected
        return rejection(text, hit, lacking or rules[0], _LACKING)

    def _judge_by(
        self, text: FieldText, hit: Hit, rule: TermRule, around: Surroundings
    ) -> JudgedTerm:
        """Judge an occurrence that has what a rule needs near."""
        evidence = around.evidence
        # Few texts have any of what may speak against a term.
        against = self._against(hit, rule, evidence) if evidence.anywhere & rule.against else None
        if against is not None:
            return rejection(text, hit, rule, against, another=True)
        word = None
        if rule.either.bit:
            if evidence.anywhere & rule.either.bit:
                word = _object(text.text, hit, rule, evidence)
            against = self._unfit(word, hit, rule, around)
            if against is not None:
                another = rule.bare or word is not None
                return rejection(text, hit, rule, against, another=another)
        reason = f"{rule.said} with {self._lexicon.words[word.number]!r}" if word else rule.said
        return self._counted(text, hit, rule, evidence, reason)

    def _counted(
        self, text: FieldText, hit: Hit, rule: TermRule, evidence: Evidence, reason: str
    ) -> JudgedTerm:
        severity = rule.severity
        if severity is not Severity.LOW:
            said = denied(text.text, hit.start, hit.end, evidence, self._denials)
            if said is not None:
                severity, reason = Severity.LOW, f"denied by {said!r}, counts as low"
        if text.part == "title":
            reason += " in the title"
        elif hit.start < LEAD:
            reason += " in the lead"
        return JudgedTerm(text, hit, rule, True, reason, severity)

    def _against(self, hit: Hit, rule: TermRule, evidence: Evidence) -> str | None:
        """Say why an occurrence does not mean the topic, if it does not."""
        if evidence.anywhere & rule.phrases.bit:
            first, last = max(0, hit.start - _CLOSE), hit.end + _CLOSE
            for word in evidence.within(first, last, rule.phrases):
                if word.start <= hit.start and hit.end <= word.end:
                    return f"reads like {self._lexicon.words[word.number]!r}"
        unless = rule.unless
        if evidence.anywhere & unless.bit and evidence.has(
            unless.numbers, hit.start, hit.end, rule.near
        ):
            first, last = max(0, hit.start - rule.near), hit.end + rule.near
            word = evidence.within(first, last, unless)[0]
            return f"reads like {self._lexicon.words[word.number]!r}"
        return None

    def _unfit(
        self, word: Word | None, hit: Hit, rule: TermRule, around: Surroundings
    ) -> str | None:
        """Say why what a term is done to makes it another thing, if it does."""
        if word is None and not rule.bare:
            return "nothing it is done to is near"
        if word is not None and word.number in rule.not_objects:
            return f"done to {self._lexicon.words[word.number]!r}"
        undecided = word is None or word.number in rule.undecided
        if not undecided or around.lender_near(hit.start, hit.end, rule.near):
            return None
        rival = self._rival(hit, rule, around.evidence)
        return f"done to {rival!r}, nothing lent is near" if rival else None

    def _rival(self, hit: Hit, rule: TermRule, evidence: Evidence) -> str | None:
        """Give what else the term may be done to, when nothing that is lent stands near."""
        first, last = max(0, hit.start - _RIVAL_REACH), hit.end + _RIVAL_REACH
        if not (rule.lent and evidence.begins(rule.rivals, first, last)):
            return None
        where = hit.start, hit.end, _RIVAL_REACH
        if evidence.has(rule.lent.numbers, *where) or not evidence.has(rule.rivals.numbers, *where):
            return None
        return self._lexicon.words[evidence.within(first, last, rule.rivals)[0].number]


def _supported(hit: Hit, rule: TermRule, around: Surroundings) -> bool:
    """Tell whether a word of each list that a term needs stands near, or in what gives the text
    its meaning."""
    evidence, context, anywhere, _ = around
    # Few texts have all that a rule needs anywhere: no place has to be asked for what is lacking.
    if rule.required & ~anywhere:
        return False
    start, end = hit.start, hit.end
    for need in rule.needs:
        bit = need.bit
        if context & bit or (anywhere & bit and evidence.has(need.numbers, start, end, rule.near)):
            continue
        if not (need.lender and around.lender_near(start, end, rule.near)):
            return False
    return True


def _object(text: str, hit: Hit, rule: TermRule, evidence: Evidence) -> Word | None:
    """Give what the term is done to: the nearest of its objects in the clause.

    A word in a longer one is no object (还款 in 还款额度)."""
    reach = max(rule.reach + 6, _CLOSE)
    words = [
        word
        for word in evidence.within(max(0, hit.start - reach), hit.end + reach, rule.either)
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
    """Drop terms that lie within a longer one of the same topic, if that one says as much (催收 in
    催收员) or means another thing (讨 in 讨债, where that is about goods)."""
    # Only where terms begin is it asked what else stands there, whichever the field.
    begin = {each.hit.start for each in judged}
    telling: dict[int, list[JudgedTerm]] = {}
    for each in judged:
        if each.counted or (each.another and not each.rule.aggravates):
            for place in range(each.hit.start, each.hit.end):
                if place in begin:
                    telling.setdefault(place, []).append(each)
    kept = []
    for each in judged:
        others = telling.get(each.hit.start, ())
        alone = not others or (len(others) == 1 and others[0] is each)
        if alone or not _repeated(each, others):
            kept.append(each)
    return kept


def _repeated(term: JudgedTerm, telling: Sequence[JudgedTerm]) -> bool:
    """Tell whether a longer one of the terms at its place says as much, or another thing."""
    length = term.hit.end - term.hit.start
    for other in telling:
        if (
            other.hit.end - other.hit.start > length
            and other.text.part == term.text.part
            and other.rule.owner == term.rule.owner
            and (not other.counted or other.rule.severity is term.rule.severity)
        ):
            return True
    return False
