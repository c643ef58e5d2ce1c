"""Lengths of time and multiples told otherwise: 一年 and 十二个月, 增加一倍 and 两倍. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from monitor.changes.tokens import Fact, Token

_IN = {
    "年": (Decimal(12), "月"),
    "月": (Decimal(1), "月"),
    "周": (Decimal(7 * 24 * 60), "分钟"),
    "天": (Decimal(24 * 60), "分钟"),
    "小时": (Decimal(60), "分钟"),
    "分钟": (Decimal(1), "分钟"),
}
_Length = tuple[Decimal, str]


def without_equal_periods(
    gone: Sequence[Token], come: Sequence[Token]
) -> tuple[list[Token], list[Token]]:
    """What is left of both sides without the periods that are equally long."""
    ours, theirs = dict(_periods(gone)), dict(_periods(come))
    equal = ours.keys() & theirs.keys()
    left = (
        [each for at, each in enumerate(tokens) if not any(at in told[same] for same in equal)]
        for tokens, told in ((gone, ours), (come, theirs))
    )
    return next(left), next(left)


def _periods(tokens: Sequence[Token]) -> Iterator[tuple[_Length, tuple[int, int]]]:
    """How long each period is, and where its figure and its unit are."""
    for at, (figure, unit) in enumerate(pairwise(tokens)):
        if figure.fact is unit.fact is Fact.NUMBER and unit.key in _IN:
            factor, smaller = _IN[unit.key]
            try:
                yield (Decimal(figure.key) * factor, smaller), (at, at + 1)
            except InvalidOperation:  # 几个月
                continue


_MORE_BY = re.compile(r"[增多涨升扩高]")


def same_multiple(
    removed: Sequence[Token], added: Sequence[Token]
) -> Callable[[Token, Token], bool]:
    """What tells of two passages whether a token of each is the same multiple: 增加一倍, 两倍."""
    more = [
        bool(_MORE_BY.search("".join(each.key for each in tokens))) for tokens in (removed, added)
    ]

    def same(one: Token, other: Token) -> bool:
        keys = one.key.removesuffix("倍"), other.key.removesuffix("倍")
        if (one.key + other.key).count("倍") != len(keys) or not "".join(keys).isdecimal():
            return False
        ours, theirs = (int(key) + by for key, by in zip(keys, more, strict=True))
        return more[0] != more[1] and ours == theirs

    return same
