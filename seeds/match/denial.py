"""Whether a text denies or forbids what one of its terms says (从未暴力催收, 不得骚扰家人).

A negation reaches to the end of its clause, and on into clauses that go on with 或, 以及 and the
like; not past what it negates by itself (没有还钱|就被殴打). Two in a row say yes (难以杜绝), and so
does one of a verb that takes for granted what follows (从未停止骚扰)."""

import re
from itertools import pairwise
from typing import NamedTuple

from seeds.match.evidence import Evidence, Word, WordList

# Longest reach of a negation: an enumeration of what is forbidden (不得采取侮辱、威胁、恐吓等方式).
_REACH = 40
NEGATIONS = (
    "从未", "从来没", "从没", "从不", "从无", "未曾", "并未", "未有", "未采取", "未发现", "未对", "未因", "未受", "未被", "没有", "并没", "没对",
    "并无", "不存在", "绝不", "决不", "绝无", "绝没", "不会", "不再", "并非", "不是", "非法院", "否认", "拒绝", "严禁",
    "禁止", "不得", "不准", "不许", "不允许", "不应", "不能", "不可", "不要", "不用", "不宜", "杜绝", "避免", "防止",
    "防范", "难以", "未能", "无法", "反对", "抵制", "违者", "零容忍", "无需", "无须", "勿", "莫", "禁绝",
    "零", "不安排", "免于", "远离", "不进行", "不采用", "不采取", "不使用", "不含", "不涉及", "不支持", "不搞", "无任何", "未涉及",
)  # fmt: skip
_STOP = re.compile(r"[,。;!?\n]")
# A clause that begins like this goes on with what the one before denied.
_GOES_ON = re.compile(r"[,;]\s*(?:或|以及|及|和|与|亦|更不|也不|并且?不)")
# A negation before a negation: yes.
_DOUBLED = re.compile(r"(?:不|未|没|没有)$")
# What a negation by itself negates, when the term comes later in its clause.
_ELSEWHERE = re.compile(
    r"的(?!事)|(?:有|能|能够|敢|曾|再|法|过|想|被)?(?:停|忍|放弃|承受|否认|排除|掩|改变|料|知道|阻止|消除|"
    r"遏制|解决|处理|回应|按时|按期|及时|如期|还|偿|钱|接|回|理会|经|因|只|仅|收敛|悔改|不)"
)
_TURN = re.compile(r"[^、](?:被|遭|就|便|却|但|而|仍|才|导致|结果|随后|之后|反而|甚至)")
_DENIED_LATER = re.compile(
    r"[^,。;!?\n]{0,8}(?:(?:并|都|根本|均)?不存在|不属实|不实|子虚乌有|谣言|不被允许|被?(?:一律|严格)?禁止的?$|"
    r"[”」\"]?[:,]?(?:系|属|纯属|均系|为)(?:不法分子)?(?:冒名|谣言|不实|虚假|伪造|网民伪造|假消息)|"
    r"(?:予以|坚决|断然)?否认|不可取|是不允许的|并未发生|没有发生|从未发生|未发生)"
    # What to do if somebody comes: 上门讨债者请立即报警.
    r"|[^,。;!?\n]{0,8}(?:者|的|人员|情况),?请(?:您)?(?:立即|立刻|及时|马上|第一时间)?(?:报警|举报)"
    # Of what was said before, by whom it was said of: 对于网传的暴力催收,该平台表示并无此事.
    r"|[^,。;!?\n]{0,8},[^,。;!?\n]{0,12}(?:表示|称|回应|强调|指)[:,]?"
    r"(?:(?:并|绝|均|都)?无此事|没有此事|(?:均|并)?不属实|不实|(?:均|并)?不存在|系谣言|纯属)"
    # “上门催收打人”一事,警方核实后确认系谣言
    r"|[^,。;!?\n]{0,8},[^,。;!?\n]{0,14}(?:系|为|属|是)(?:谣言|不实|误传|虚假|子虚乌有|网民编造)"
)
_LATER_REACH = 36
# Without one of these near nothing is denied later.
LATER = (
    "不存在", "不属实", "不实", "子虚乌有", "谣言", "不被允许", "不允许", "禁止", "冒名", "虚假", "伪造", "假消息",
    "否认", "不可取", "发生", "报警", "举报", "此事", "纯属", "误传", "编造",
)  # fmt: skip


class Denials(NamedTuple):
    """The words without which nothing is denied: NEGATIONS, before a term, and LATER, after it."""

    before: WordList
    later: WordList


def denied(text: str, start: int, end: int, evidence: Evidence, denials: Denials) -> str | None:
    """Give the words that deny or forbid text[start:end] of a folded text, if there are any."""
    negations = denials.before
    if evidence.begins(negations, start - _REACH, start):
        first = _scope(text, start)
        found = _longest(evidence.within(first, end, negations))
        found = [each for each in found if each.start < start and each.end <= end]
        if found and _holds(text, found, start):
            return text[found[-1].start : found[-1].end]
    if not evidence.begins(denials.later, end, end + _LATER_REACH):
        return None
    later = _DENIED_LATER.match(text[end : end + _LATER_REACH])
    return later[0] if later else None


def _scope(text: str, start: int) -> int:
    """Give where the clauses begin in which a negation would reach `start`."""
    first = max(0, start - _REACH)
    stops = [at.start() for at in _STOP.finditer(text, first, start)]
    while stops and _GOES_ON.match(text, stops[-1]):
        stops.pop()
    return stops[-1] + 1 if stops else first


def _longest(words: list[Word]) -> list[Word]:
    """Drop the words that lie in a longer one (不会 in 决不会)."""
    return [
        one
        for one in words
        if not any(
            other is not one and other.start <= one.start and one.end <= other.end
            for other in words
            if other.end - other.start > one.end - one.start
        )
    ]


def _holds(text: str, found: list[Word], start: int) -> bool:
    """Tell whether negations before `start` leave it denied."""
    last = found[-1]
    if _ELSEWHERE.match(text, last.end, start) or _TURN.search(text, last.end, start):
        return False
    chained = 1 if _DOUBLED.search(text, max(0, found[0].start - 2), found[0].start) else 0
    for one, other in pairwise(found):
        if other.start < one.end:
            continue  # 绝|不|存在: one negation in two words
        apart = text[one.end : other.start]
        chained = chained + 1 if len(apart) <= 2 and "、" not in apart else 0
    return chained % 2 == 0
