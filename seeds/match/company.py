"""Judge names by the company they keep: what they overlap, and what else the article names."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from seeds.match.doubts import read_sides, without_denied
from seeds.match.names import Judged, NameRule, judge_alone
from seeds.match.scanner import Hit
from seeds.match.texts import FieldText, Part

# Between two names of one list: 借呗、花呗, 借呗和花呗, 借呗花呗. A comma is no list: clauses
# stand on both sides of it (想花就花呗,想借就借呗).
_JOINED = re.compile(
    r"[”」》)]?\s?(?:[、/&+|]|和|与|及|跟|或|以及|还有|vs|还是|后|再|到|比|加|换|转)?\s?[“「《(]?"
)
# A comma joins names only where more than two stand so: 花呗,借呗,白条都逾期了.
_COMMA = re.compile(r"[”」》)]?\s?,\s?[“「《(]?")
_IN_ROW = 3
# No joint is longer than `”、“` with a space.
_LONGEST_JOINT = 4


def judge_names(found: Iterable[tuple[FieldText, Hit, NameRule]]) -> list[Judged]:
    """Judge every occurrence, in four rounds: by itself, against what it overlaps, by what else the
    article names, and where all that leaves a doubt by how its sides read."""
    judged = [judge_alone(text, hit, rule) for text, hit, rule in found]
    standing = _without_overlaps([each for each in judged if each.counted is not False])
    rejected = [each for each in judged if each.counted is False]
    if len(standing) > 1:
        standing = _by_list(standing)
    if any(each.counted is None for each in standing):
        standing = _by_company(standing)
    return without_denied(standing) + rejected


def _without_overlaps(judged: Sequence[Judged]) -> list[Judged]:
    """Keep the longest of overlapping names; what it overlaps in part is marked as rejected, what
    it contains is its own part and dropped.

    Among equally long ones the name that is known but not watched wins (使用|钱宝网)."""
    order = sorted(
        judged,
        key=lambda each: (
            each.counted is None,
            each.hit.broken or each.hit.disguised or each.hit.spelled,
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


def _by_list(judged: list[Judged]) -> list[Judged]:
    """Count names that stand in one list with another platform's (借呗、花呗都逾期了)."""
    order = sorted(judged, key=lambda each: (each.text.part, each.hit.start))
    beside: dict[int, str] = {}
    for one, other in (*_neighbours(order, _JOINED, 2), *_neighbours(order, _COMMA, _IN_ROW)):
        beside[id(one)], beside[id(other)] = other.rule.owner, one.rule.owner
    return [
        replace(each, counted=True, reason=f"in one list with {beside[id(each)]!r}")
        if id(each) in beside and each.rule.kind not in ("plain", "abbreviation")
        else each
        for each in judged
    ]


def _neighbours(
    order: Sequence[Judged], joint: re.Pattern[str], fewest: int
) -> Iterator[tuple[Judged, Judged]]:
    """Give the neighbours, among names in order of place, in lists of at least so many names."""
    row: list[Judged] = []
    for each in order:
        if row and not _listed(row[-1], each, joint):
            yield from pairwise(row if len(row) >= fewest else ())
            row = []
        row.append(each)
    yield from pairwise(row if len(row) >= fewest else ())


def _listed(one: Judged, other: Judged, joint: re.Pattern[str]) -> bool:
    """Tell whether two names, in order of place, stand in one list."""
    if not (one.rule.lends and other.rule.lends):
        return False
    if one.text.part != other.text.part or one.rule.owner == other.rule.owner:
        return False
    if other.hit.start - one.hit.end > _LONGEST_JOINT:
        return False
    return bool(joint.fullmatch(one.text.text, one.hit.end, other.hit.start))


def _by_company(judged: list[Judged]) -> list[Judged]:
    """Decide what waited: an ambiguous name counts when its platform is named surely elsewhere in
    the article, or another platform's sure name stands beside it."""
    sure = [
        each
        for each in judged
        if each.counted and each.rule.lends and each.text.field != "boilerplate"
    ]
    named = {each.rule.owner for each in sure}
    places = sorted((each.text.part, each.hit.start, each.rule.owner) for each in sure)
    return [each if each.counted is not None else _decided(each, named, places) for each in judged]


def _decided(waiting: Judged, named: set[str], places: list[tuple[Part, int, str]]) -> Judged:
    """Count or reject an ambiguous name by the company it keeps."""
    if waiting.spoken:
        return replace(waiting, counted=False)
    if waiting.rule.owner in named:
        return replace(waiting, counted=True, reason="named surely elsewhere in the article")
    if waiting.rule.kind == "abbreviation":
        return replace(waiting, counted=False)
    first = bisect_left(places, (waiting.text.part, waiting.hit.start - waiting.rule.near, ""))
    if first < len(places):
        part, start, owner = places[first]
        if part == waiting.text.part and start <= waiting.hit.end + waiting.rule.near:
            return replace(waiting, counted=True, reason=f"ambiguous name beside {owner!r}")
    return read_sides(waiting)
