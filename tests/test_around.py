"""What stands around an article is none of it, whatever it says: lines written by a stranger to the code."""

import json
import re
import time
from pathlib import Path

import pytest
from our_articles import COURT, FINE

from monitor.changes.around import LENGTH
from monitor.changes.diff import Version, compare
from monitor.changes.furniture import COMMENTS, FURNITURE, LONGEST_TALK, PAGE_TALK

LINES = [
    json.loads(line)
    for line in Path(__file__).with_name("furniture_lines.jsonl").read_text("utf-8").splitlines()
]
# A row of two languages; a questions' list of a reading aid; 已关注 in 关注's place.
NOT_KNOWN = {"FU-051", "FU-113", "FU-208", "FU-257", "FV-090"}
# It takes less than a millisecond, or else hours.
SECONDS = 0.5
FIGURES_BELOW = (
    ("罚款金额 50万元", "罚款金额 80万元"),
    ("涉案人员 12", "涉案人员 15"),
    ("年化利率 24%", "年化利率 36%"),
    ("逾期本金：3,100", "逾期本金：2,100"),
    ("人民币贷款增加 1.2 万亿元", "人民币贷款增加 1.8 万亿元"),
    ("港元貸款利率上調至 5.5%", "港元貸款利率上調至 6.5%"),
    ("双色球中奖 500 万还债", "双色球中奖 800 万还债"),
)


def page(article: str, where: str, lines: list[str]) -> Version:
    paragraphs = article.splitlines()
    at = {"top": 0, "between": 1, "end": len(paragraphs)}[where]
    return Version("标题", "\n".join([*paragraphs[:at], *lines, *paragraphs[at:]]))


def is_known(case: dict, article: str) -> bool:
    change = compare(*(page(article, case["where"], case[side]) for side in ("before", "after")))
    return change.kind == "none"


@pytest.mark.parametrize("article", [COURT, FINE], ids=["simplified", "traditional"])
def test_what_a_page_says_around_an_article_is_no_edit(article) -> None:
    assert len(LINES) == 390
    unknown = {case["id"] for case in LINES if not is_known(case, article.body)}
    assert unknown <= NOT_KNOWN


@pytest.mark.parametrize(("before", "after"), FIGURES_BELOW)
def test_figures_listed_below_an_article_are_its_own(before, after) -> None:
    change = compare(page(COURT.body, "end", [before]), page(COURT.body, "end", [after]))
    assert change.material


TOLD = (
    ("加权平均利率 3.45%", "加权平均利率 4.45%"),
    ("沪指跌1.2% 互联网金融股普跌", "沪指跌1.2% 互联网金融股普涨"),
    ("农历年底前还清全部贷款", "农历年底前不还全部贷款"),
    ("调查 56%的借款人逾期", "调查 86%的借款人逾期"),
    ("本金 3/4", "本金 2/4"),
    ("来源不明的资金 12:30 到账", "来源不明的资金 15:30 到账"),
    ("2024年5月12日 星期日 王某跳楼", "2024年5月12日 星期日 王某获救"),
    ("还剩2名受害人未获赔付", "还剩5名受害人未获赔付"),
    ("宜人贷 拍拍贷 陆金所 人人贷 红岭", "宜人贷 拍拍贷 陆金所 人人贷 网利"),
)


@pytest.mark.parametrize(("before", "after"), TOLD)
def test_what_an_article_tells_in_a_short_line_is_its_own(before, after) -> None:
    change = compare(page(COURT.body, "between", [before]), page(COURT.body, "between", [after]))
    assert change.kind == "edit"


SENTENCES = (
    "该公司仅剩3名员工，举报邮箱也已停用，许可证于去年被注销。",
    "他说，人民币贷款增加1.2万亿元，快讯发出后股价下跌3.4%。",
    "距离还款日还有3天，催收电话就打来了。",
    "报名之后，客服要求先交费600元。",
    "楼主称自己被催收8次，评论里有人劝他报警。",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_has_a_page_s_words_is_the_article_s(sentence) -> None:
    changed = re.sub(r"\d", "9", sentence, count=1)
    change = compare(
        page(COURT.body, "between", [sentence]), page(COURT.body, "between", [changed])
    )
    assert change.material


@pytest.mark.parametrize(
    ("pattern", "begins", "repeats"),
    [
        (COMMENTS, "评论", "1"),
        (FURNITURE, "", "a-"),
        (FURNITURE, "#a ", "1"),
        (FURNITURE, "", "更新:"),
        (FURNITURE, "", "赞,1,"),
        (FURNITURE, "", "我觉得很"),
        (FURNITURE, "赞", "数量"),
        (FURNITURE, "编辑", "编辑张三"),
        (PAGE_TALK, "", "a1 "),
        (PAGE_TALK, "", "a1w"),
    ],
)
def test_no_line_can_be_read_in_ways_without_end(pattern, begins, repeats) -> None:
    most = LONGEST_TALK if pattern is PAGE_TALK else LENGTH
    line = (begins + repeats * most)[: most - 1] + "x"
    began = time.process_time()
    pattern.search(line)
    assert time.process_time() - began < SECONDS
