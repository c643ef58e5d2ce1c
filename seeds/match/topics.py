"""Decide which topics a text is about, and how severe what it tells is.

Every counted term adds its group's weight, twice in the title and in the lead (news says first
what it is about; a short text is all lead). A text is about a topic when the sum reaches the
topic's threshold, which grows with the length of the text: a word in passing in a long article
is not its subject. The severity is that of the most severe group with a term that counted and
was not denied; a denial (从未暴力催收) is about the topic, at low severity."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from seeds.fold import search_key
from seeds.match.rules import NO_PHRASES, Phrases, Rule, touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.texts import LEAD, FieldText, Part
from seeds.models import Severity, TermGroup, Topic

_EMPHASIS = 2.0
# Up to an ordinary article's length the threshold is the topic's own; from there it grows, to
# at most twice as much, over as many characters again twice.
_ORDINARY_LENGTH = 1500
_DOUBLE_AFTER = 3000
# A negation in front, in the same clause, denies what follows.
_DENIED = re.compile(
    r"(?:从未|并未|未曾|没有|不存在|绝不|决不|绝无|严禁|禁止|不得(?!不)|杜绝|避免|防止|未发现|"
    r"不会|从不|否认|拒绝|不允许|不要)[^,。;!?\n]{0,8}$"
)
_DENIAL_REACH = 12
_RANKS = {severity: severity.rank for severity in Severity}


@dataclass(frozen=True, slots=True)
class TermRule(Rule):
    """A rule of a topic's term, with what it adds."""

    weight: float
    severity: Severity


@dataclass(frozen=True, slots=True)
class JudgedTerm:
    """An occurrence of a term in a field, what it adds, and why it counts or does not."""

    text: FieldText
    hit: Hit
    rule: TermRule
    counted: bool
    reason: str
    weight: float = 0.0
    severity: Severity = Severity.LOW


def term_rules(topics: Iterable[Topic]) -> list[TermRule]:
    """Make one rule for each term of each group."""
    return [
        _rule(topic.name, group, search_key(term))
        for topic in topics
        for group in topic.groups
        for term in group.terms
    ]


def _rule(topic: str, group: TermGroup, pattern: str) -> TermRule:
    return TermRule(
        pattern=pattern,
        owner=topic,
        needs=Phrases.about(pattern, group.needs),
        unless=Phrases.about(pattern, group.unless),
        counts_in=NO_PHRASES,
        near=group.near,
        weight=group.weight,
        severity=group.severity,
    )


def judge_terms(found: Iterable[tuple[FieldText, Hit, TermRule]]) -> list[JudgedTerm]:
    """Judge every occurrence by its rule and the words around it."""
    judged = (_judge(text, hit, rule) for text, hit, rule in found)
    return _without_repeats(list(judged))


def _judge(text: FieldText, hit: Hit, rule: TermRule) -> JudgedTerm:
    where = (text.text, hit.start, hit.end)
    if text.field == "boilerplate":
        return JudgedTerm(text, hit, rule, False, "in the site's own lines, not in the article")
    if touches_a_latin_word(*where):
        return JudgedTerm(text, hit, rule, False, "part of a longer Latin word or number")
    phrase = rule.rejected(*where)
    if phrase is not None:
        return JudgedTerm(text, hit, rule, False, f"reads like {phrase!r}")
    if rule.conditional and rule.supported(*where, text.context) is None:
        return JudgedTerm(text, hit, rule, False, "none of the words it needs is near")
    before = text.text[max(0, hit.start - _DENIAL_REACH) : hit.start]
    if rule.severity is not Severity.LOW and _DENIED.search(before):
        return _counted(text, hit, rule, Severity.LOW, "denied, counts as low")
    return _counted(text, hit, rule, rule.severity, f"{rule.severity} term")


def _counted(text: FieldText, hit: Hit, rule: TermRule, severity: Severity, why: str) -> JudgedTerm:
    emphasised = text.field == "title" or hit.start < LEAD
    weight = rule.weight * (_EMPHASIS if emphasised else 1.0)
    where = " in the title" if text.field == "title" else " in the lead" if emphasised else ""
    return JudgedTerm(text, hit, rule, True, f"{why}{where}", weight, severity)


def _without_repeats(judged: list[JudgedTerm]) -> list[JudgedTerm]:
    """Drop terms that lie within a longer term of the same topic and severity (催收 in 催收员)."""
    longest: dict[tuple[Part, str, Severity, int], int] = {}
    for each in judged:
        for place in range(each.hit.start, each.hit.end):
            key = (each.text.part, each.rule.owner, each.rule.severity, place)
            longest[key] = max(longest.get(key, 0), each.hit.end - each.hit.start)
    return [
        each
        for each in judged
        if longest[(each.text.part, each.rule.owner, each.rule.severity, each.hit.start)]
        == each.hit.end - each.hit.start
    ]


def weigh(
    topics: Sequence[Topic], judged: Sequence[JudgedTerm], length: int
) -> tuple[dict[str, Severity], list[JudgedTerm]]:
    """Decide the topics of a text of `length` folded characters from its judged terms.

    Terms of topics that stay below their threshold come back as not counted."""
    scores = _scores(judged)
    stretch = 1 + min(1.0, max(0, length - _ORDINARY_LENGTH) / _DOUBLE_AFTER)
    limits = {topic.name: topic.threshold * stretch for topic in topics}
    about = {name for name, score in scores.items() if score >= limits[name]}
    severities: dict[str, Severity] = {}
    for each in judged:
        if each.counted and each.rule.owner in about:
            known = severities.get(each.rule.owner, Severity.LOW)
            severities[each.rule.owner] = max(known, each.severity, key=_RANKS.__getitem__)
    settled = [
        each if each.rule.owner in about or not each.counted else _in_passing(each, scores, limits)
        for each in judged
    ]
    return severities, settled


def _scores(judged: Iterable[JudgedTerm]) -> Mapping[str, float]:
    """Sum the weights of each topic's counted terms."""
    scores: dict[str, float] = {}
    for each in judged:
        if each.counted:
            scores[each.rule.owner] = scores.get(each.rule.owner, 0.0) + each.weight
    return scores


def _in_passing(
    term: JudgedTerm, scores: Mapping[str, float], limits: Mapping[str, float]
) -> JudgedTerm:
    """Mark a term of a topic that the text is not about."""
    owner = term.rule.owner
    reason = f"in passing only ({scores[owner]:.1f} of {limits[owner]:.1f})"
    return replace(term, counted=False, reason=reason)
