"""What stands around an article inside its own block, and is not the article."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.extract.lines import Line, is_punctuated, weight

_COLON = r"\s*[：:]"
# Headings of link lists: what follows, when it is not prose, is not the article.
_LIST_HEAD = re.compile(
    r"^[【\[〔「◆■▲●※*•>〉|]*\s*(?:"
    r"延伸[閱阅][讀读]|[相有][關关](?:[閱阅][讀读]|新[聞闻]|文章|[報报][導道]|[鏈链]接|推[薦荐]|[內内]容|[資资][訊讯]|搜索|[標标][籤签]|[專专]题|阅读|视频|稿件|信息)"
    r"|其[它他餘余].{0,6}(?:新[聞闻]|[話话][題题]|文章)$|[網网]友回[應应]|推[薦荐](?:[閱阅][讀读]|文章|新[聞闻])|更多(?:[精相新][彩關关聞闻]|[報报]|新闻|内容|資訊|资讯|文章)|猜你喜[歡欢]|你可能(?:[還还]|也|感)|您可能|"
    r"[熱热][門门](?:推[薦荐]|文章|新[聞闻]|[評评][論论]|[標标][籤签])|最新(?:文章|新[聞闻]|[評评][論论]|[資资][訊讯])|最新消息$|[隨随][機机]看看|大家都在看|"
    r"[編编][輯辑]推[薦荐]|主[編编]推[薦荐]|精[彩選选]推[薦荐]|為您推[薦荐]|为您推荐|热点推荐|今日推荐|热文|看了.{0,6}的人|网友评论|網友評論|全部评论|精彩评论|热门跟贴|评论列表|发表评论|發表評論|我要评论|我有话要说|"
    r"本[站网網][简簡]介|[关關][于於](?:本[站网網]|我[们們])$|[联聯][系繫]我[们們]$|友情[链鏈]接|"
    r"related (?:articles?|stor|posts?|news|content)|read (?:more|next|also)\s*:?$|you (?:may|might) also|more (?:from|on|stories)|recommended|most (?:read|popular)|"
    r"more [\w ]{2,24} stories$|elsewhere on|keep up to date|about the authors?$|"
    r"leave a (?:reply|comment)|share this|trending|latest (?:news|stories)"
    r")",
    re.IGNORECASE,
)
# What follows these are other people's words, however many.
_COMMENTS = re.compile(
    r"^[【\[]?(?:(?:[網网]友|全部|精彩|最新|[熱热][門门])(?:[評评][論论]|跟[貼帖贴]|回[應应复覆])|[評评][論论]列表|[發发]表[評评][論论]|我要[評评][論论])"
)
# Single lines at the end of an article that speak about it or its site, not for it.
_CLOSING = re.compile(
    r"^[（(【\[〔「※*＊■◆—\-_\s]*(?:"
    r"上一[篇條条页頁]|下一[篇條条页頁]|上篇|下篇|前一篇|[後后]一篇|[没沒]有了|返回(?:首页|列表|顶部|搜狐)|返回$|"
    rf"(?:本文)?(?:[責责]任|[執执]行|值班|本期|文字|网络|網路|新媒体|视觉|微信)?[編编][輯辑审審校]{_COLON}|[責责][編编校]{_COLON}|[責责]任[編编校]|校[對对审]?{_COLON}|[審审](?:[核校]|稿|读){_COLON}|[監监][製制]{_COLON}|主[編编]{_COLON}|[總总][編编][輯辑]?{_COLON}|排版{_COLON}|[編编]校{_COLON}|美编{_COLON}|值班主任{_COLON}|[初复終终][審审]{_COLON}|签发{_COLON}"
    rf"|(?:免[責责]|版[權权]|特[別别]|郑重|鄭重|重要|本站|本网|网站|原创|侵权|投资|风险|作者)?(?:[聲声]明|提示|提醒)(?:{_COLON}|$)|免[責责][聲声]明|版[權权](?:[聲声]明|所有|[歸归])|[風风][險险]提示|未[經经].{{0,12}}(?:授[權权]|[許许]可|同意|允許|允许)|[轉转]载请|[轉转][載载][請请須须]|"
    rf"(?:本文|文章|稿件|[內内]容|资料|信息|原文)?(?:[來来]源|出[處处]|[轉转]自|摘自|[鏈链][接結结]|[連连]結){_COLON}|(?:本文|原文)(?:[來来]自|出自|首[發发]|[轉转]自|网址|地址|[標标][題题]|[連连]結)|"
    r"(?:以上)?(?:[內内]容|本文|文章|图片|本站|本网)?.{0,6}侵[權权]|如[有若遇].{0,12}(?:侵|版[權权])|(?:[內内]容|本文|[圖图]片|部分|文中|文章|本站|以上).{0,14}(?:[來来](?:自|源)|侵[權权]|不代表|[僅仅](?:供|代表)|[網网][絡路络])|"
    r".{0,8}(?:刪帖|删帖|[舉举][報报]|投[訴诉]|爆料|合作|[聯联][繫系]|客服)(?:[電电][話话]|邮箱|郵箱|方式|我[們们]|QQ|微信|[热熱][线線])|"
    rf"(?:电话|電話|邮箱|郵箱|QQ|微信|联系人|聯繫人|E-?mail){_COLON}|"
    r"(?:微信|扫码|掃碼|[長长]按|扫描|掃描|[識识][別别]|[關关]注).{0,12}(?:[關关]注|二[維维][碼码]|公[眾众][號号]|[加進进]群|官方|下[載载]|我[們们]|添加)|[點点][擊击击](?:[下這这此]|[閱阅][讀读]|[進进]入|[關关]注|查看)|阅读原文|[閱阅][讀读]全文|[閱阅][讀读]原文|查看(?:原文|更多|全文)|展[開开]全文|"
    r"此(?:[内內]容|文|稿)[为為]?.{0,12}原[创創]|著作[权權][归歸]|[举舉][报報]$|.{0,10}[广廣]告合作|[扫掃]一[扫掃]|.{0,8}公[众眾][号號][^。]{0,20}\bID\b|主[题題][标標][签籤]|"
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\u4e00-\u9fff]{2,8}[】）)]$|"
    rf"分享(?:到|至|给|給|{_COLON}|$)|[轉转][發发]分享|收藏|[點点][贊赞]|[打讚赞][賞赏]|顶一下|[標标][籤签]{_COLON}|[關关][鍵键][字詞词]{_COLON}|tags?{_COLON}|[字體体][體号]?[大小]?{_COLON}|TAG|分[類类]{_COLON}|所属分类|[瀏浏][覽览](?:次[數数]|量|{_COLON})|[閱阅][讀读](?:次[數数]|量|{_COLON}|\s*\d)|人气|"
    r"打印(?:本|此|$)|打印$|[關关][閉闭](?:窗口|本|$)|[回返]到?[頂顶]部|\[?纠错|[我報报][要]?(?:纠错|[糾纠][錯错])|"
    r"喜[歡欢]|[讚赞]\s*\d*$|[評评][論论](?:\(|（|$|\s*\d)|參與評論|参与评论|[檢检][舉举]|微博|朋友圈|複製|复制链接|"
    r"[下載载]{2}.{0,8}(?:APP|客[戶户]端)|.{0,10}APP.{0,8}下[載载]|[加訂订].{0,12}(?:好友|[頻频]道|粉絲)|"
    r"follow (?:(?:us|him|her|me|them)\b|@?\w[\w .]{1,40} on\b)|(?:sign up|subscribe)\b|have a (?:news )?tip|like this (?:story|article)|get the latest|email [\w. ]{2,40}\bat\b|share your thoughts|click here|"
    r"©|copyright|all rights reserved|(?:图片|圖片)(?:来|來)源网络|\d+\s*/\s*\d+$|(?:the )?end[\s—-]*$|[(（]?完[)）]?$|全文完"
    r")",
    re.IGNORECASE,
)
_EDITOR = re.compile(
    rf"^[（(【\[〔]?\s*(?:[責责]任|本文[責责]任)?[編编][輯辑校]{_COLON}|^[（(【\[]?\s*[責责][編编]{_COLON}"
)
# Lines above the text: date, outlet, counters, font sizes, bread crumbs.
_OPENING = re.compile(
    rf"(?:[發发][布佈表稿](?:[時时][間间]|[於于]|日期|{_COLON})|(?:時間|时间|日期|來源|来源|作者|[編编][輯辑]|[責责][編编]|文章来源|记者|浏览|瀏覽|阅读|閱讀|点击|點擊|人气|字[體体号]|分享|[評评][論论]|所属分类|分类|栏目|更新|出[處处]|稿源|字號|发布者|发布人|撰稿|摄影|攝影|信息来源|供稿){_COLON})|"
    r"(?:19|20)\d\d[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}|\d{1,2}[-/]\d{1,2}\s*\d\d:\d\d|\d[个小]?[时分天]钟?前|"
    r"(?:您|你)?(?:的|所在|目前|当前|現在|现在)*位置|首[页頁]\s*[>»›/]|[>»›].{0,20}[>»›]|字[號体][大小中：:\s]|^[【\[]?\s*[大中小](?:\s*[大中小]){0,2}\s*[】\]]?$|我要[評评分]|扫一扫|掃一掃|^分享|打印|收藏|^[評评][論论]|阅读量|浏览[次量]|瀏覽|views?\b|comments?\b|"
    r"^(?:by|posted|published|updated)\b",
    re.IGNORECASE,
)
# 共3页：上一页 1 2 3 下一页, and numbers that are links: how an article of several pages is turned.
_PAGER = re.compile(r"[\s\d第共上下一前后後首尾末页頁<>«»‹›:：,，./|…\[\]()（）·-]+")
# (原标题：…), and headings of a summary that repeats the text.
_ORIGINAL_TITLE = re.compile(
    r"[（(【\[]?原[标標][题題]\s*[：:]|[【\[]?(?:摘要|[导導][读讀]|核心提示|内容提要)[】\]]?[：:]?$"
)
_SUMMARY_HEAD = re.compile(
    r"^【[^】]{4,80}】|^[【\[]?(?:摘要|[导導][读讀]|核心提示|内容提要)[】\]]?\s*[：:]?\s*"
)
# 编辑 李严 校对 柳宝庆: credits without colons, in a line that is nothing else. Split, not matched as
# a whole: one pattern for it took seconds on 编辑编辑编辑….
_CREDIT = re.compile(r"作者|[记記]者|[编編][辑輯]|校[对對]|[责責][编編]|[摄攝]影|[实實]习生")
_CREDITED = re.compile(r"[编編][辑輯]|校[对對]|[责責][编編]")
_BETWEEN_NAMES = re.compile(r"[\s：:/／、，,;；（）()|｜]+")
# Characters of icon fonts: what stands beside them is a button.
_ICON = re.compile("[\ue000-\uf8ff]")
# Lines that interrupt a text wherever they stand, and say nothing else.
_INTERRUPTION = re.compile(
    r"(?:advertisement|[廣广]告|story continues below.*|image (?:copyright|source|credit)\b.{0,60}|media playback is (?:un|not ).*"
    r"|image \d+ of \d+|skip (?:ad|advert)|share|video|click here .{0,40}|subscribe|sign up|read more|自[動动]播放)",
    re.IGNORECASE,
)
Fold = Callable[[str], str]
# A contact of the site itself, with a number or mailbox, whatever stands around it.
_CONTACT = re.compile(
    r"(?:侵[權权]|[刪删][帖除]|[舉举][報报]|[聯联][繫系]|合作|投稿)[^。]{0,20}(?:\d{8,}|@)",
    re.IGNORECASE,
)
# Pinyin that a machine put behind a character, 內(nèi)容: not in the way of recognising a line.
_ANNOTATION = re.compile(r"(?<=[\u4e00-\u9fff])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6}[)）]")
_SENTENCE_END = re.compile(r"[。！？!?；;]")
_TAIL_LINES = 14  # how far above the end single closing lines are looked for
_OPENING_LINES = 8
_MARKERS = 20  # examined: each costs a look at all lines after it
_SUMMARY = 15  # characters: a shorter line can come again by itself
_STORY = 80.0  # Han characters of prose: below less, 最新评论 may be a box above the story
_LEAD = 150.0  # Han characters of text above a "title": then it is a heading of the article


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Positions of the lines that are the article, and of those that were cut from around it."""

    kept: tuple[int, ...]
    cut: tuple[int, ...]


def trim(lines: Sequence[Line], title_key: str, fold: Fold) -> Trimmed:
    """Part an article block's lines into article and boilerplate.

    When in doubt a line stays: text that is lost is never matched, a tail that stays costs a
    little precision."""
    top, begin = _begin(lines, title_key, fold)
    end = _end(lines, begin)
    kept = [*_leads(lines, range(top, begin), title_key, fold), *range(begin, end)]
    dropped = _navigation(lines, kept)
    dropped |= _closing(lines, [position for position in kept if position not in dropped])
    article = tuple(position for position in kept if position not in dropped)
    return Trimmed(article, tuple(sorted({*range(len(lines))}.difference(article))))


def _begin(lines: Sequence[Line], title_key: str, fold: Fold) -> tuple[int, int]:
    """After the title (each time it is repeated) and the lines about date, author and outlet.

    The first number is after the title as a heading: above that stand no leads either."""
    top, begin, seen = 0, 0, 0.0
    for position, line in enumerate(lines[: len(lines) // 2 + 2]):
        # A key is never longer than its text: most lines need no folding.
        if 1 < len(title_key) <= len(line.text) and fold(line.text) == title_key:
            if line.heading in (1, 2):
                top = begin = position + 1
            elif seen < _LEAD:
                begin = position + 1
        seen += weight(line.text) if _is_prose(line) else 0.0
    limit = begin + _OPENING_LINES
    while begin < min(limit, len(lines)):
        repeated = len(title_key) > 3 and fold(lines[begin].text) == title_key
        if not (repeated or is_opening(lines[begin]) or _is_summary(lines, begin)):
            break
        begin += 1
    return top, begin


def _is_summary(lines: Sequence[Line], position: int) -> bool:
    """Does the text right below say the same again? 【题目】近日，多位借款人反映……"""
    text = _SUMMARY_HEAD.sub("", lines[position].text).rstrip("….。 ")
    if len(text) < _SUMMARY or lines[position].link_share > 0.5:
        return False
    below = "\n".join(line.text for line in lines[position + 1 : position + 6])
    return text in below


def _leads(lines: Sequence[Line], above: range, title_key: str, fold: Fold) -> list[int]:
    """Prose above a repeated title that the text below does not say again: a real lead."""
    prose = [
        position
        for position in above
        if _is_prose(lines[position])
        and fold(lines[position].text) != title_key
        and not is_opening(lines[position])
        and not _is_summary(lines, position)
    ]
    if not prose:
        return []
    below = "\n".join(line.text for line in lines[above.stop :])
    # 20 characters: a summary is cut from the text but may be cut off or shortened at its end.
    return [position for position in prose if lines[position].text[:20] not in below]


def is_opening(line: Line) -> bool:
    """Does a line tell about the article (date, outlet, counters) rather than belong to it?"""
    text = line.text
    if line.link_share > 0.5:
        return len(text) < 60
    if len(text) <= 120 and _ORIGINAL_TITLE.match(text):
        return True
    if len(text) > 120 or (len(text) > 40 and _SENTENCE_END.search(text)):
        return False
    return _OPENING.search(text) is not None or len(text) < 2


def _end(lines: Sequence[Line], begin: int) -> int:
    """Where the article ends although its block does not: at a list of other articles, or at the
    editor's line, when no more of the story follows."""
    for position in islice(_markers(lines, begin), _MARKERS):
        after = lines[position + 1 :]
        before = _prose(lines[begin:position])
        if not after or _is_list(after):
            return position
        if before >= _STORY and _COMMENTS.search(lines[position].text):
            return position
        # 推荐阅读：一篇文章, between two paragraphs: what goes on is the story.
        if lines[position].link_share > 0.3 and _is_prose(after[0]):
            continue
        # A box in the middle of a story has most of the story behind it.
        if _prose(after) < 0.3 * before:
            return position
    return len(lines)


def _markers(lines: Sequence[Line], begin: int) -> Iterator[int]:
    """Where a list of other articles may begin, or the article's credits."""
    for position in range(begin + 1, len(lines)):
        text = _plain(lines[position].text)
        if len(text) <= 40 and (_LIST_HEAD.search(text) or _EDITOR.search(text)):
            yield position


def _is_list(lines: Sequence[Line]) -> bool:
    """Titles that are links, with or without a teaser below each, and nothing else."""
    linked = [line.link_share > 0.8 for line in lines]
    if sum(linked) < 0.4 * len(lines):
        return False
    # A paragraph behind two links in a row, or behind another paragraph, belongs to the story.
    return not any(
        _is_prose(line)
        and not (linked[position - 1] and (position < 2 or not linked[position - 2]))
        for position, line in enumerate(lines)
    )


def _prose(lines: Sequence[Line]) -> float:
    return sum(weight(line.text) for line in lines if _is_prose(line))


def _is_prose(line: Line) -> bool:
    return line.link_share < 0.3 and is_punctuated(line.text) and weight(line.text) >= 15


def _navigation(lines: Sequence[Line], kept: Sequence[int]) -> set[int]:
    """Lines that are links and nothing else, when they come in rows or at the very end."""
    dropped: set[int] = set()
    run: list[int] = []
    for position in [*kept, None]:
        if position is not None and lines[position].link_share > 0.8:
            run.append(position)
            continue
        if len(run) >= 2 or (run and position is None):
            dropped.update(run)
        run = []
    for position in kept:
        text = lines[position].text
        if len(text) <= 30 and _LIST_HEAD.search(_plain(text)):
            dropped.add(position)
    return dropped | {position for position in kept if _is_button(lines[position])}


def _is_button(line: Line) -> bool:
    """Pagers, icons with a word or a number each, and what interrupts a text."""
    text = line.text
    if len(text) <= 80 and _INTERRUPTION.fullmatch(text):
        return True
    icons = len(_ICON.findall(text))
    if icons and len(text) <= 8 * icons:
        return True
    if len(text) > 60 or not _PAGER.fullmatch(text):
        return False
    return "页" in text or "頁" in text or line.link_share > 0.3


def _closing(lines: Sequence[Line], kept: Sequence[int]) -> set[int]:
    dropped: set[int] = set()
    for position in reversed(kept[-_TAIL_LINES:]):
        if position == kept[0]:
            break
        if is_closing(lines[position].text):
            dropped.add(position)
    return dropped


def is_closing(text: str) -> bool:
    """Is this line about the article's making, rights or contact?"""
    text = _plain(text)
    if len(text) <= 80 and (_CONTACT.search(text) or _is_credits(text)):
        return True
    return len(text) <= 300 and _CLOSING.search(text) is not None


def _is_credits(text: str) -> bool:
    """Nothing but names, up to four behind each word for what they did?"""
    if not _CREDITED.search(text):
        return False
    before, *rest = _CREDIT.split(text)
    named = [[name for name in _BETWEEN_NAMES.split(part) if name] for part in rest]
    return len(before) <= 12 and all(
        1 <= len(names) <= 4 and all(2 <= len(name) <= 4 for name in names) for names in named
    )


def _plain(text: str) -> str:
    return _ANNOTATION.sub("", text) if "(" in text or "（" in text else text
