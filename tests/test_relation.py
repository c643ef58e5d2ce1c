"""How one text relates to another: every kind of repost, both ways, and what must stay apart."""

import random
import re
from itertools import permutations

import opencc
import pytest
from distinct_articles import distinct_article
from our_articles import ALL, BASE, BY_KEY, FARM, WATCHLIST, OurArticle
from repost_generator import Repost, about_another, annotated, spun, swapped, with_reposts
from shared_corpus import json_lines, shared_file
from unseen_articles import UNSEEN_ALL, UNSEEN_BASE

from monitor.stories.prose import Kind, heading_key, is_boilerplate, is_heading, line_kinds
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Likeness, Relation, relate
from seeds.match import Matcher
from seeds.models import Alias, Platform, Watchlist

MATCHER = Matcher(WATCHLIST)


def reading(title: str, body: str, matcher: Matcher = MATCHER) -> Reading:
    return read(title, body, matcher.match(title, body))


def reading_of(article: OurArticle | Repost) -> Reading:
    return reading(article.title, article.body)


@pytest.mark.parametrize(
    ("article", "repost"),
    list(with_reposts(BASE)),
    ids=lambda each: getattr(each, "key", None) or each.kind,
)
def test_a_repost_is_told_by_its_kind_whichever_came_first(
    article: OurArticle, repost: Repost
) -> None:
    original, copy = reading_of(article), reading_of(repost)
    assert relate(copy, original).relation in repost.relations
    assert relate(original, copy).relation in repost.relations


def test_reposts_of_articles_that_nobody_tuned_on_join_too() -> None:
    pairs = [
        (reading_of(article), reading_of(repost)) for article, repost in with_reposts(UNSEEN_BASE)
    ]
    pairs += [
        (reading_of(article), reading(article.title, spun(article.body, random.Random(seed), 0.4)))
        for article in UNSEEN_BASE
        for seed in range(4)
    ]
    lost = [
        other.prose[:40]
        for one, other in pairs
        if not relate(other, one).relation.joins or not relate(one, other).relation.joins
    ]
    assert lost == []


def test_articles_that_nobody_tuned_on_stay_apart() -> None:
    readings = [reading_of(article) for article in UNSEEN_ALL]
    joined = [
        (one.title, other.title)
        for one, other in permutations(readings, 2)
        if relate(one, other).relation.joins
    ]
    assert joined == []


@pytest.mark.parametrize("base", [BASE, UNSEEN_BASE], ids=["tuned on", "unseen"])
def test_every_swap_is_named_also_in_part_or_reworded(base: tuple[OurArticle, ...]) -> None:
    forms = {
        "whole": lambda body: body,
        "first half": lambda body: body[: len(body) // 2],
        "spun": lambda body: spun(body, random.Random(1), 0.2),
        "annotated": lambda body: annotated(body, random.Random(2), 0.1),
    }
    missed = []
    for article in base:
        original = reading_of(article)
        for other in WATCHLIST.platforms:
            if other.name == article.platform:
                continue
            for form, change in forms.items():
                swap = about_another(article, other)
                copy = reading(swap.title, change(swap.body))
                if copy.names.dominant != other.name:
                    continue  # the spinning garbled every name, or it was in the other half
                if relate(copy, original).relation is not Relation.PLATFORM_SWAP:
                    missed.append((article.key, other.name, form))
    assert missed == []


@pytest.mark.parametrize("article", BASE, ids=lambda each: each.key)
def test_two_fifths_of_the_words_replaced_is_still_a_rewrite(article: OurArticle) -> None:
    found = [
        relate(
            reading(article.title, spun(article.body, random.Random(seed), 0.4)),
            reading_of(article),
        )
        for seed in range(4)
    ]
    assert sum(each.relation is Relation.REWRITE for each in found) >= 3


@pytest.mark.parametrize(
    ("one", "other"),
    [(one, other) for one in ALL for other in ALL if one.key != other.key],
    ids=lambda each: each.key,
)
def test_other_articles_stay_apart(one: OurArticle, other: OurArticle) -> None:
    assert not relate(reading_of(one), reading_of(other)).relation.joins


@pytest.mark.parametrize(
    ("key", "name", "other_name"),
    [
        ("farm", "青禾借", "顺信花"),
        ("court", "米袋钱包", "云帆贷"),
        ("fine", "橙子借條", "雲帆貸"),
        ("closing", "藍橋分期", "雲帆貸"),
        ("diary", "顺信花", "橙子借条"),
        ("privacy", "云帆贷", "米袋钱包"),
    ],
)
def test_the_same_text_about_another_platform_is_a_swap(
    key: str, name: str, other_name: str
) -> None:
    likeness = relate(reading_of(swapped(BY_KEY[key], name, other_name)), reading_of(BY_KEY[key]))
    assert likeness.relation is Relation.PLATFORM_SWAP
    assert likeness.similarity >= 0.94


def test_a_part_with_another_dominant_name_is_no_swap() -> None:
    first = "青禾借的逾期客户收到短信，" + BY_KEY["farm"].body[200:500]
    second = "顺信花与顺信花的合作方也有类似的做法。" + BY_KEY["guide"].body[100:500]
    whole = reading("两家平台", f"{first}青禾借青禾借。\n\n{second}")
    part = reading("一家平台", second)
    assert whole.names.dominant != part.names.dominant
    assert relate(part, whole).relation is Relation.PARTIAL
    assert relate(whole, part).relation is Relation.PARTIAL


def test_a_garbled_name_of_the_same_company_is_no_swap() -> None:
    garbled = reading(FARM.title, FARM.body.replace("青禾借", "青河借"))
    assert relate(garbled, reading_of(FARM)).relation.joins


def test_articles_under_identical_headings_are_siblings() -> None:
    likeness = relate(reading_of(BY_KEY["farm-sibling"]), reading_of(FARM))
    assert likeness.relation is Relation.TEMPLATE_SIBLING
    assert likeness.similarity <= 0.19


def test_renumbered_headings_are_the_same_headings() -> None:
    renumbered = re.sub(r"^\d\.(\d) ", r"(\1)", BY_KEY["farm-sibling"].body, flags=re.MULTILINE)
    likeness = relate(reading(FARM.title, renumbered), reading_of(FARM))
    assert likeness.relation is Relation.TEMPLATE_SIBLING


def test_a_report_of_the_same_form_with_other_figures_is_a_sibling() -> None:
    body = (
        "据青禾借公布的月度简报，{0}月份平台共收到投诉{1}件，其中涉及催收的{2}件，占比{3}%。"
        "客服中心平均响应时间为{4}分钟，当月办结{5}件，办结率{6}%。平台表示将继续优化流程，"
        "请用户通过官方渠道反映问题，不要相信所谓代理维权，以免造成新的损失和个人信息泄露。"
    )
    october = reading("青禾借十月投诉简报", body.format(10, 1203, 417, 34.7, 26, 1102, 91.6))
    november = reading("青禾借十一月投诉简报", body.format(11, 987, 305, 30.9, 22, 911, 92.3))
    assert relate(november, october).relation is Relation.TEMPLATE_SIBLING


@pytest.mark.parametrize(
    ("one", "other", "joins"),
    [
        ("brief", "brief", True),
        ("brief", "brief-other", False),
        ("brief-other", "brief", False),
    ],
)
def test_briefs_join_only_when_nearly_equal(one: str, other: str, joins: bool) -> None:
    assert relate(reading_of(BY_KEY[one]), reading_of(BY_KEY[other])).relation.joins is joins


def test_a_failed_extraction_under_other_titles_joins_nothing() -> None:
    furniture = "您的浏览器版本过低，请升级后访问本页面，以获得更好的浏览体验。"
    assert relate(
        reading("青禾借上调利率", furniture), reading("米袋钱包裁员", furniture)
    ) == Likeness(Relation.NEW, 0.0)


def test_one_notice_by_two_platforms_is_not_one_story() -> None:
    notice = "公告称,自下月一日起调整部分产品的利率,详情请以合同为准,客服热线保持不变。"
    one, other = reading("青禾借发布利率公告", notice), reading("顺信花发布利率公告", notice)
    assert not relate(one, other).relation.joins


def test_a_reworded_book_is_told_from_every_so_many_of_its_sentences() -> None:
    book = "\n".join(
        paragraph for number in range(120) for paragraph in distinct_article(number).paragraphs
    )
    reworded = spun(book, random.Random(1), 0.3)
    assert relate(reading("书", reworded), reading("书", book)).relation is Relation.REWRITE
    other = "\n".join(
        paragraph for number in range(200, 320) for paragraph in distinct_article(number).paragraphs
    )
    assert not relate(reading("书", other), reading("书", book)).relation.joins


def test_texts_without_prose_are_never_copies() -> None:
    assert relate(reading("图集", ""), reading("图集", "")).relation is Relation.NEW


def test_one_closed_gap_is_layout_and_many_are_doctoring() -> None:
    original = reading_of(FARM)
    once = reading(
        FARM.title, FARM.body.replace("消费者协会", "消费者 协会").replace("借款人", "借款 人", 1)
    )
    often = reading(FARM.title, FARM.body.replace("青禾借", "青 禾借"))
    assert relate(once, original).relation is Relation.EXACT
    assert relate(often, original).relation is Relation.GAPPED


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("一、用钱宝的催收背景", True),
        ("1.1 消费金融市场的现状", True),
        ("(二)业务定位", True),
        ("引言", True),
        ("催收方式的新变化", True),
        ("15天内未还款的用户将被起诉。", False),
        ("他说,这件事情已经过去", False),
        ("公司共有四十名员工负责处理投诉,每个人每天要接一百个电话", False),
    ],
)
def test_headings_are_told_from_prose(line: str, heading: bool) -> None:
    assert is_heading(line) is heading


@pytest.mark.parametrize(
    ("line", "boilerplate"),
    [
        ("声明:该作品系作者结合自身经历和学识整合", True),
        ("内容侵权、删帖举报联系方式:15070879527 3590931873@qq.com", True),
        ("延伸阅读主编精选推荐", True),
        ("责任编辑:小禾", True),
        ("来源:本报记者", True),
        ("13800000000", True),
        ("来源于平台的统计显示,逾期率上升。", False),
        ("公司声明称不存在暴力催收。", False),
        ("编辑部的同事也收到了催收短信。", False),
        ("作者在文章中表示,利率过高。", False),
    ],
)
def test_site_furniture_is_told_from_prose(line: str, boilerplate: bool) -> None:
    assert is_boilerplate(line) is boilerplate


def test_a_repeated_title_and_a_repeated_lead_are_no_prose() -> None:
    lines = ["标题", "青禾借重启催收,引起关注。", "标题", "青禾借重启催收,引起关注。"]
    kinds = line_kinds("标题", lines)
    assert kinds == [Kind.BOILERPLATE, Kind.PROSE, Kind.BOILERPLATE, Kind.BOILERPLATE]


def test_a_page_of_short_lines_has_prose() -> None:
    assert set(line_kinds("诗", ["天黑了就坐在厨房", "把灯打开", "把账算清楚"])) == {Kind.PROSE}


@pytest.mark.parametrize(
    ("heading", "key"),
    [("一、背景", "背景"), ("2.3 背景", "背景"), ("(三)背景:", "背景"), ("背景", "背景")],
)
def test_a_headings_number_is_no_part_of_it(heading: str, key: str) -> None:
    assert heading_key(heading) == key


@pytest.mark.corpus
def test_every_copy_of_the_seed_article_is_one_story() -> None:
    body = shared_file("seed/article.txt").read_text(encoding="utf-8")
    name = Platform(name="用钱宝", traditional="用錢寶", aliases=(Alias(name="用钱宝App"),))
    matcher = Matcher(Watchlist(platforms=(name,), topics=()))
    title = "用錢寶2024又開始催收了"
    seed = reading(title, body, matcher)
    copies = {
        Relation.SCRIPT_VARIANT: opencc.OpenCC("t2s").convert(body),
        Relation.ANNOTATED: re.sub(r"\([^()\d]{1,7}\)", "", body),
        Relation.PARTIAL: "\n".join(line for line in body.splitlines() if len(line) > 25),
    }
    for relation, copy in copies.items():
        assert relate(reading(title, copy, matcher), seed).relation is relation


@pytest.mark.corpus
def test_real_pairs_are_judged_as_people_judged_them() -> None:
    wrong = []
    for pair in json_lines(shared_file("corpus/reposts_news2018/pairs.jsonl")):
        if pair["should_cluster"] is None:
            continue
        one, other = (reading(pair[side]["title"], pair[side]["body"]) for side in "ab")
        if relate(other, one).relation.joins is not pair["should_cluster"]:
            wrong.append((pair["id"], pair["label"]))
    assert wrong == []
