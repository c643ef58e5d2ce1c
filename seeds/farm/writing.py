"""How a text is written for search engines rather than for readers."""

import re
from collections.abc import Iterator

from seeds.farm.page import Page
from seeds.farm.phrases import PhraseKind
from seeds.farm.reasons import Reason, ReasonKind

# A title shorter than this is a word that its text may well repeat.
_SHORTEST_TITLE = 6
_QUESTION = re.compile(
    r"怎么|如何|怎样|[吗呢]|多久|哪些|什么|会不会|能不能|要不要|是多少|何去何从|攻略|大全|技巧|方法|"
    r"最新版|一次看|靠谱|好过|全解|详解|解析|必看|收好|收藏|小常识|重要性|发展趋势|应用前景|浅谈|"
    r"快来看|太美了|这[几三四五六七八九十]|意味着|安全吗|下载|揭秘|谜|成功率"
)
_YEAR_WITHIN = re.compile(r"(?<=[\u4e00-\u9fff])20[0-9]{2}(?!年[0-9]|-)")
# A numbered line or a bare heading word: 一、…的背景, 1.2 …, 结语.
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.,]|\([一二三四五六七八九十]\)|[0-9](?:\.[0-9])*[、. ]?|"
    r"第[一二三四五六七八九十][、,]?|方法[一二三四五六七八九]:)\s*(?=[^0-9\s])"
)
_HEADING_WORDS = re.compile(
    r"(?:引言|前言|导语|背景|概述|现状|特点|特色|影响|意义|原因|方法|策略|措施|展望|未来|前景|总结|"
    r"结语|结论|结束语|结尾|作用|重要性|必要性|建议|应对|优势|亮点|流程|条件|定义|变化|转变|内容|"
    r"技巧|选择|政策|计划|材料|注意|合理|适量|保持|情绪|履行|应诉|小贴士|点评|介绍|问题|回答)"
)
_LONGEST_HEADING = 26
# Filler in a hundred characters: news and notices stay below 1, farms have 2 to 6 (dev half).
_FILLER_FROM, _FILLER_EACH, _FILLER_MOST = 0.8, 1.1, 2.9


def writing(page: Page) -> Iterator[Reason]:
    """Give the reasons that lie in how the text is written."""
    for reason in (
        _title_repeated(page),
        _search_title(page),
        _stuffed(page),
        _headings(page),
        _filler(page),
    ):
        if reason is not None:
            yield reason


def _title_repeated(page: Page) -> Reason | None:
    """A page repeats its title once, in its head; a farm does so until it is found."""
    title = page.title
    times = page.body.count(title) if len(title) >= _SHORTEST_TITLE else 0
    if times == 0:
        return None
    return Reason(
        ReasonKind.TITLE_REPEATED, times, 0.2 if times == 1 else min(2.0, 0.7 * times), title[:40]
    )


def _search_title(page: Page) -> Reason | None:
    """A question as people type it, a promise, or a name with the year stuffed in."""
    found = len(_QUESTION.findall(page.title)) + len(_YEAR_WITHIN.findall(page.title))
    if not found:
        return None
    return Reason(ReasonKind.SEARCH_TITLE, found, min(1.5, 0.5 + 0.5 * found), page.title[:40])


def _stuffed(page: Page) -> Reason | None:
    """Find the piece of the title that fills most of the body: 蓝桥分期贷款 in every sentence."""
    title, body = page.title[:40], page.body
    pieces = dict.fromkeys(title[start : start + 3] for start in range(len(title) - 2))
    # Where the whole title stands again, that is counted already.
    titles = body.count(title) if len(title) >= _SHORTEST_TITLE else 0
    counted = {
        piece: body.count(piece) - titles * title.count(piece)
        for piece in pieces
        if all(each >= "\u4e00" for each in piece)
    }
    if not counted:
        return None
    piece = max(counted, key=lambda each: counted[each])
    each_hundred = counted[piece] / page.hundreds
    # A story names whom it is about once or twice in a hundred characters, a farm 3 to 8 times.
    if counted[piece] < 4 or each_hundred <= 1.2:
        return None
    weight = min(2.0, 0.8 * (each_hundred - 1.2))
    return Reason(ReasonKind.NAME_STUFFED, counted[piece], round(weight, 3), piece)


def _headings(page: Page) -> Reason | None:
    """Count short numbered lines and bare heading words."""
    headings = [
        line
        for line in page.lines
        if len(line) <= _LONGEST_HEADING
        and not line.endswith(("。", ";", ","))
        and _HEADING_WORDS.search(line)
        and (_NUMBERED.match(line) or len(line) <= 4)
    ]
    if len(headings) < 2:
        return None
    weight = min(1.8, 0.4 * len(headings))
    return Reason(ReasonKind.TEMPLATE_HEADINGS, len(headings), round(weight, 3), headings[0])


def _filler(page: Page) -> Reason | None:
    """Weigh how much of the text is set phrases that would fit any other."""
    filler = page.found[PhraseKind.FILLER]
    density = filler.count / page.hundreds
    if filler.count < 3 or density <= _FILLER_FROM:
        return None
    weight = min(_FILLER_MOST, _FILLER_EACH * (density - _FILLER_FROM))
    return Reason(ReasonKind.FILLER, filler.count, round(weight, 3), filler.excerpt)
