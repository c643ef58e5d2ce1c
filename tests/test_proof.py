"""What a proof says of two texts: how much they share, where, and what differs."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from our_articles import BASE, BRIEF, BY_KEY, FARM, FARM_SIBLING, WATCHLIST, OurArticle
from repost_generator import (
    Repost,
    annotated,
    headings_removed,
    paragraphs_shuffled,
    reposts,
    sentences_shuffled,
    spaced,
    spun,
    swapped,
    zero_width,
)

from monitor.stories.differences import DifferenceKind
from monitor.stories.fingerprint import compact
from monitor.stories.layout import LONGEST, Text
from monitor.stories.proof import Proof, Swap, prove
from monitor.stories.proof_summary import summary
from monitor.stories.reading import read
from monitor.stories.relation import Relation, relate
from seeds.fold import fold_text
from seeds.match import Matcher

MATCHER = Matcher(WATCHLIST)
COURT = BY_KEY["court"]


def text(title: str, body: str) -> Text:
    return Text(title, body, MATCHER.match(title, body))


def of(article: OurArticle | Repost) -> Text:
    return text(article.title, article.body)


def proof_of(body: str, article: OurArticle = FARM) -> Proof:
    return prove(text(article.title, body), of(article))


def copies() -> list[tuple[OurArticle, Repost]]:
    return [(article, made) for article in BASE for made in reposts(article, BY_KEY["closing"])]


def assert_places_hold(proof: Proof, newer: str, older: str) -> None:
    """Every span is the same text in both once folded, and no two overlap in either."""
    for span in proof.spans:
        ours, theirs = older[slice(*span.older)], newer[slice(*span.newer)]
        assert compact(fold_text(ours)) == compact(fold_text(theirs)) != ""
    for places in (
        [span.newer for span in proof.spans],
        sorted(span.older for span in proof.spans),
    ):
        assert all(one.end <= other.start for one, other in pairwise(places))
    for each in proof.differences:
        assert 0 <= each.older.start <= each.older.end <= len(older)
        assert 0 <= each.newer.start <= each.newer.end <= len(newer)


# ---- places


@pytest.mark.parametrize(
    ("article", "copy"), copies(), ids=lambda each: getattr(each, "key", None) or each.kind
)
def test_every_common_span_is_the_same_text_in_both_originals(
    article: OurArticle, copy: Repost
) -> None:
    proof = prove(of(copy), of(article))
    assert_places_hold(proof, copy.body, article.body)
    likeness = relate(
        *(read(each.title, each.body, each.matches) for each in (of(copy), of(article)))
    )
    assert (proof.relation, proof.similarity) == (likeness.relation, likeness.similarity)


PHRASES = [
    "機(jī)制", "机制", "青禾借", "青 禾 借", "㎡", "⑩", "乾隆年间", "乾燥", "幹部", "干部", "著作", "看著",
    "催\u200b收", "催收", "&amp;", "&#44;", "百分之三点六", "3.6%", "1,200元", "三千元", "2024年11月8日",
    "没有", "。", "，", "\n", "\n\n", "  ", "Ａｐｐ", "App", "借款人每天要接四十多个电话", "平台的客服说", "😀",
    "责任编辑:小禾\n", "一、背景\n", "\u202e", "e\u0301", "ﬁ", "㈱", "(", "cuī shōu", "\r\n", "\x85", "\x0c",
]  # fmt: skip
texts = st.lists(st.sampled_from(PHRASES), max_size=40).map("".join)


@given(st.lists(st.sampled_from(PHRASES), max_size=40), st.randoms(use_true_random=False), texts)
@example(["乾隆年间"] * 9, random.Random(0), "")
@example(["機(jī)制"] * 3, random.Random(0), "\r\n责任编辑:小禾\n機(jī)制")
@example(["㎡"] * 9, random.Random(1), "")
@example(["e\u0301", "(", "cuī shōu"] * 9, random.Random(2), "")
def test_places_hold_whatever_was_done_to_a_text(
    phrases: list[str], chance: random.Random, more: str
) -> None:
    older = "".join(phrases)
    kept = [each for each in phrases if chance.random() < 0.9]
    chance.shuffle(kept)
    for newer in ("".join(kept) + more, more + older):
        assert_places_hold(prove(text("题", newer), text("题", older)), newer, older)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    proof = prove(text("题", one + other), text("题", other + one))
    assert_places_hold(proof, one + other, other + one)
    assert summary(proof)


# ---- what differs


def kinds(proof: Proof) -> set[str]:
    return {each.kind.value for each in proof.differences}


def test_an_exact_copy_shares_all_and_differs_in_nothing() -> None:
    proof = proof_of(FARM.body)
    assert (proof.newer.share, proof.older.share, proof.differences) == (1.0, 1.0, ())
    assert len(proof.spans) == 1
    assert summary(proof) == "与首发文本相同 100%"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("traditional", "与首发文本相同 100%；简体→繁体"),
        ("light tail", "与首发文本相同 100%；套话 2 行未计"),
        ("first 30%", "与首发文本相同 100%，占其 32%；漏字 1 处；删去 6 段（共 417 字）；小标题删 8 个"),
        ("glued", "与首发文本相同 51%，占其 100%；增加 7 段（共 595 字）；简体→繁简混用"),
        ("words cut", "与首发文本相同 100%；漏字 2 处"),
        ("advertisement", "与首发文本相同 90%，占其 100%；增加 1 段（共 65 字）"),
        ("headings removed", "与首发文本相同 100%；小标题删 11 个"),
    ],
)  # fmt: skip
def test_a_line_sums_up_what_was_done(kind: str, says: str) -> None:
    copy = next(each for each in reposts(FARM, BY_KEY["closing"]) if each.kind == kind)
    assert summary(prove(of(copy), of(FARM))) == says


@pytest.mark.parametrize(
    ("make", "sign"),
    [
        (lambda body, chance: annotated(body, chance, 0.1), "annotations"),
        (spaced, "gaps"),
        (zero_width, "invisible"),
        (lambda body, _: body.replace(",", "&#44;"), "entities"),
    ],
    ids=["annotations", "gaps", "invisible", "entities"],
)
def test_doctoring_is_counted_and_takes_nothing_from_what_is_shared(make, sign: str) -> None:
    proof = proof_of(make(FARM.body, random.Random(3)))
    assert proof.newer.share == proof.older.share == 1
    assert not proof.differences
    assert getattr(proof.newer.doctoring, sign) > 20 > getattr(proof.older.doctoring, sign)


@pytest.mark.parametrize("article", BASE, ids=lambda each: each.key)
@pytest.mark.parametrize("shuffle", [paragraphs_shuffled, sentences_shuffled])
def test_a_shuffled_copy_is_told_as_moved_and_not_as_deleted_and_inserted(
    article: OurArticle, shuffle
) -> None:
    body = shuffle(article.body.strip(), random.Random(article.key))
    proof = proof_of(body, article)
    assert min(proof.newer.share, proof.older.share) > 0.97
    assert proof.of_kind(DifferenceKind.MOVED)
    assert not proof.of_kind(DifferenceKind.MISSING, DifferenceKind.ADDED)
    assert "调换顺序" in summary(proof)


def test_a_shuffled_and_spun_copy_still_tells_word_from_word() -> None:
    chance = random.Random(1)
    proof = proof_of(spun(sentences_shuffled(COURT.body.strip(), chance), chance, 0.2), COURT)
    assert len(proof.of_kind(DifferenceKind.REPLACED)) > 20
    assert sum(each.characters for each in proof.of_kind(DifferenceKind.MISSING)) < 40


def test_replaced_words_are_told_with_their_places() -> None:
    body = FARM.body.replace("凌晨", "半夜").replace("专家建议", "律师提醒")
    proof = proof_of(body)
    assert kinds(proof) == {"replaced"}
    assert [
        (FARM.body[slice(*each.older)], body[slice(*each.newer)]) for each in proof.differences
    ] == [("凌晨", "半夜"), ("专家建议", "律师提醒")]


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ("三千元以内", "五千元以内", "amount"),
        ("百分之十一", "百分之二十一", "amount"),
        ("三百通以上", "五百通以上", "number"),
        ("第二天会收到", "第二天不会收到", "negation"),
    ],
)
def test_a_fact_told_otherwise_is_marked(old: str, new: str, fact: str) -> None:
    assert old in FARM.body
    proof = proof_of(FARM.body.replace(old, new))
    (difference,) = proof.differences
    assert difference.facts == (fact,)
    assert "事实改动 1 处" in summary(proof)


def test_a_figure_written_otherwise_is_another_wording_and_no_other_fact() -> None:
    (difference,) = proof_of(FARM.body.replace("三千元以内", "3000元以内")).differences
    assert (difference.kind, difference.facts) == (DifferenceKind.REPLACED, ())


def test_a_swapped_name_is_counted() -> None:
    proof = prove(of(swapped(FARM, "青禾借", "顺信花")), of(FARM))
    assert proof.relation is Relation.PLATFORM_SWAP
    assert proof.swaps == (Swap("青禾借", "顺信花", FARM.body.count("青禾借")),)
    assert kinds(proof) == {"name"}
    assert summary(proof, "文章 7 ").startswith("与文章 7 相同 98%；名称 青禾借→顺信花 ×")


def test_another_name_of_the_same_platform_is_no_swap() -> None:
    body = COURT.body.replace("米袋钱包", "米袋")
    proof = proof_of(body, COURT)
    assert body != COURT.body
    assert not proof.swaps
    assert kinds(proof) == {"replaced"}


def test_headings_are_told_apart_from_prose() -> None:
    removed = proof_of(headings_removed(FARM.body))
    assert kinds(removed) == {"heading-removed"}
    assert removed.newer.share == removed.older.share == 1
    renumbered = proof_of(FARM.body.replace("1.1 ", "2.7 ").replace("二、", "五、"))
    assert [each.kind for each in renumbered.differences] == ["heading-renumbered"] * 2
    assert not any(each.facts for each in renumbered.differences)


def test_a_sibling_shares_its_headings_and_hardly_more() -> None:
    proof = prove(of(FARM_SIBLING), of(FARM))
    assert proof.relation is Relation.TEMPLATE_SIBLING
    assert proof.shared_headings >= 8
    assert proof.newer.share < 0.2
    assert summary(proof).startswith("与首发文本同一模板，小标题相同")


def test_unrelated_texts_share_next_to_nothing() -> None:
    proof = prove(of(BY_KEY["diary"]), of(FARM))
    assert proof.relation is Relation.NEW
    assert proof.newer.share < 0.05
    assert summary(proof) == "与首发文本并非同文，相同 0%；标题不同"


def test_what_is_left_out_as_boilerplate_is_pointed_at() -> None:
    body = BRIEF.body + "\n\n责任编辑:小禾\n\n" + BRIEF.title
    proof = proof_of(body, BRIEF)
    assert [body[slice(*each)] for each in proof.newer.boilerplate] == [
        "责任编辑:小禾",
        BRIEF.title,
    ]
    assert proof.newer.share == 1


def test_a_few_words_in_the_place_of_a_long_passage_do_not_replace_it() -> None:
    proof = proof_of("另据" + COURT.body[-300:], COURT)
    assert not proof.of_kind(DifferenceKind.REPLACED)


# ---- limits


def test_a_text_that_is_too_long_is_compared_up_to_a_limit_and_the_proof_says_so() -> None:
    sentences = [f"{number}号借款人说他逾期了。" for number in range(LONGEST // 10)]
    newer, older = "".join(sentences)[:LONGEST], "".join(sentences)[: LONGEST + 500]
    proof = prove(text("题", newer), text("题", older))
    assert (proof.older.cut_off, proof.newer.cut_off) == (True, False)
    assert (proof.older.read, proof.newer.share) == (LONGEST, 1.0)
    assert f"只比对前 {LONGEST:,} 字" in summary(proof)


def test_a_shuffled_book_costs_about_as_much_as_it_is_long() -> None:
    chance = random.Random(4)
    han = [chr(code) for code in range(0x4E00, 0x4E00 + 2_000)]
    sentences = ["".join(chance.choices(han, k=chance.randint(8, 50))) for _ in range(2_000)]
    older = "。".join(sentences)
    chance.shuffle(sentences)
    started = time.process_time()
    proof = prove(text("题", "。".join(sentences)), text("题", older))
    # 2 s on a busy core; what this guards against is the square of the length.
    assert time.process_time() - started < 30
    assert proof.newer.share == proof.older.share == 1
    assert not set(kinds(proof)) - {"moved"}


@pytest.mark.parametrize("unit", ["哈", "哈。", "哈\n", "甲乙丙丁戊己庚辛", "1 ", "((", "機(jī)"])
def test_a_text_that_repeats_itself_costs_no_more(unit: str) -> None:
    newer, older = unit * (60_000 // len(unit)), unit * (50_000 // len(unit))
    started = time.process_time()
    assert_places_hold(prove(text("题", newer), text("题", older)), newer, older)
    assert time.process_time() - started < 30
