"""What a passage denies and hedges, compared with another that was made from it. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from monitor.changes.senses import sense
from monitor.changes.tokens import Fact, Token, figures_and_negations
from monitor.changes.wording import CLAUSE_END, covered

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
_LATER = re.compile(
    r"下[一1]步|接下来|未来|今后|往后|(?<![事协员学商])会(?![议计员])|要(?!求)|将(?!近)|拟|预计|料|计划|打算|准备|[想欲](?=再?[\u4e00-\u9fff])|自(?=[\d年月日今明]{2,})|明年|明日|明天"
)
_OUGHT = re.compile(r"要|须|应|得|请|该|务必|必须|提醒|建议|呼吁|一定|规定|责令|义务")
_MAY = re.compile(r"可能|也许|或|恐|疑|传|称|大概|未必|约|近|左右|有望")
_CAN = re.compile(r"可|能|准|许")
# What is left open.
_ASKED = re.compile(
    r"不确定|能否|是否|未知数|存疑|难料|能不能|会不会|是不是|([\u4e00-\u9fff])[没不]\1"
)
_LEFT_OPEN = re.compile(
    r"可能|或|未必|不一定|(?<!没有)(?<![无毫])悬念|待|尚|不明|有没有|不好说|说不准"
)
# What somebody is only suspected of.
_CHARGES = frozenset({"涉嫌", "被指", "指控"})
_SAID = {"涉嫌": re.compile("涉|嫌"), "future": _LATER, "ought": _OUGHT, "doubt": _MAY, "can": _CAN}

_TO_COME = re.compile(r"将|拟|准备(?=[向对将起])|计划|预计|择[期日]|下[一1]步|接下来")
# What is done is not still going on.
_DONE = re.compile(r"已|完成|完毕|结束|了$")

# Words that deny without a negation.
DENYING = re.compile(
    r"[失难拒防免停缺除只仅才禁否非]|以免|避免|别|白|空|亏|岂|哪|怎|仍|依旧|依然|谢绝|谨慎|停办|落空|断(?![定言])|取消|撤|清退"
)
# Two clauses with so much content in common say the same, or its opposite.
FEWEST, SAME = 2, 0.6
# One that is not beside it denies the same from so much on.
SOMEWHAT = 0.6


def hedges_kept(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether what one passage calls possible, planned, allowed or wanted, the other does too."""
    written = ["".join(each.key for each in tokens) for tokens in (ours, theirs)]
    return not (
        unhedged(ours, theirs)
        or unhedged(theirs, ours)
        or _is_settled(*written)
        or _is_settled(*reversed(written))
    )


def _is_settled(asking: str, other: str) -> bool:
    """Whether one passage leaves open what the other does not."""
    if not _ASKED.search(asking):
        return False
    return not (
        _ASKED.search(other) or set(_LEFT_OPEN.findall(other)) - set(_LEFT_OPEN.findall(asking))
    )


def unhedged(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether one passage calls possible, planned, allowed or wanted what the other does not."""
    here, there = _hedges(ours), _hedges(theirs)
    written = ["".join(each.key for each in tokens) for tokens in (ours, theirs)]
    counts = [len(_DONE.findall(each)) for each in written]
    ahead = len(_TO_COME.findall(written[0])) > len(_LATER.findall(written[1]))
    if counts[1] > counts[0] and (ahead or "going on" in here - there):
        return True
    return any(
        each not in _SAID or not _SAID[each].search(written[1])
        for each in here - there - {"done", "going on"}
    )


def _hedges(tokens: Sequence[Token]) -> set[str]:
    found = (
        sense(each.key) or (each.key if each.key in _CHARGES else "")
        for before, each in pairwise([None, *tokens])
        if each is not None and each.fact is Fact.MODALITY and not _is_denied(before)
    )
    return {_CLASSES.get(each, each) for each in found} - {""}


def _is_denied(before: Token | None) -> bool:
    """Whether what stands before a hedge denies it: 不允许 hedges nothing."""
    return before is not None and before.fact is Fact.NEGATION


def denials_kept(one: str, other: str) -> bool:
    """Whether both passages deny the same, as far as can be seen: what one denies, the other does
    not claim, and it denies about as often."""
    ours, theirs = _clauses(one), _clauses(other)
    if _claimed(ours, theirs) or _claimed(theirs, ours):
        return False
    counts = [sum(each.denials for each in clauses) for clauses in (ours, theirs)]
    fewer = one if counts[0] < counts[1] else other
    return abs(counts[0] - counts[1]) <= len(DENYING.findall(fewer))


class _Clause(NamedTuple):
    """A clause without its negations, and how many it has."""

    said: str
    denials: int


def _clauses(passage: str) -> list[_Clause]:
    found = []
    for clause in CLAUSE_END.split(passage):
        denied = [each for each in figures_and_negations(clause) if each.fact is Fact.NEGATION]
        said = clause
        for each in reversed(denied):
            said = said[: each.start] + said[each.end :]
        found.append(_Clause(said, len(denied)))
    return found


def _claimed(denying: Sequence[_Clause], clauses: Sequence[_Clause]) -> bool:
    """Whether what a clause denies is said to be so, and nowhere denied."""
    for denied in denying:
        content = covered(denied.said, "")[0]
        if not denied.denials or content < FEWEST:
            continue
        known = [covered(denied.said, each.said)[1] for each in clauses]
        alike = [each for each, said in zip(clauses, known, strict=True) if said >= SAME * content]
        # A clause that has some of it may deny it for its neighbour: (公布)数据,未经审计.
        near = {
            place + step
            for place, each in enumerate(clauses)
            if each in alike
            for step in (-1, 0, 1)
        }
        somewhere = any(
            (place in near or said >= SOMEWHAT * content)
            and said
            and (each.denials or DENYING.search(each.said))
            for place, (each, said) in enumerate(zip(clauses, known, strict=True))
        )
        if alike and not somewhere:
            about = (covered(each.said, denied.said) for each in alike)
            if any(there >= SAME * said for said, there in about):
                return True
    return False
