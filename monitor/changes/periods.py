"""Lengths of time told in other units: 一年 and 十二个月, 三天 and 72小时. Pure."""

from collections.abc import Iterator, Sequence
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
