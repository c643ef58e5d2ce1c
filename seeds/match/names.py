"""Decide which platforms' names in a text count as mentions of them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from seeds.fold import search_key
from seeds.match.grammar import Reading, read_everyday, read_particle, read_phrase
from seeds.match.lending import (
    CREDIT_WORDS,
    DEBTOR_WORDS,
    LENDING_WORDS,
    OWING_WORDS,
    PRESSED_WORDS,
)
from seeds.match.rules import Phrases, Rule, touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.sounds import half_typed, heard, numbered, typed
from seeds.match.texts import FieldText
from seeds.models import Alias, Platform, Watchlist

# A disguised name (用钱堡) has to stand among lending words within as many characters.
_DISGUISE_NEAR = 60
# Between two characters that are kept apart, and how far around a name that is told.
_GAP = r"(?:&#?\w{2,6};|[^\w(（\[【,，。、\n]{1,2})"
_APART = re.compile(rf"\w{_GAP}\w")
# Of two characters only by a sign: a blank or a dash between two says little.
_TAKEN_APART = re.compile(rf"\w(?:{_GAP}\w){{2,}}|\w[^\w\s(（\[【,，。、:：;；!！?？/|—–-]\w")
_AROUND = 6
# Every character with how it is read behind it: 桔(jú)多(duō)多(duō).
_ANNOTATION = r"\s?[(（\[【][^\W\d_一-鿿]{1,6}[0-9]?[)）\]】]\s?"
_ANNOTATED = re.compile(rf"\w(?:{_ANNOTATION}\w)+(?:{_ANNOTATION})?")
_LENDING = Phrases({}, {}, (*LENDING_WORDS, *DEBTOR_WORDS))
_OWING = Phrases({}, {}, (*OWING_WORDS, *DEBTOR_WORDS))
_PRESSED = Phrases({}, {}, PRESSED_WORDS)
# A character of which only the first letter is written (拍拍d), or which has it beside it (钱z站).
# A misspelling that keeps what only lenders' names end in says enough (卡咔贷, 嗨尔消金);
# 消费金融 is a trade, too (组建新消费金融公司).
_LENDER = ("贷", "消金", "借条")
_INITIAL = re.compile(r"(?<![a-z])[a-z](?![a-z])")
# A letter or a digit between two characters of a name (用q宝, 现金8士), rather than at its end, or
# before what letters count (小米D款).
_WITHIN = re.compile(r"[㐀-鿿][a-z0-9](?![款型级类])[㐀-鿿]")

# So many letters are a name typed in full (fenqile), which is no word of another language.
_FEWEST_TYPED = 7
# 阳光消费 金融惠民: two phrases of a motto, with a blank between them that folding closes.
_TWO_PHRASES = re.compile(r"\w+[费費][ \u3000]金\w")

# How a name is ambiguous, which says what settles it.
Kind = Literal["plain", "needs", "everyday", "phrase", "particle", "abbreviation", "row"]
_WORDS: Mapping[Kind, tuple[str, ...]] = {"everyday": LENDING_WORDS, "particle": CREDIT_WORDS}
_GRAMMAR: Mapping[Kind, Callable[[str, int, int], Reading]] = {
    "everyday": read_everyday,
    "phrase": read_phrase,
    "particle": read_particle,
}


@dataclass(frozen=True, slots=True)
class NameRule(Rule):
    """A rule of a platform's name; `watched` is its platform's, which may lend or not;
    `misspelt` when it is no name but what one sounds like."""

    watched: bool = True
    lends: bool = True
    kind: Kind = "plain"
    misspelt: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """An occurrence of a name in a field, and what was decided about it.

    `counted` is None while the name waits for other evidence; `spoken` when it reads like speech,
    so that only a list of names (借呗花呗都逾期了) can make it one."""

    text: FieldText
    hit: Hit
    rule: NameRule
    counted: bool | None
    reason: str
    spoken: bool = False

    @property
    def length(self) -> int:
        """How many characters of the folded text it covers."""
        return self.hit.end - self.hit.start


def name_rules(watchlist: Watchlist) -> dict[str, NameRule]:
    """Make one rule for each name of each platform, script variants merged, by its folded form;
    the misspellings of a name share one, whose `pattern` is the name.

    ValueError when two platforms claim a name: a mention would be nobody's."""
    rules: dict[str, NameRule] = {}
    shared: set[str] = set()
    for platform in watchlist.platforms:
        for alias in (*platform.aliases, Alias(name=platform.name)):
            pattern = search_key(alias.name)
            rule = _rule(pattern, alias, platform)
            taken = rules.setdefault(pattern, rule)
            if taken.owner != platform.name:
                raise ValueError(
                    f"platforms: {alias.name!r} belongs to {taken.owner!r} and to "
                    f"{platform.name!r}; leave it with one of them"
                )
    for platform in watchlist.platforms:
        licensed = platform.watched and platform.kind == "licensed-consumer-finance"
        known = {alias.name for alias in platform.aliases}
        full = () if platform.name in known else (Alias(name=platform.name),)
        for alias in (*platform.aliases, *full):
            if alias.by_ear or licensed:
                rule, typed_rule = _misspelt(alias, platform)
                for pattern in _by_ear(alias):
                    heard_rule = typed_rule if pattern.isascii() else rule
                    if rules.setdefault(pattern, heard_rule).owner != platform.name:
                        shared.add(pattern)
    # What may be either of two names is neither.
    return {name: rule for name, rule in rules.items() if not rule.misspelt or name not in shared}


def _by_ear(alias: Alias) -> Iterator[str]:
    """Give the folded misspellings of a name, but those that are other words."""
    name = search_key(alias.name)
    other_words = {search_key(phrase) for phrase in (*alias.unless, *alias.not_by_ear)}
    for pattern in (*heard(name), *numbered(name), *typed(name), *half_typed(name)):
        if pattern not in other_words:
            yield pattern


def _misspelt(alias: Alias, platform: Platform) -> tuple[NameRule, NameRule]:
    """Make the rules of a name's misspellings in characters and in letters; the former are everyday
    phrases where the name is one (花背)."""
    plain = replace(_rule(search_key(alias.name), Alias(name=alias.name), platform), misspelt=True)
    ambiguous = alias.phrase or alias.particle
    return replace(plain, kind="phrase") if ambiguous else plain, plain


def _rule(pattern: str, alias: Alias, platform: Platform) -> NameRule:
    kind = _kind(alias)
    words = (*alias.needs, *_WORDS.get(kind, ()))
    return NameRule(
        pattern=pattern,
        owner=platform.name,
        needs=Phrases.about(pattern, (*words, *alias.counts_in) if words else ()),
        unless=Phrases.about(pattern, alias.unless),
        counts_in=Phrases.about(pattern, alias.counts_in),
        near=alias.near,
        watched=platform.watched,
        lends=platform.kind != "not-lending",
        kind=kind,
    )


def _kind(alias: Alias) -> Kind:
    """Tell how a name is ambiguous; the strictest of what it is marked as."""
    if alias.abbreviation:
        return "abbreviation"
    if alias.particle:
        return "particle"
    if alias.phrase:
        return "phrase"
    if alias.everyday:
        return "everyday"
    return "needs" if alias.needs else "plain"


def judge_alone(text: FieldText, hit: Hit, rule: NameRule) -> Judged:
    """Judge one occurrence by its own rule and the words around it."""
    against = _against(text, hit, rule)
    if against is not None:
        return Judged(text, hit, rule, False, against)
    if rule.kind == "plain":
        disguised = hit.disguised or hit.spelled
        how = " in disguise" if disguised else " broken up" if hit.broken else ""
        how = " misspelt by its sound" if rule.misspelt else how
        return Judged(text, hit, rule, True, f"its name{how}")
    if rule.kind == "row":
        return Judged(text, hit, rule, True, "in one list of companies that ends in what they are")
    if rule.kind == "abbreviation":
        return Judged(text, hit, rule, None, "a short form, and its full name is nowhere here")
    return _read(text, hit, rule)


def _read(text: FieldText, hit: Hit, rule: NameRule) -> Judged:
    """Judge an ambiguous name by its sides, and where these do not tell by other words."""
    grammar = _GRAMMAR.get(rule.kind)
    reading, reason = grammar(text.text, hit.start, hit.end) if grammar else ("open", "")
    if reading != "name" and _taken_apart(text, hit):
        reading, reason = "name", "taken apart, as names are to hide them, and nothing around is"
    if (
        reading != "name"
        and hit.spelled
        and _LENDING.found(text.text, hit.start, hit.end, rule.near)
    ):
        reading, reason = "name", "spelled, as names are to hide them, and a lending word is near"
    if reading == "name":
        return Judged(text, hit, rule, True, reason)
    if reading == "speech":
        return Judged(text, hit, rule, None, reason, spoken=True)
    word = rule.supported(text.text, hit.start, hit.end, text.context)
    if word is not None:
        return Judged(text, hit, rule, True, f"ambiguous name with {word!r} nearby")
    lacking = "none of the words it needs is near"
    return Judged(text, hit, rule, None, f"{reason}, and {lacking}" if reason else lacking)


def _taken_apart(text: FieldText, hit: Hit) -> bool:
    """Tell whether every two characters of a name are kept apart (有 钱 花, 借.呗), if only by how
    they are read, where the text around it is written as usual."""
    first, last = text.span(hit.start, hit.end)
    annotated = hit.end - hit.start > 2 and _ANNOTATED.fullmatch(text.original, first, last)
    if not (annotated or _TAKEN_APART.fullmatch(text.original, first, last)):
        return False
    around = text.original[max(0, first - _AROUND) : first], text.original[last : last + _AROUND]
    return not any(_APART.search(each.strip()) for each in around)


def _against(text: FieldText, hit: Hit, rule: NameRule) -> str | None:
    """Say why an occurrence is not the platform's name at all, if it is not."""
    where = (text.text, hit.start, hit.end)
    if touches_a_latin_word(*where):
        return "part of a longer Latin word or number"
    phrase = rule.rejected(*where)
    if phrase is not None:
        return f"reads like {phrase!r}"
    if (
        rule.pattern.endswith("消费金融")
        and _TWO_PHRASES.fullmatch(text.original, *text.span(hit.start, hit.end))
        and not (_OWING if rule.unless else _LENDING).found(*where, _DISGUISE_NEAR)
    ):
        return "two phrases with a blank between, and nobody owes"
    if _unlikely(hit, rule, *where):
        return "looks like the name, but no lending word is near"
    return None


def _unlikely(hit: Hit, rule: NameRule, text: str, start: int, end: int) -> bool:
    """Tell whether a name that is not written as it should be may be other words, and none of those
    that lending, or whoever is pressed for a debt, has is near."""
    where = (text, start, end)
    # Three characters of which one is spelled are no accident.
    initial = hit.spelled and bool(_INITIAL.search(*where))
    doubtful = hit.disguised or initial or (hit.spelled and len(rule.pattern) < 3)
    misspelt = rule.misspelt and not _plainly_a_lender(*where)
    if not (doubtful or misspelt):
        return False
    name = text[start:end]
    letters = name.isascii() and end - start >= _FEWEST_TYPED
    foreign = initial or (misspelt and (letters or any(each.isdigit() for each in name)))
    if foreign and len(rule.pattern) > 2:
        inside = _WITHIN.search(*where) and (initial or end - start > 3)
        if inside or _PRESSED.found(*where, _DISGUISE_NEAR):
            return False
    words = _LENDING if doubtful else _OWING
    return words.found(*where, _DISGUISE_NEAR) is None


def _plainly_a_lender(text: str, start: int, end: int) -> bool:
    """Tell whether a misspelt name ends in what only lenders' names do; 网伤|贷款 does not."""
    return text[start:end].endswith(_LENDER) and not text.startswith("款", end)
