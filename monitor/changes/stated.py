"""Whether two figures or dates, however they are written, say the same. Pure."""

import re
from collections.abc import Iterable

from monitor.changes.tokens import Fact, Token

FIGURES = frozenset({Fact.AMOUNT, Fact.DATE, Fact.NUMBER})
# Smaller numbers count things in ordinary sentences (三个方面) more often than they state a fact.
SMALL = 10

_VALUE = re.compile(r"\d+(?:\.\d+)?")
_DAY = re.compile(r"(?:(\d+)年)?(?:(\d+)月)?(?:(\d+)日|份|底|初|[上中下]旬)?$")
# A site that reposts on another day writes the day anew: 昨日, 今日, 11月8日 may be one day.
_RELATIVE_DAY = re.compile(r"[今明昨前后当][天日晚]")


def same(one: Token, other: Token) -> bool:
    """Whether two figures or dates can be the same statement.

    A unit may be missing on one side (640万, 640万元), a date may be told less fully (16日,
    10月16日), or from another day (昨日)."""
    if one.key == other.key:
        return True
    if one.fact is other.fact is Fact.DATE:
        return _same_date(one, other)
    values = _VALUE.findall(one.key), _VALUE.findall(other.key)
    if values[0] != values[1] or not values[0]:
        return False
    if Fact.DATE in (one.fact, other.fact):
        return Fact.NUMBER in (one.fact, other.fact)  # 90日 is written 九十天 as well
    units = {_unit(one), _unit(other)}
    return len(units) == 1 or "" in units


def _unit(token: Token) -> str:
    return _VALUE.sub("", token.key).removeprefix("多").removeprefix("余").removeprefix("几")


def stated(token: Token, facts: Iterable[Token]) -> bool:
    """Whether one of `facts` says what `token` says."""
    return any(same(token, each) for each in facts)


def weighty(token: Token) -> bool:
    """Whether a figure is a statement by itself, wherever it stands: an amount, an absolute date,
    a number that no ordinary sentence counts with."""
    if token.fact is Fact.AMOUNT:
        return True
    if token.fact is Fact.DATE:
        return bool(_VALUE.search(token.key)) and ":" not in token.key
    value = _VALUE.fullmatch(token.key)
    if token.fact is not Fact.NUMBER or value is None or token.end - token.start == 1:
        return False  # 上千, 数百: one character names no number
    return float(value[0]) >= SMALL


def _same_date(one: Token, other: Token) -> bool:
    if _RELATIVE_DAY.fullmatch(one.key) or _RELATIVE_DAY.fullmatch(other.key):
        return True
    ours, theirs = _parts(one.key), _parts(other.key)
    told = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    return bool(told) and all(a == b for a, b in told)


def _parts(key: str) -> tuple[int | None, ...]:
    """Year, month and day of an absolute date, as far as it names them."""
    match = _DAY.match(key)
    if match is None or not any(match.groups()):
        return (None, None, None)
    return tuple(int(each) if each else None for each in match.groups())
