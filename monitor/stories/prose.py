"""Split a folded text into prose, headings and boilerplate. Pure.

Only prose counts toward likeness: sibling pages of a content farm share every heading and every
disclaimer with other prose between them, and their extractors leave different site tails."""

import re
from collections.abc import Sequence
from enum import Enum

from seeds.furniture import HEAD_ALONE, HEAD_RUNNING_ON, NEIGHBOUR

# Longer than this, a line without a full stop is a paragraph all the same.
HEADING_LENGTH = 36
# A line without number or punctuation is a heading only up to here: longer ones are captions.
BARE_HEADING_LENGTH = 20

_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,3}\s*[、.．,:：章节条部篇]"
    r"|[(（][一二三四五六七八九十\d]{1,3}[)）]"
    r"|\d{1,2}(?:[.．]\d{1,2}){1,3}(?![\d.．%亿万千百元倍个年月日天])"
    r"|\d{1,2}(?:[.．]\d{1,2}){0,3}(?:[、)）]|[.．](?!\d)|\s+)"
    r"|#{1,6}\s)\s*"
)
_PLAIN_HEADING = re.compile(
    r"^(?:引言|前言|导语|导言|序言|摘要|背景|正文|结语|结论|总结|小结|后记|写在最后|写在前面)[:：]?$"
)
_SENTENCE_END = re.compile(r"[。！？；!?;…]|[,，]$")
_PUNCTUATION = re.compile(r"[,，。！？；!?;…:：、]")

# How a line of site furniture begins. Collected from the seed article and from the tails that
# extractors leave on Chinese portals (share bars, rights notices, related lists). A beginning is
# enough, unlike in seeds/match/tails.py: what is taken for furniture here counts less in comparing
# texts, and its mentions count all the same.
_BOILERPLATE_START = re.compile(
    r"^[\s>*·•\-—【\[(（]*(?:"
    rf"{HEAD_RUNNING_ON}|{HEAD_ALONE}[】\]]?[:：>»]*$|{NEIGHBOUR}"
    r"|免责声明|版权声明|郑重声明|特别声明|声明[:：]|本文(?:仅代表|来源|转自|由.{1,20}授权|系作者|为原创)"
    r"|以上内容(?:仅供|来源|为)|该作品系|内容侵权|侵权(?:联系|删除|必究)|如有侵权|如需转载|转载请"
    r"|未经.{0,12}(?:许可|授权|同意).{0,8}(?:转载|禁止|不得)|责任编辑|责编|编辑[:：]|校对[:：]|审核[:：]"
    r"|来源[:：]|稿源[:：]|原标题[:：]|作者[:：]|图片来源|图源|联系(?:方式|电话|邮箱|我们)|投稿|举报(?:电话|邮箱)"
    r"|返回(?:首页|顶部|列表)|分享(?:到|至)|扫(?:一扫|码|描)|关注(?:我们|微信|公众号)|更多精彩"
    r"|点击(?:查看|进入|阅读|关注)|阅读(?:原文|全文|量)|标签[:：]|关键词[:：]|打赏|点赞|收藏本站|发表评论"
    r"|(?:浏览|点击|播放)(?:次数|量|数)?[:：]?\s*\d|(?:阅读|评论|转发|收藏|点赞|跟贴|参与)(?:数|量)?\s*[(（:：]?\s*\d|\d+\s*(?:条?评论|次?阅读|人?点赞)\W*$|\(完\)|（完）|全文完|举报$|广告$"
    r")"
)
_ONLY_CONTACT = re.compile(
    r"^[\s:：]*(?:(?:电话|手机|微信|qq|邮箱|e-?mail|客服)[\s:：]*)*[\w.+-]*@?[\w.-]*\d{6,}[\w.@\s-]*$"
)


class Kind(Enum):
    """What a line of an article is."""

    PROSE = "prose"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"


def line_kinds(title: str, lines: Sequence[str]) -> list[Kind]:
    """Tell what each folded line is; empty lines count as boilerplate.

    A line that repeats the title or an earlier line is boilerplate too: pages print their title
    again, and their lead as an excerpt."""
    kinds: list[Kind] = []
    known = {"", title.strip()}
    for line in (each.strip() for each in lines):
        if line in known or is_boilerplate(line):
            kinds.append(Kind.BOILERPLATE)
        else:
            kinds.append(Kind.HEADING if is_heading(line) else Kind.PROSE)
        known.add(line)
    headings = sum(
        len(line) for line, kind in zip(lines, kinds, strict=True) if kind is Kind.HEADING
    )
    prose = sum(len(line) for line, kind in zip(lines, kinds, strict=True) if kind is Kind.PROSE)
    if headings <= prose:
        return kinds
    # Verse, or a page broken into short lines: these are its prose. Numbered lines stay headings.
    return [
        Kind.PROSE if kind is Kind.HEADING and not _NUMBERING.match(line.strip()) else kind
        for line, kind in zip(lines, kinds, strict=True)
    ]


def is_boilerplate(line: str) -> bool:
    """Whether a folded line is site furniture: rights, contact, sharing, related reading.

    Long lines are not: a paragraph that begins with 来源 may still tell something."""
    if len(line) > 120:
        return False
    return bool(_BOILERPLATE_START.match(line) or _ONLY_CONTACT.match(line))


def is_heading(line: str) -> bool:
    """Whether a folded line is a heading: short, no end of a sentence; numbered, usual or bare."""
    if len(line) > HEADING_LENGTH or _SENTENCE_END.search(line):
        return False
    if _PLAIN_HEADING.match(line) or _NUMBERING.match(line):
        return True
    return len(line) <= BARE_HEADING_LENGTH and not _PUNCTUATION.search(line)


def heading_key(heading: str) -> str:
    """A heading without its numbering: renumbered headings are the same headings."""
    return _NUMBERING.sub("", heading).strip(" :：")
