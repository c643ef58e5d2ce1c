"""Weigh the judged terms: which topics a text is about, and how severe what it tells is.

Every counted term adds its group's weight, twice in the title and in the lead (news says first
what it is about; a short text is all lead). Elsewhere no sentence by itself is enough. A text is
about a topic when the sum reaches the topic's threshold, which grows with the length of the text:
a word in passing in a long article is not its subject. The severity is that of the most severe
term that counts and is not denied."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import inf
from typing import NamedTuple

from seeds.match.scanner import Hit
from seeds.match.term_rules import TermRule
from seeds.match.texts import LEAD, FieldText, Part
from seeds.models import Severity, Topic

_EMPHASIS = 2.0
# Up to an ordinary article's length the threshold is the topic's own; from there it grows, to
# at most twice as much, over as many characters again twice.
_ORDINARY_LENGTH = 1500
_DOUBLE_AFTER = 3000
# What one sentence outside of title and lead adds at most, as a part of the threshold: what is
# said once, further down, is said in passing.
_ONE_SENTENCE = 0.75
_LOW = Severity.LOW
_SENTENCE_END = re.compile(r"[。!?\n]")


class JudgedTerm(NamedTuple):
    """An occurrence of a term in a field, what it adds, and why it counts or does not; `another`
    when what stands there means another thing."""

    text: FieldText
    hit: Hit
    rule: TermRule
    counted: bool
    reason: str
    severity: Severity = Severity.LOW
    another: bool = False

    @property
    def emphasised(self) -> bool:
        """Whether it stands where a text says what it is about."""
        return self.text.part == "title" or self.hit.start < LEAD

    @property
    def place(self) -> int:
        """Where it stands; the title lies right before the body."""
        return place_of(self.text, self.hit)


# The `__new__` that NamedTuple writes takes twice as long, and most occurrences are rejected.
_term: Callable[[tuple[FieldText, Hit, TermRule, bool, str, Severity, bool]], JudgedTerm]
_term = partial(tuple.__new__, JudgedTerm)


def rejection(
    text: FieldText, hit: Hit, rule: TermRule, reason: str, *, another: bool = False
) -> JudgedTerm:
    """Make an occurrence one that does not count."""
    return _term((text, hit, rule, False, reason, _LOW, another))


def place_of(text: FieldText, hit: Hit) -> int:
    """Give where an occurrence stands in its article; the title lies right before the body."""
    return -1 if text.part == "title" else hit.start


def weigh(
    topics: Sequence[Topic], judged: Sequence[JudgedTerm], length: int
) -> tuple[dict[str, Severity], list[JudgedTerm]]:
    """Decide the topics of a text of `length` folded characters from its judged terms.

    Terms of topics that stay below their threshold come back as not counted."""
    stretch = 1 + min(1.0, max(0, length - _ORDINARY_LENGTH) / _DOUBLE_AFTER)
    limits = {topic.name: topic.threshold * stretch for topic in topics}
    counted = [each for each in judged if each.counted]
    scores = _scores((each for each in counted if not each.rule.aggravates), limits)
    about = {name for name, score in scores.items() if score >= limits[name]}
    settled = [
        each if not each.counted or each.rule.owner in about else _in_passing(each, scores, limits)
        for each in judged
    ]
    severities: dict[str, Severity] = {}
    for each in counted:
        if each.rule.owner in about:
            raise_to(severities, each)
    return severities, settled


def _scores(telling: Iterable[JudgedTerm], limits: Mapping[str, float]) -> dict[str, float]:
    """Sum the weights of each topic's counted terms."""
    scores: dict[str, float] = {}
    sentences: dict[tuple[str, int], float] = {}
    ends: dict[Part, list[int]] = {}
    for each in telling:
        owner, weight = each.rule.owner, each.rule.weight
        if each.emphasised:
            scores[owner] = scores.get(owner, 0.0) + weight * _EMPHASIS
            continue
        part = each.text.part
        if part not in ends:
            sentences_of = _SENTENCE_END.split(each.text.text)
            ends[part] = list(accumulate(len(sentence) + 1 for sentence in sentences_of))
        sentence = (owner, bisect_right(ends[part], each.hit.start))
        sentences[sentence] = sentences.get(sentence, 0.0) + weight
    for (owner, _), weight in sentences.items():
        scores[owner] = scores.get(owner, 0.0) + min(weight, limits[owner] * _ONE_SENTENCE)
    return scores


def raise_to(severities: dict[str, Severity], term: JudgedTerm) -> None:
    """Make a topic as severe as one of its terms, if it is not yet."""
    known = severities.get(term.rule.owner)
    if known is None or known.rank < term.severity.rank:
        severities[term.rule.owner] = term.severity


def _in_passing(
    term: JudgedTerm, scores: Mapping[str, float], limits: Mapping[str, float]
) -> JudgedTerm:
    """Take back a term of a topic that the text is not about."""
    owner = term.rule.owner
    reason = f"in passing only ({scores.get(owner, 0.0):.1f} of {limits[owner]:.1f})"
    return term._replace(counted=False, reason=reason)


def distance(place: int, places: Sequence[int]) -> float:
    """Give how far the nearest of the sorted `places` is from `place`; infinite without any."""
    at = bisect_left(places, place)
    away = places[at] - place if at < len(places) else inf
    return min(away, place - places[at - 1]) if at else away
