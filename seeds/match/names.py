"""Decide which platforms' names in a text count as mentions of them."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from seeds.fold import search_key
from seeds.match.lending import LENDING_WORDS, NAME_FRAMES
from seeds.match.rules import Phrases, Rule, touches_a_latin_word
from seeds.match.scanner import Hit
from seeds.match.texts import FieldText, Part
from seeds.models import Alias, Watchlist

# A disguised name (用钱堡) has to stand among lending words within as many characters.
_DISGUISE_NEAR = 60
_LENDING = Phrases({}, {}, LENDING_WORDS)


@dataclass(frozen=True, slots=True)
class NameRule(Rule):
    """A rule of a platform's name; `watched` is its platform's, `particle` its alias's."""

    watched: bool = True
    particle: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """An occurrence of a name in a field, and what was decided about it.

    `counted` is None while the name waits for other evidence."""

    text: FieldText
    hit: Hit
    rule: NameRule
    counted: bool | None
    reason: str

    @property
    def length(self) -> int:
        """How many characters of the folded text it covers."""
        return self.hit.end - self.hit.start


def name_rules(watchlist: Watchlist) -> list[NameRule]:
    """Make one rule for each name of each platform, script variants merged.

    ValueError when two platforms claim a name: a mention would be nobody's."""
    rules: dict[str, NameRule] = {}
    for platform in watchlist.platforms:
        for alias in (*platform.aliases, Alias(name=platform.name)):
            pattern = search_key(alias.name)
            rule = _rule(pattern, alias, platform.name, watched=platform.watched)
            taken = rules.setdefault(pattern, rule)
            if taken.owner != platform.name:
                raise ValueError(
                    f"platforms: {alias.name!r} belongs to {taken.owner!r} and to "
                    f"{platform.name!r}; leave it with one of them"
                )
    return list(rules.values())


def _rule(pattern: str, alias: Alias, owner: str, *, watched: bool) -> NameRule:
    words = (*alias.needs, *(LENDING_WORDS if alias.everyday else ()))
    frames = [frame.format(pattern) for frame in (NAME_FRAMES if alias.everyday else ())]
    return NameRule(
        pattern=pattern,
        owner=owner,
        needs=Phrases.about(pattern, (*words, *alias.counts_in, *frames) if words else ()),
        unless=Phrases.about(pattern, alias.unless),
        counts_in=Phrases.about(pattern, alias.counts_in),
        near=alias.near,
        watched=watched,
        particle=alias.particle,
    )


def judge_names(found: Iterable[tuple[FieldText, Hit, NameRule]]) -> list[Judged]:
    """Judge every occurrence, in three rounds: by itself, against what it overlaps, and by what
    else the article names."""
    judged = [_alone(text, hit, rule) for text, hit, rule in found]
    standing = _without_overlaps([each for each in judged if each.counted is not False])
    rejected = [each for each in judged if each.counted is False]
    return _by_company(standing) + rejected


def _alone(text: FieldText, hit: Hit, rule: NameRule) -> Judged:
    """Judge one occurrence by its own rule and the words around it."""
    against = _against(text, hit, rule)
    if against is not None:
        return Judged(text, hit, rule, False, against)
    if not rule.conditional:
        how = " in disguise" if hit.disguised else " broken up" if hit.broken else ""
        return Judged(text, hit, rule, True, f"its name{how}")
    if rule.particle and text.text[hit.end : hit.end + 1].isalnum():
        return Judged(text, hit, rule, True, "used as a name inside a clause")
    word = rule.supported(text.text, hit.start, hit.end, text.context)
    if word is not None:
        return Judged(text, hit, rule, True, f"ambiguous name with {word!r} nearby")
    return Judged(text, hit, rule, None, "ambiguous name, none of the words it needs is near")


def _against(text: FieldText, hit: Hit, rule: NameRule) -> str | None:
    """Say why an occurrence is not the platform's name at all, if it is not."""
    where = (text.text, hit.start, hit.end)
    if touches_a_latin_word(*where):
        return "part of a longer Latin word or number"
    phrase = rule.rejected(*where)
    if phrase is not None:
        return f"reads like {phrase!r}"
    if hit.disguised and not _LENDING.found(*where, _DISGUISE_NEAR):
        return "looks like the name, but no lending word is near"
    return None


def _without_overlaps(judged: Sequence[Judged]) -> list[Judged]:
    """Keep the longest of overlapping names; what it overlaps in part is marked as rejected, what
    it contains is its own part and dropped.

    Among equally long ones the name that is known but not watched wins (使用|钱宝网)."""
    order = sorted(
        judged,
        key=lambda each: (
            each.hit.broken or each.hit.disguised,
            each.counted is None,
            -each.length,
            each.rule.watched,
            each.hit.start,
        ),
    )
    kept: list[Judged] = []
    lost: list[Judged] = []
    holders: dict[tuple[Part, int], Judged] = {}
    for each in order:
        places = [(each.text.part, place) for place in range(each.hit.start, each.hit.end)]
        winner = next((holders[place] for place in places if place in holders), None)
        if winner is None:
            kept.append(each)
            holders.update(dict.fromkeys(places, each))
        elif not _inside(each, winner):
            lost.append(replace(each, counted=False, reason=f"part of {winner.rule.pattern!r}"))
    return kept + lost


def _inside(one: Judged, other: Judged) -> bool:
    """Tell whether `one` lies within `other`."""
    return other.hit.start <= one.hit.start and one.hit.end <= other.hit.end


def _by_company(judged: list[Judged]) -> list[Judged]:
    """Decide what waited: an ambiguous name counts when its platform is named surely elsewhere in
    the article, or another platform's sure name stands beside it."""
    sure = [
        each
        for each in judged
        if each.counted and each.rule.watched and each.text.field != "boilerplate"
    ]
    named = {each.rule.owner for each in sure}
    places = sorted((each.text.part, each.hit.start, each.rule.owner) for each in sure)
    return [each if each.counted is not None else _decided(each, named, places) for each in judged]


def _decided(waiting: Judged, named: set[str], places: list[tuple[Part, int, str]]) -> Judged:
    """Count or reject an ambiguous name by the company it keeps."""
    if waiting.rule.owner in named:
        return replace(waiting, counted=True, reason="named surely elsewhere in the article")
    first = bisect_left(places, (waiting.text.part, waiting.hit.start - waiting.rule.near, ""))
    if first < len(places):
        part, start, owner = places[first]
        if part == waiting.text.part and start <= waiting.hit.end + waiting.rule.near:
            return replace(waiting, counted=True, reason=f"ambiguous name beside {owner!r}")
    return replace(waiting, counted=False)
