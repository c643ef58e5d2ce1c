"""The rules of topics.yaml in the form that judging needs: words by their numbers in a lexicon."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from seeds.fold import search_key
from seeds.match.denial import LATER, NEGATIONS
from seeds.match.evidence import Lexicon, WordList
from seeds.match.mentions import ORDINARY
from seeds.match.wording import SEVERITY, Wording, packaged
from seeds.models import Severity, TermGroup, Topic

# Each word is folded where it is listed and where a rule asks for it.
_key = lru_cache(maxsize=20_000)(search_key)
# In `needs`: the name of a watched platform will do.
LENDER = "+platforms"


@dataclass(frozen=True, slots=True)
class Need:
    """Words, and the bit of their list, of which one must be near; a platform's name will do, too,
    when `lender`."""

    numbers: frozenset[int]
    bit: int
    lender: bool


@dataclass(frozen=True, slots=True, eq=False)
class TermRule:
    """One folded term with the conditions under which it counts; words by their numbers.

    `phrases` hold the term and must stand on it, the words of `unless` anywhere near. `either` are
    `objects` and `not_objects` together. `lent` are the words that settle that something lent is
    spoken of, `rivals` those that settle, where none of `lent` is, that something else is. `against`
    are the bits of `phrases` and `unless`, `required` those of the `needs` for which no lender will
    do. `said` is what is said of an occurrence that counts. A `frame` is made of ordinary words
    that tell of the topic only together."""

    pattern: str
    owner: str
    weight: float
    severity: Severity
    near: int
    reach: int
    bare: bool
    aggravates: bool
    frame: bool
    needs: tuple[Need, ...]
    required: int
    phrases: WordList
    unless: WordList
    objects: WordList
    not_objects: WordList
    either: WordList
    undecided: WordList
    lent: WordList
    rivals: WordList
    against: int
    said: str


class Worded(NamedTuple):
    """A topic whose wording is known: its lists by name, the rule by which a passage counts, and
    the name of the file of what each severity reads like."""

    wording: Wording
    lists: Mapping[str, WordList]
    rule: TermRule
    severities: str


class Use(NamedTuple):
    """The rules of one term that speak of the same thing, one topic's subject or its gravity: an
    occurrence counts by the first that holds, the gravest and heaviest are asked first.

    `near` and `rank` (of the severity) are the highest of any; `latin` when the term begins or
    ends so."""

    rules: tuple[TermRule, ...]
    owner: str
    aggravates: bool
    near: int
    rank: int
    latin: bool


def uses_of(rules: Iterable[TermRule]) -> Mapping[str, tuple[Use, ...]]:
    """Sort rules by their terms and by what they speak of."""
    by_term: dict[str, dict[tuple[str, bool], list[TermRule]]] = {}
    for rule in rules:
        uses = by_term.setdefault(rule.pattern, {})
        uses.setdefault((rule.owner, rule.aggravates), []).append(rule)
    return {pattern: tuple(map(_use, uses.values())) for pattern, uses in by_term.items()}


def _use(rules: Sequence[TermRule]) -> Use:
    gravest_first = tuple(sorted(rules, key=_gravest_first))
    first = gravest_first[0]
    return Use(
        gravest_first,
        first.owner,
        first.aggravates,
        max(rule.near for rule in rules),
        first.severity.rank,
        first.pattern[0].isascii() or first.pattern[-1].isascii(),
    )


def _gravest_first(rule: TermRule) -> tuple[int, float]:
    return -rule.severity.rank, -rule.weight


def lexicon_of(topics: Sequence[Topic]) -> Lexicon:
    """Collect every word of the topics that may decide about a term."""
    listed_words = (
        _key(word) for topic in topics for listed in topic.words.values() for word in listed
    )
    words = (
        word
        for topic in topics
        for group in topic.groups
        for listed in (
            group.needs,
            *group.needs_each,
            group.unless,
            group.objects,
            group.not_objects,
            topic.wording_needs,
            topic.undecided,
            topic.incidental,
        )
        for word in _spelled_out(topic, listed)
    )
    return Lexicon((*map(_key, (*NEGATIONS, *LATER)), *words, *listed_words))


def term_rules(topics: Sequence[Topic], lexicon: Lexicon) -> list[TermRule]:
    """Make one rule for each term of each group."""
    return [
        rule for topic in topics for group in topic.groups for rule in _rules(topic, group, lexicon)
    ]


def _rules(topic: Topic, group: TermGroup, lexicon: Lexicon) -> Iterator[TermRule]:
    unless = tuple(_spelled_out(topic, group.unless))
    listed = (each for each in (group.needs, *group.needs_each) if each)
    needs = tuple(_need(topic, words, lexicon) for words in listed)
    required = reduce(or_, (need.bit for need in needs if not need.lender), 0)
    objects = lexicon.numbers(_spelled_out(topic, group.objects))
    not_objects = lexicon.numbers(_spelled_out(topic, group.not_objects)) - objects
    undecided = lexicon.numbers(map(_key, topic.undecided))
    incidental = lexicon.numbers(map(_key, topic.incidental))
    lent = objects or (needs[0].numbers if needs else frozenset())
    rivals = frozenset(n for n in not_objects - incidental if len(lexicon.words[n]) > 1)
    patterns = tuple(dict.fromkeys(_spelled_out(topic, group.terms)))
    # A phrase that holds some term of the group is about that term only.
    elsewhere = lexicon.listed(
        lexicon.numbers(phrase for phrase in unless if not any(each in phrase for each in patterns))
    )
    said = f"{group.severity} term"
    for pattern in patterns:
        phrases = lexicon.listed(lexicon.numbers(each for each in unless if pattern in each))
        yield TermRule(
            pattern=pattern,
            owner=topic.name,
            weight=group.weight,
            severity=group.severity,
            near=group.near,
            reach=group.reach,
            bare=group.bare,
            aggravates=group.aggravates,
            frame=bool(group.needs_each),
            needs=needs,
            required=required,
            phrases=phrases,
            unless=elsewhere,
            objects=lexicon.listed(objects),
            not_objects=lexicon.listed(not_objects),
            either=lexicon.listed(objects | not_objects),
            undecided=lexicon.listed(undecided),
            lent=lexicon.listed(lent - undecided),
            rivals=lexicon.listed(rivals),
            against=phrases.bit | elsewhere.bit,
            said=f"{said} {ORDINARY}" if group.needs_each else said,
        )


def worded(topic: Topic, lexicon: Lexicon) -> Worded | None:
    """Give what is known of how a topic is worded, if anything is."""
    if topic.wording is None:
        return None
    lists = {name: lexicon.numbers(map(_key, words)) for name, words in topic.words.items()}
    group = TermGroup(terms=(topic.title,), weight=topic.threshold, needs=topic.wording_needs)
    (rule,) = _rules(topic, group, lexicon)
    named = {name: lexicon.listed(numbers) for name, numbers in lists.items()}
    return Worded(packaged(topic.wording), named, rule, topic.wording + SEVERITY)


def _need(topic: Topic, words: Sequence[str], lexicon: Lexicon) -> Need:
    numbers = lexicon.numbers(_spelled_out(topic, words))
    return Need(numbers, lexicon.listed(numbers).bit, LENDER in words)


def _spelled_out(topic: Topic, words: Iterable[str]) -> Iterator[str]:
    """Give the folded words of a list, `+name` replaced by the list of that name.

    KeyError for a name without a list; loading the seeds refuses such a file (seeds/claims.py)."""
    for word in words:
        if word == LENDER:
            continue
        if word.startswith("+"):
            yield from map(_key, topic.words[word[1:]])
        else:
            yield _key(word)
