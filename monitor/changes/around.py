"""Lines of a page that stand around its article, and are others at every visit. Pure.

Beyond what monitor/stories/prose.py takes for furniture: lists of other headlines, readers'
comments, counters, credits, advertisements, invitations. All upon folded, short lines."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from rapidfuzz import fuzz

from monitor.changes.furniture import (
    CHANNELS,
    COMMENTS,
    FURNITURE,
    LIST_HEAD,
    LONGEST_TALK,
    MARK,
    PAGE_TALK,
    SELLING,
)
from monitor.stories.prose import Kind

# Furniture is short; and no page makes these expressions walk a line of a megabyte.
LENGTH = 120
# A headline in a list is hardly longer.
HEADLINE = 48

# Some pages end their sentences with the full stop of Latin letters.
_STOP = r"(?<=[\u4e00-\u9fff”’」』》）)\"'])\.(?!\.)"
_SENTENCE = re.compile(rf"(?:[。;]|{_STOP})\W*$")


def without_furniture(
    lines: Sequence[str], kinds: Sequence[Kind], written: Sequence[str]
) -> Iterator[Kind]:
    """The kinds of folded lines, with what stands around the article as boilerplate too. As they are
    `written` they still have the blanks of a row of channels."""
    listed = commented = marked = False
    told = [at for at, kind in enumerate(kinds) if kind is Kind.PROSE and _END.search(lines[at])]
    body = range(told[0], told[-1]) if told else range(0)
    seen: set[str] = set()
    for at, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        text = line.strip()[: LENGTH + 1]
        short = len(text) <= LENGTH
        commented = commented or (short and bool(COMMENTS.match(text)))
        headed = short and bool(LIST_HEAD.match(text))
        listed = headed or (listed and len(text) <= HEADLINE and not _SENTENCE.search(text))
        sold = marked and len(text) <= HEADLINE and bool(SELLING.search(text))
        marked = short and bool(MARK.match(text))
        around = listed or commented or sold or (short and _is_furniture(text, written[at]))
        if not (listed or commented) and at in body and text not in seen and _is_told(text):
            yield Kind.PROSE
        else:
            yield Kind.BOILERPLATE if around else kind
        seen.add(text)


def _is_furniture(line: str, written: str) -> bool:
    if FURNITURE.search(line) or (len(written) <= LENGTH and CHANNELS.search(written)):
        return True
    is_talk = len(line) <= LONGEST_TALK and "。" not in line and not _OF_LENDING.search(line)
    return is_talk and PAGE_TALK.search(line) is not None


# A figure of lending is an article's, whatever else of the line is a ticker's: 人民币贷款增加1.2万亿元.
_OF_LENDING = re.compile(r"^(?=.*\d).*(?:贷款|[还欠借放]贷|还债|债务|逾期|利率|不良(?!信息))")


def _is_told(line: str) -> bool:
    """Whether a line tells what somebody said or did: within an article's body it is a paragraph,
    whatever it begins with (投稿人王女士说, 责任编辑告诉她, 扫码后他)."""
    return (
        len(line) >= TOLD
        and _SENTENCE.search(line) is not None
        and _SOMEBODY.search(line) is not None
        and _PAGE.search(line) is None
    )


TOLD = 16
_SOMEBODY = re.compile(
    r"说|称|表示|告诉|回应|认为|指出|解释|坦言|回忆|[他她]|女士|先生|[\u4e00-\u9fff]某|民警|警方|法官"
)
# What a page says of itself names people and sites as well.
_PAGE = re.compile(
    r"声明|版权|转载|侵删|必究|免责|风险提示|不构成|仅供参考|立场|观点|©|本[网站]|javascript|cookie|公众号$"
)


# A line at an end of a page that ends no sentence and is no longer is the page's, if anybody's.
STRAY = 30
# Between paragraphs a page has a caption or an advertisement, and hardly ever three in a row.
BETWEEN, MOST_BETWEEN = 40, 2
# So many lines at each end are looked at.
_MOST_STRAY = 12
# Two such lines are one that was edited from here up.
_EDITED = 50
# What a newsroom adds at an end, however short.
_NOTE = re.compile(
    r"更正|勘误|订正|修正|致歉|道歉|编者|有误|更新[:：]|最新[:：]|回应|声明|^\W*注[:：]"
)
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"[\d\W_]+|[万千亿wk](?=\W|$)")
# What articles count, also in lists below them.
_TOLD_OF = re.compile(
    r"[元%亿]|[罚贷债款案嫌涉骗逃捕判刑]|利率|[本利]息|本金|逾期|资[本金产]|营收|[利净]润|亏损|盈利|投诉|受害|被害|伤亡|人数(?!\W*\d+\W*$)|[年月]"
)
_END = re.compile(rf"(?:[。!?;…]|{_STOP})\W*$")
_BARE = re.compile(r"[\W_]+")


def strays(lines: Sequence[str], others: Sequence[str]) -> frozenset[int]:
    """The places of folded lines that end no sentence, stand at an end of a page or between
    paragraphs that do, and that the other version has nothing of: tags, credits, counters,
    captions, advertisements that no expression here names."""
    ended = [place for place, line in enumerate(lines) if _END.search(line[-8:])]
    if not ended:
        return frozenset()
    at_ends = (*range(min(ended[0], _MOST_STRAY)), *range(ended[-1] + 1, len(lines))[:_MOST_STRAY])
    short = [place for place in at_ends if _is_short(lines[place], STRAY)]
    short += [place for place in _between(lines, ended) if _is_short(lines[place], BETWEEN)]
    there = _BARE.sub("", "".join(others)) if short else ""
    near = [each for each in others if len(each) <= 2 * BETWEEN] if short else []
    counted = {_FIGURES.sub("", each) for each in near}
    return frozenset(
        place
        for place in short
        if _BARE.sub("", lines[place]) not in there
        and (
            _is_counter(lines[place], counted)
            or not any(fuzz.ratio(lines[place], each) >= _EDITED for each in near)
        )
    )


def _is_counter(line: str, counted: AbstractSet[str]) -> bool:
    """Whether a line differs from one of the other version, given without figures, in nothing else,
    and is no figure of what an article tells."""
    return (
        _DIGIT.search(line) is not None
        and _FIGURES.sub("", line) in counted
        and not _TOLD_OF.search(line)
    )


def _is_short(line: str, longest: int) -> bool:
    return len(line) <= longest and not _NOTE.search(line)


def _between(lines: Sequence[str], ended: Sequence[int]) -> Iterator[int]:
    """The places of one or two lines in a row between paragraphs: more are a list or verses."""
    for before, after in pairwise(ended):
        told = [place for place in range(before + 1, after) if lines[place].strip()]
        if len(told) <= MOST_BETWEEN:
            yield from told
