"""What changed between two versions of an article, by meaning."""

import random

import opencc
import pytest
from our_articles import BASE, CLOSING, COURT, DIARY, FARM, FINE, PRIVACY
from repost_generator import annotated, spaced, zero_width

from monitor.changes.diff import Change, Version, compare
from monitor.changes.figures import number
from monitor.changes.tokens import Fact, tokens

NAMES = {
    "青禾借": "青禾借",
    "米袋钱包": "米袋钱包",
    "米袋": "米袋钱包",
    "橙子借条": "橙子借条",
    "云帆贷": "云帆贷",
    "蓝桥分期": "蓝桥分期",
}
TERMS = frozenset({"催收", "暴力催收", "逾期提醒"})


def version(title: str, text: str, author: str | None = None, at: str | None = None) -> Version:
    return Version(title, text, author, at, names=NAMES, terms=TERMS)


def changed(before: str, after: str) -> Change:
    return compare(version("标题", before), version("标题", after))


def replaced(text: str, old: str, new: str) -> Change:
    assert old in text, old
    return changed(text, text.replace(old, new))


UNCHANGED = [
    ("white space", lambda body: body.replace("\n\n", "\n")),
    ("one paragraph", lambda body: body.replace("\n", "")),
    ("other script", lambda body: opencc.OpenCC("s2t").convert(body)),
    ("simplified", lambda body: opencc.OpenCC("t2s").convert(body)),
    ("punctuation width", lambda body: body.replace(",", "，").replace("。", ".")),
    ("quotation marks", lambda body: body.replace("“", "「").replace("”", "」")),
    ("annotations", lambda body: annotated(body, random.Random(1), 0.2)),
    ("spaces", lambda body: spaced(body, random.Random(1))),
    ("zero width", lambda body: zero_width(body, random.Random(1))),
    ("disclaimer", lambda body: body + "\n声明:本文仅代表作者个人观点。\n责任编辑:小禾"),
    ("counter", lambda body: "阅读 1024\n" + body + "\n浏览次数:2048"),
    ("related", lambda body: body + "\n相关阅读:十大理财技巧\n延伸阅读\n最新文章"),
    ("title again", lambda body: "标题\n" + body),
]


@pytest.mark.parametrize("article", BASE, ids=lambda each: each.key)
@pytest.mark.parametrize(
    ("kind", "make"), UNCHANGED, ids=lambda each: each if isinstance(each, str) else ""
)
def test_what_a_reader_would_not_call_an_edit_is_none(article, kind, make) -> None:
    change = changed(article.body, make(article.body))
    assert (change.kind, change.material, change.summary) == ("none", False, "")


MATERIAL = [
    (COURT, "八十万元", "五十万元", "amount", "「八十万元」改为「五十万元」"),
    (COURT, "2.3亿元", "3.2亿元", "amount", "「2.3亿元」改为「3.2亿元」"),
    (COURT, "百分之四十五", "百分之三十五", "amount", "「百分之四十五」改为「百分之三十五」"),
    (COURT, "10月16日", "10月18日", "date", "「10月16日」改为「10月18日」"),
    (COURT, "2021年3月", "2020年3月", "date", "「2021年3月」改为「2020年3月」"),
    (COURT, "二百一十四名", "一百二十四名", "number", "「二百一十四」改为「一百二十四」"),
    (COURT, "没有采纳", "采纳", "negation", "删「没有」"),
    (COURT, "愿意向经核实", "不愿意向经核实", "negation", "增「不」"),
    (COURT, "委托方的管理漏洞", "委托方的暴力催收漏洞", "topic", "「管理」改为「暴力催收」"),
    (
        COURT,
        "恒源公司承接米袋钱包委托",
        "恒源公司承接云帆贷委托",
        "name",
        "「米袋钱包」改为「云帆贷」",
    ),
    (FINE, "六百四十萬元", "四百六十萬元", "amount", "「六百四十萬元」改为「四百六十萬元」"),
    (FINE, "九十日內", "六十日內", "date", "「九十日」改为「六十日」"),
    (FINE, "不申請複議", "申請複議", "negation", "「不」"),
    (FINE, "三千八百多份", "三千一百多份", "number", "「三千八百」改为「三千一百」"),
    (DIARY, "一万两千四百元", "一万两千元", "amount", "「一万两千四百元」改为「一万两千元」"),
    (DIARY, "不再联系第三人", "联系第三人", "negation", "删「不再」"),
    (CLOSING, "十二月一日", "十二月十日", "date", "「十二月一日」改为「十二月十日」"),
    (
        CLOSING,
        "十八億七千萬元",
        "十七億八千萬元",
        "amount",
        "「十八億七千萬元」改为「十七億八千萬元」",
    ),
    (PRIVACY, "三十一个收到了邮件", "十三个收到了邮件", "number", "「三十一」改为「十三」"),
    (PRIVACY, "已经报警", "可能报警", "modality", "「已经」改为「可能」"),
    (FARM, "百分之四", "百分之十四", "amount", "「百分之四」改为「百分之十四」"),
]


@pytest.mark.parametrize(("article", "old", "new", "kind", "quoted"), MATERIAL)
def test_a_changed_fact_is_material_typed_and_quoted(article, old, new, kind, quoted) -> None:
    change = replaced(article.body, old, new)
    assert change.kind == "edit"
    assert change.material
    assert change.kinds[0] == kind
    assert quoted in change.summary
    assert "\n" not in change.summary


WORDING = [
    (COURT, "介绍", "表示"),
    (COURT, "当庭表示上诉", "当庭表明上诉"),
    (DIARY, "一个年轻的女声", "一个年轻女声"),
    (FARM, "保留每一次沟通的录音作为凭据", "保存每一次沟通的录音作为凭证"),
    (PRIVACY, "更让人担忧", "更令人担忧"),
    (FINE, "業內人士分析", "業界人士分析"),
]


QUOTED_WHOLE = [
    ("记者陈启明报案。", "记者陈启铭报案。", "名称：记者「陈启明」改为「陈启铭」"),
    ("共有云朵分期、拾光花和优米钱包。", "共有云朵分期、拾光花和优享钱包。", "「优米钱包」改为「优享钱包」"),
    ("他们很快提高警剔。", "他们很快提高警惕。", "「提高警剔」改为「提高警惕」"),
    ("按时对付本金。", "按时兑付本金。", "「对付」改为「兑付」"),
    ("大股东为江州银行。", "大股东为江南银行。", "「江州银行」改为「江南银行」"),
    ("案件逐年增多。", "案件逐年增加。", "「增多」改为「增加」"),
    # What came or went and makes no word is quoted as it is, and nothing beyond a mark.
    ("他当天就还了钱。", "他当天就还清了钱。", "「还」改为「还清」"),
    ("他当天就还了钱。", "他当天便就还了钱。", "增「便」"),
    ("去年，他借了钱。", "前年，他借了钱。", "「去年」改为「前年」"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "quoted"), QUOTED_WHOLE)
def test_words_and_names_are_quoted_whole(old, new, quoted) -> None:
    assert quoted in changed(old, new).summary


SUPPLIER = "一位供应商说，他手里握着四张到期的票据，对方每次都说“下周一定”。"


@pytest.mark.parametrize(
    ("edited", "material"),
    [
        (SUPPLIER, False),
        (SUPPLIER.replace("对方每次都说", "对方每回都说"), False),
        (SUPPLIER.replace("四张", "六张"), True),
        (SUPPLIER.replace("供应商", "交易员"), True),
    ],
)
def test_a_sentence_that_moved_is_compared_with_what_it_was(edited, material) -> None:
    paragraphs = COURT.body.splitlines()
    before = "\n".join([*paragraphs, SUPPLIER])
    after = "\n".join([*paragraphs[:1], edited, *paragraphs[1:]])
    change = changed(before, after)
    assert (change.kind, change.material) == ("edit", material)
    assert "order" in change.kinds
    assert not {"paragraph-added", "paragraph-removed"} & set(change.kinds)


@pytest.mark.parametrize(("article", "old", "new"), WORDING)
def test_a_reworded_phrase_is_an_edit_that_is_not_material(article, old, new) -> None:
    change = replaced(article.body, old, new)
    assert (change.kind, change.material, change.kinds) == ("edit", False, ("wording",))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("八十万元", "80万元"),
        ("一百二十七通", "127通"),
        ("四万一千余个", "41000余个"),
        ("百分之四十五", "45%"),
        ("10月16日", "10月16号"),
        ("一年八个月", "1年8个月"),
    ],
)
def test_a_figure_written_otherwise_is_no_change(old: str, new: str) -> None:
    assert replaced(COURT.body, old, new).kind == "none"


def test_an_alias_of_the_same_platform_is_no_change_of_name() -> None:
    change = replaced(COURT.body, "承接米袋钱包委托", "承接米袋委托")
    assert (change.kind, change.material, change.kinds) == ("edit", False, ("wording",))


def paragraphs(body: str) -> list[str]:
    return body.strip().split("\n\n")


@pytest.mark.parametrize(
    "article", [COURT, FINE, DIARY, CLOSING, PRIVACY], ids=lambda each: each.key
)
def test_a_removed_paragraph_is_told_with_its_words(article) -> None:
    parts = paragraphs(article.body)
    change = changed(article.body, "\n\n".join([*parts[:2], *parts[3:]]))
    assert change.material
    assert "paragraph-removed" in change.kinds
    assert f"删去段落：「{parts[2][:10]}" in change.summary
    back = changed("\n\n".join([*parts[:2], *parts[3:]]), article.body)
    assert "paragraph-added" in back.kinds
    assert f"新增段落：「{parts[2][:10]}" in back.summary


@pytest.mark.parametrize(
    "article", [COURT, FINE, DIARY, CLOSING, PRIVACY], ids=lambda each: each.key
)
def test_a_moved_paragraph_is_neither_removed_nor_added(article) -> None:
    parts = paragraphs(article.body)
    moved = [parts[0], *parts[2:5], parts[1], *parts[5:]]
    change = changed(article.body, "\n\n".join(moved))
    assert (change.kind, change.material, change.kinds) == ("edit", False, ("order",))


def test_a_paragraph_replaced_by_another_is_one_removed_and_one_added() -> None:
    parts = paragraphs(COURT.body)
    other = paragraphs(DIARY.body)[4]
    change = changed(COURT.body, "\n\n".join([*parts[:3], other, *parts[4:]]))
    assert {"paragraph-added", "paragraph-removed"} <= set(change.kinds)
    assert change.material


def test_a_clause_that_says_something_else_is_material_although_it_names_no_fact() -> None:
    change = replaced(COURT.body, "向经核实的受害人道歉并减免息费", "追究造谣者的法律责任直到底")
    assert change.material


def test_a_correction_note_is_named_as_one() -> None:
    change = changed(COURT.body, COURT.body + "\n编者按:此前报道有误,罚金应为五十万元。")
    assert change.material
    assert change.kinds[0] == "correction"
    assert change.summary.startswith("更正：")


def test_the_first_mention_of_collection_is_a_topic_change() -> None:
    before = "青禾借昨日发布公告,调整客服时间。用户可以通过应用提交问题。"
    change = changed(before, before.replace("调整客服时间", "调整催收时间"))
    assert change.material
    assert "topic" in change.kinds


@pytest.mark.parametrize(
    ("before", "after", "kinds", "material"),
    [
        ("米袋钱包案宣判", "米袋钱包案一审宣判", {"title"}, True),
        ("米袋钱包被罚50万元", "米袋钱包被罚80万元", {"title", "amount"}, True),
        ("米袋钱包涉嫌违规", "米袋钱包违规", {"title", "modality"}, True),
        ("米袋钱包回应投诉", "米袋钱包回复投诉", {"title", "wording"}, False),
    ],
)
def test_a_changed_title_is_an_edit(before, after, kinds, material) -> None:
    change = compare(version(before, COURT.body), version(after, COURT.body))
    assert change.kind == "edit"
    assert kinds <= set(change.kinds)
    assert change.material is material
    assert change.summary.startswith("标题")


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        (("小禾", None), ("大禾", None), ("author",)),
        ((None, "2024-11-08T10:00:00+08:00"), (None, "2025-01-01T10:00:00+08:00"), ("redated",)),
        (("小禾", "2024-11-08"), ("大禾", "2025-01-01"), ("author", "redated")),
    ],
)
def test_another_author_or_date_over_the_same_text_is_meta(before, after, kinds) -> None:
    change = compare(version("标题", COURT.body, *before), version("标题", COURT.body, *after))
    assert (change.kind, change.material, change.kinds) == ("meta", False, kinds)


@pytest.mark.parametrize(
    ("before", "after"),
    [(("小禾", "2024-11-08"), (None, None)), ((None, None), ("小禾", "2024-11-08"))],
)
def test_an_author_or_date_that_extraction_loses_or_finds_is_no_change(before, after) -> None:
    change = compare(version("标题", COURT.body, *before), version("标题", COURT.body, *after))
    assert change.kind == "none"


def test_a_summary_quotes_three_changes_and_counts_the_rest() -> None:
    after = COURT.body
    for old, new in (
        ("八十万元", "五十万元"),
        ("2.3亿元", "3.2亿元"),
        ("10月16日", "10月17日"),
        ("介绍", "表示"),
        ("没有采纳", "采纳"),
    ):
        after = after.replace(old, new)
    change = changed(COURT.body, after)
    assert change.kinds == ("amount", "date", "negation", "wording")
    assert change.summary.endswith("另有 2 处")
    assert len(change.summary) < 200


def test_an_empty_text_and_the_same_text_compare() -> None:
    assert changed("", "").kind == "none"
    assert changed(COURT.body, COURT.body).kind == "none"
    assert "paragraph-removed" in changed(COURT.body, "").kinds


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("三千五百", "3500"),
        ("四万一千", "41000"),
        ("2.3亿", "230000000"),
        ("1,200", "1200"),
        ("二〇二一", "2021"),
        ("十", "10"),
        ("一百零五", "105"),
        ("一亿三千万", "130000000"),
        ("两三千", "两三千"),
        ("36", "36"),
    ],
)
def test_figures_are_read_in_both_writings(written: str, plain: str) -> None:
    assert number(written) == plain


@pytest.mark.parametrize(
    ("text", "fact", "keys"),
    [
        ("罚款八十万元", Fact.AMOUNT, ["800000元"]),
        ("年化36%", Fact.AMOUNT, ["36%"]),
        ("去年11月8日", Fact.DATE, ["去年", "11月8日"]),
        ("不过他不同意", Fact.NEGATION, ["不"]),
        ("不仅如此,未来可期", Fact.NEGATION, []),
        ("一些人一直等", Fact.NUMBER, []),
        ("涉嫌违规,或将被罚", Fact.MODALITY, ["涉嫌", "或将"]),
    ],
)
def test_tokens_say_what_they_are(text: str, fact: Fact, keys: list[str]) -> None:
    assert [each.key for each in tokens(text, {}, ()) if each.fact is fact] == keys
