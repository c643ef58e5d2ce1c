"""How likely a page is a content farm's, and why."""

import json
from hashlib import sha256
from itertools import pairwise

import pytest
from farm_pages import LabelledPage, labelled_pages
from hypothesis import given
from hypothesis import strategies as st
from our_articles import BASE
from shared_corpus import json_lines, shared_file

from seeds.farm import METHOD, FarmLikelihood, Reason, ReasonKind, label, likelihood, summary
from seeds.farm.wording import LABELS
from seeds.fold import fold

PAGES = {page.key: page for page in labelled_pages()}
# An article that says little: neither sourced nor stuffed, so that one sign shows by itself.
PLAIN = (
    "河边的那棵老槐树今年没有开花。村里的老人坐在石桥上,看着水慢慢地往东流。孩子们放学以后"
    "在田埂上跑来跑去,把书包挂在树枝上面。傍晚起了一点风,炊烟从屋顶上升起来,又被吹散了。"
    "谁家的狗叫了两声,就再也没有动静。月亮出来的时候,桥上的人已经走光了,只剩下一只木凳子。"
    "第二天早上,凳子也不见了,大家说是被水冲走的,可是河水并没有涨过。后来又有一只新的放在那里。"
)


def kinds(found: FarmLikelihood) -> set[ReasonKind]:
    return {reason.kind for reason in found.reasons}


def weight(found: FarmLikelihood, kind: ReasonKind) -> float:
    return sum(reason.weight for reason in found.reasons if reason.kind is kind)


def score(page: LabelledPage) -> FarmLikelihood:
    return likelihood(page.title, page.body, page.boilerplate)


@pytest.mark.parametrize("half", ["dev", "held"])
def test_labelled_pages_are_told_apart(half: str) -> None:
    scored = [(page.farm, score(page).likely) for page in PAGES.values() if page.half == half]
    right = sum(likely for farm, likely in scored if farm)
    wrong = sum(likely for farm, likely in scored if not farm)
    assert right >= 0.9 * sum(farm for farm, _ in scored)
    assert wrong <= 1


SINGLE_SIGNS = {
    "title once more": ("河边的那棵老槐树", PLAIN, "", ReasonKind.TITLE_REPEATED),
    "a question for a title": ("老槐树为什么不开花", PLAIN, "", ReasonKind.SEARCH_TITLE),
    "a disclaimer": ("槐树", PLAIN, "本文仅供参考,如有侵权请联系删除", ReasonKind.DISCLAIMER),
    "a contact": ("槐树", PLAIN, "微信号:abc12345 13800138000", ReasonKind.CONTACT),
    "related reading": ("槐树", PLAIN, "延伸阅读\n最新文章\n猜你喜欢", ReasonKind.RELATED_TAIL),
    "nobody's byline": ("槐树", PLAIN, "作者:小编 来源:网络", ReasonKind.BYLINE),
    "one annotation": ("槐树", PLAIN.replace("石桥", "石桥(qiáo)"), "", ReasonKind.ANNOTATIONS),
    "a gap": ("槐树", PLAIN.replace("石桥", "石 桥"), "", ReasonKind.GAPS),
    "an invisible character": (
        "槐树", PLAIN.replace("石桥", "石\u200b桥"), "", ReasonKind.INVISIBLE,
    ),
    "an entity": ("槐树", PLAIN.replace("石桥", "石&#26725;"), "", ReasonKind.ENTITIES),
    "a word in the other script": (
        "槐树", PLAIN.replace("石桥", "石橋"), "", ReasonKind.MIXED_SCRIPT,
    ),
    "headings": (
        "槐树", f"一、背景\n{PLAIN}\n二、影响\n{PLAIN}", "", ReasonKind.TEMPLATE_HEADINGS,
    ),
    "a stuffed name": (
        "青禾借", PLAIN.replace("。", ",青禾借。"), "", ReasonKind.NAME_STUFFED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("sign", SINGLE_SIGNS)
def test_one_weak_sign_alone_is_seen_and_makes_no_farm(sign: str) -> None:
    title, body, boilerplate, kind = SINGLE_SIGNS[sign]
    found = likelihood(title, body, boilerplate)
    assert kind in kinds(found)
    assert weight(found, kind) > 0
    assert found.score < 0.5


def test_dense_annotations_alone_make_a_farm() -> None:
    body = PLAIN.replace("的", "的(de)").replace("上", "上(shàng)")
    assert likelihood("槐树", body).likely


def test_a_rare_character_read_for_the_reader_makes_none() -> None:
    page = PAGES["name-readings-news"]
    assert ReasonKind.ANNOTATIONS in kinds(score(page))
    assert score(page).score < 0.5


@pytest.mark.parametrize(
    "key", ["poem-annotated", "poem-traditional-annotated", "primary-textbook-annotated"]
)
def test_what_annotations_help_to_read_is_no_farm(key: str) -> None:
    found = score(PAGES[key])
    assert {ReasonKind.ANNOTATIONS, ReasonKind.LESSON} <= kinds(found)
    assert found.score < 0.5


def test_traditional_script_is_no_sign() -> None:
    page = PAGES["taiwan-paper"]
    assert ReasonKind.MIXED_SCRIPT not in kinds(score(page))
    assert score(page).score < 0.1


def test_emoji_are_no_invisible_characters() -> None:
    assert ReasonKind.INVISIBLE not in kinds(likelihood("槐树", PLAIN + "❤️👨‍👩‍👧" * 10))


def test_columns_and_lists_of_names_are_no_gaps() -> None:
    assert ReasonKind.GAPS not in kinds(likelihood("名单", "柯洁 时越 古力\n李喆 周睿 唐韦"))
    assert ReasonKind.GAPS not in kinds(likelihood("槐树", PLAIN.replace("石桥", "石  桥")))


@pytest.mark.parametrize("blank", [" ", "\u3000", "\xa0", "  ", "\t", "\n"])
@pytest.mark.parametrize("sentence", [",坐在石{}桥上", "石{}桥"])
def test_a_gap_weighs_where_the_fold_counts_a_cut(blank: str, sentence: str) -> None:
    text = sentence.format(blank)
    found = likelihood("槐树", text)
    gaps = sum(reason.count for reason in found.reasons if reason.kind is ReasonKind.GAPS)
    assert gaps == fold(text).signals.cuts == (len(sentence) > 5 and blank in " \u3000\xa0")


def test_a_byline_that_extraction_took_counts_too() -> None:
    for byline in ("小编", "网络", "網絡整理", "李晓 来源:互联网"):
        assert ReasonKind.BYLINE in kinds(likelihood("槐树", PLAIN, byline=byline)), byline
    for byline in ("李晓 江岸晚报", "网络安全报", "李晓 来源:互联网金融新闻中心", "網絡電視台"):
        assert ReasonKind.BYLINE not in kinds(likelihood("槐树", PLAIN, byline=byline)), byline


def test_a_reason_quotes_its_evidence() -> None:
    found = likelihood("槐树", PLAIN.replace("石桥", "石桥(qiáo)"), "微信号:abc12345")
    quoted = {reason.kind: reason.excerpt for reason in found.reasons}
    assert "桥(qiáo)" in quoted[ReasonKind.ANNOTATIONS]
    assert quoted[ReasonKind.CONTACT] == "微信号:abc12345"


# What each METHOD made of a page for each sign and of our articles. Stored articles are read again
# when METHOD changes (`lendwatch rematch`): whoever changes a judgement counts it up, and writes
# what this test says beside it.
JUDGED = {1: "ac56d53f5876c622"}


def test_another_judgement_is_another_method() -> None:
    texts = [
        *(sign[:3] for sign in SINGLE_SIGNS.values()),
        *((each.title, each.body, "作者:小编") for each in BASE),
    ]
    judged = json.dumps([likelihood(*each).as_dict() for each in texts], sort_keys=True)
    assert JUDGED.get(METHOD) == sha256(judged.encode()).hexdigest()[:16]


ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "随着总之记者说,。 \n\u3000\u200b\u00ad&#;12345一二、(jīng)機机費费経怎么吗qq@"
        ),
    ),
    max_size=300,
)


@given(ODD, ODD, ODD)
def test_any_text_has_a_likelihood(title: str, body: str, boilerplate: str) -> None:
    found = likelihood(title, body, boilerplate)
    assert 0 <= found.score <= 1
    assert found == likelihood(title, body, boilerplate)
    assert FarmLikelihood.from_dict(found.as_dict()) == found
    for reason in found.reasons:
        assert reason.count >= 1
        assert reason.kind in ReasonKind


READINGS = {
    "的": "(de)",
    "了": "(le)",
    "上": "(shàng)",
    "人": "(ㄖㄣˊ)",
    "不": " ( bù )",
    "大": "(da4)",
}
MARKS = {"invisible": "\u200b", "annotation": "", "gap": " "}


@given(
    st.sampled_from(sorted(PAGES)),
    st.lists(st.tuples(st.sampled_from(sorted(MARKS)), st.floats(0, 1)), max_size=12),
)
def test_more_doctoring_never_lowers_the_likelihood(
    key: str, additions: list[tuple[str, float]]
) -> None:
    page = PAGES[key]
    body, before = page.body, score(page).score
    for kind, where in additions:
        body = doctored(body, kind, where)
        after = likelihood(page.title, body, page.boilerplate).score
        assert after >= before
        before = after


def doctored(body: str, kind: str, where: float) -> str:
    """One trace more, somewhere between two Han characters."""
    places = [
        index + 1
        for index, pair in enumerate(pairwise(body))
        if all("\u4e00" <= each <= "\u9fff" for each in pair)
        and (kind != "annotation" or pair[0] in READINGS)
    ]
    if not places:
        return body
    at = places[round(where * (len(places) - 1))]
    mark = READINGS[body[at - 1]] if kind == "annotation" else MARKS[kind]
    return body[:at] + mark + body[at:]


@pytest.mark.parametrize(
    "text",
    ["1" * 200_000, "一、" * 100_000, "一、背景\n" * 40_000, "微信:" * 60_000, " " * 200_000 + "字",
     "(jī)" * 50_000, "机(jī)" * 40_000, "随着" * 100_000, "字 " * 100_000, "a@qq." * 40_000,
     "".join(map(chr, range(0x4E00, 0x9F00))) * 20, ("机(jī)" + "的上了人不大字好" * 6) * 6_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_long_and_odd_texts_end_soon(text: str) -> None:
    assert 0 <= likelihood(text[:50], text, text).score <= 1


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["lending_articles", "background_singles"])
def test_real_news_is_seldom_taken_for_a_farm(name: str) -> None:
    articles = list(json_lines(shared_file(f"corpus/reposts_news2018/{name}.jsonl")))
    likely = [each["id"] for each in articles if likelihood(each["title"], each["body"]).likely]
    # Two of 620, both of them advertorials that answer a question of search engines.
    assert len(likely) <= 0.005 * len(articles)


@pytest.mark.corpus
def test_the_seed_is_a_content_farm_page_for_its_annotations_before_all() -> None:
    found = likelihood("用錢寶2024又開始催收了", shared_file("seed/article.txt").read_text("utf-8"))
    assert found.score >= 0.9
    assert (found.reasons[0].kind, found.reasons[0].count) == (ReasonKind.ANNOTATIONS, 133)
    counts = {reason.kind: reason.count for reason in found.reasons}
    assert counts[ReasonKind.GAPS] == 2
    assert counts[ReasonKind.TITLE_REPEATED] == 3
    assert {ReasonKind.CONTACT, ReasonKind.DISCLAIMER, ReasonKind.RELATED_TAIL} <= set(counts)


def test_a_page_without_text_is_no_farm_for_no_reason() -> None:
    assert likelihood("", "") == FarmLikelihood()
    assert likelihood("标题", " \n\u200b") == FarmLikelihood()


def test_a_likelihood_survives_json() -> None:
    found = FarmLikelihood(
        0.97, (Reason(ReasonKind.ANNOTATIONS, 133, 7.0), Reason(ReasonKind.CONTACT, 1, 1.0, "QQ"))
    )
    assert FarmLikelihood.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_every_kind_of_reason_has_words_in_both_languages() -> None:
    assert set(LABELS) == set(ReasonKind)


def test_a_likelihood_is_said_in_one_line_of_english_or_chinese() -> None:
    found = FarmLikelihood(
        0.97,
        (
            Reason(ReasonKind.ANNOTATIONS, 133, 7.0),
            Reason(ReasonKind.TITLE_REPEATED, 3, 1.0),
            Reason(ReasonKind.SOURCED, 1, -0.5),
            Reason(ReasonKind.DISCLAIMER, 1, 0.4),
        ),
    )
    assert summary(found) == (
        "likely a content farm (0.97): 133 pinyin annotations, title repeated 3 times, disclaimer"
    )
    assert summary(found, "zh") == (
        "很可能是内容农场（可能性 97%）：夹注拼音 133 处，正文重复标题 3 次，免责声明 1 处"
    )
    assert summary(FarmLikelihood(0.02)) == "unlikely a content farm (0.02)"
    assert summary(FarmLikelihood(0.3), "zh") == "疑似内容农场（可能性 30%）"
    assert label(Reason(ReasonKind.CONTACT, 1, 1.0)) == "1 contact line"
