"""Differences of form alone: a site's own links among the words, how a range is written. Pure."""

import re

from monitor.changes.sides import Run, Side
from monitor.changes.stated import FIGURES


def is_link(old: Side, new: Side, run: Run) -> bool:
    """Whether a site put only its own links among the words: 奇富科技(QFIN.O)[+自选], 银行[百科]."""
    texts = old.written(*run[:2]), new.written(*run[2:])
    return not all(texts) and _LINK.fullmatch("".join(texts)) is not None


_LINK = re.compile(
    r"(?:[([【]?(?:百科|\+?(?:加)?自选(?:股)?|行情|股吧|诊股|资金流|查看行情"
    r"|[a-z]{1,5}\.(?:o|n|a|us|hk)|\d{4,6}\.(?:hk|sh|sz|tw)|(?:nyse|nasdaq|nasdaq:|hkex|sh|sz|hk)[:：]?[a-z\d]{1,6})[)\]】]?)+"
)


def is_in_a_range(old: Side, new: Side, run: Run) -> bool:
    """Whether only 24%至36% and 24%-36% differ."""
    if old.written(*run[:2]) + new.written(*run[2:]) not in {"至", "到"}:
        return False
    first, last = run[2] - 1, run[3]
    return (
        first >= 0
        and last < len(new.tokens)
        and all(new.tokens[each].fact in FIGURES for each in (first, last))
    )
