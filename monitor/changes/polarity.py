"""What a passage denies and hedges, compared with another that was made from it. Pure."""

import re
from collections.abc import Iterator, Sequence

from monitor.changes.senses import sense
from monitor.changes.tokens import Fact, Token, figures_and_negations
from monitor.changes.wording import EMPTY

# Hedges that say the same where a passage is told anew: advice is given with any of them.
_CLASSES = {
    "must": "ought",
    "should": "ought",
    "planned": "future",
    "expected": "future",
    "hearsay": "doubt",
    "seeming": "doubt",
    "may": "doubt",
}
# What tells the future without a word of it.
_LATER = re.compile(r"下一步|接下来|未来|今后|往后|会|要|将|拟|预计|料|计划|明年|明日|明天")
_OUGHT = re.compile(r"要|须|应|得|请|该|务必|必须|提醒|建议|呼吁|一定")
_MAY = re.compile(r"可能|也许|或|恐|疑|传|称|大概|未必|约|近|左右|有望")
_CAN = re.compile(r"可|能|准|许")
_SAID = {"future": _LATER, "ought": _OUGHT, "doubt": _MAY, "can": _CAN}

# What is done is not still going on.
_DONE = re.compile(r"已|完成|完毕|结束|了$")

_CLAUSE_END = re.compile(r"[,，。;；:：!！?？\n]+")
# Words that deny without a negation.
_DENYING = re.compile(
    r"[失难拒防免停缺除只仅才禁否非]|以免|避免|别|白|空|亏|岂|哪|怎|谢绝|谨慎|停办|落空|取消|撤|清退"
)
# How far what is denied is looked for.
_SCOPE = 6


def hedges_kept(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether what one passage calls possible, planned, allowed or wanted, the other does too."""
    return not (_unhedged(ours, theirs) or _unhedged(theirs, ours))


def _unhedged(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    here, there = _hedges(ours), _hedges(theirs)
    written = ["".join(each.key for each in tokens) for tokens in (ours, theirs)]
    if "going on" in here - there and len(_DONE.findall(written[1])) > len(
        _DONE.findall(written[0])
    ):
        return True
    return any(
        each not in _SAID or not _SAID[each].search(written[1])
        for each in here - there - {"done", "going on"}
    )


def _hedges(tokens: Sequence[Token]) -> set[str]:
    found = (sense(each.key) if each.fact is Fact.MODALITY else "" for each in tokens)
    return {_CLASSES.get(each, each) for each in found} - {""}


def denials_kept(one: str, other: str) -> bool:
    """Whether both passages deny the same, as far as can be seen: what one denies, the other does
    not claim, and it denies about as often."""
    ours, theirs = list(_denials(one)), list(_denials(other))
    if _claimed(ours, other) or _claimed(theirs, one):
        return False
    more, fewer = (one, other) if len(ours) > len(theirs) else (other, one)
    left = abs(len(ours) - len(theirs))
    return left <= len(_DENYING.findall(fewer)) - min(len(_DENYING.findall(more)), 0)


def _denials(passage: str) -> Iterator[str]:
    """What stands behind each negation, in its clause."""
    for clause in _CLAUSE_END.split(passage):
        for each in figures_and_negations(clause):
            if each.fact is Fact.NEGATION:
                yield EMPTY.sub("", clause[each.end : each.end + _SCOPE])[:3]


def _claimed(denied: Sequence[str], passage: str) -> bool:
    """Whether a passage says of one of these things that it is so."""
    for clause in _CLAUSE_END.split(passage):
        denies = any(each.fact is Fact.NEGATION for each in figures_and_negations(clause))
        if denies or _DENYING.search(clause):
            continue
        if any(len(each) >= 2 and each[:2] in clause for each in denied):
            return True
    return False
