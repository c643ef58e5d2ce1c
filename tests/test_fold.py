"""The fold: script, width, annotations, gaps, invisible characters; and the way back."""

import json
import os
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from seeds.fold import fold, fold_text, search_key
from seeds.fold.readings import reads
from seeds.fold.script import simplify

SHARED = Path(os.environ.get("LENDWATCH_SHARED") or Path(__file__).resolve().parents[2] / "shared")

SAME = "人工智能 AI 的应用,从2024年起。"
# (written, folded)
CASES = [
    # script
    ("用錢寶", "用钱宝"),
    ("乾隆年間的乾糧", "乾隆年间的干粮"),
    ("隨著借貸市場", "随著借贷市场"),
    ("皇后在後面", "皇后在后面"),
    ("頭髮發展", "头发发展"),
    ("一目瞭然的瞭解", "一目了然的了解"),
    ("臺灣裏面", "台湾里面"),
    # width and compatibility forms
    ("３６０借條", "360借条"),
    ("Ａpp，ＰＰＤＡＩ！", "app,ppdai!"),
    ("⼈⼯智能", "人工智能"),
    ("⻓期⻔店⻢上", "长期门店马上"),
    ("㈱①㎡", "(株)1m2"),
    ("ｶﾞｽ", "ガス"),
    ("金", "金"),
    ("ﬁnance", "finance"),
    # invisible
    ("用\u200b钱\u200d宝", "用钱宝"),
    ("用\u00ad钱\ufeff宝\u2060", "用钱宝"),
    ("\u202e用钱宝\u202c", "用钱宝"),
    ("用\ufe00钱\U000e0101宝", "用钱宝"),
    ("用\x00钱\x07宝", "用钱宝"),
    ("用\u3164钱\u2800宝", "用钱宝"),
    # line ends and spaces
    ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
    ("標題\n\n　　第一段。\n第二段。", "标题\n\n  第一段。\n第二段。"),
    ("傳統的 催收", "传统的催收"),
    ("催　收", "催收"),
    ("催\t收", "催收"),
    ("催\u00a0收", "催收"),
    ("用 AI 技術", "用 ai 技术"),
    ("催 \u200b 收", "催收"),
    ("Hello World", "hello world"),
    ("段尾\n段首", "段尾\n段首"),
    # entities
    ("A&amp;B", "a&b"),
    ("&amp;amp;lt;", "<"),
    ("&#38;#38;lt;", "<"),
    ("用&nbsp;錢&nbsp;寶", "用钱宝"),
    ("&#29992;&#x94b1;&#23453;", "用钱宝"),
    ("&quot;催收&quot;&hellip;", '"催收"...'),
    ("用&zwj;钱&shy;宝", "用钱宝"),
    ("AT&T; &unknown; &", "at&t; &unknown; &"),
    ("＆ａｍｐ；", "&"),
    # annotations after the character
    ("機(jī)制", "机制"),
    ("機（jī）制", "机制"),
    ("機【jī】制", "机制"),
    ("機[jī]制", "机制"),
    ("機{jī}制", "机制"),
    ("機〔jī〕制", "机制"),
    ("機《jī》制", "机制"),
    ("機〈jī〉制", "机制"),
    ("機「jī」制", "机制"),
    ("機『jī』制", "机制"),
    ("機<jī>制", "机制"),
    ("機 (jī) 制", "机制"),
    ("機( jī )制", "机制"),
    ("機(j ī)制", "机制"),
    ("機(ji)制", "机制"),
    ("機(ji1)制", "机制"),
    ("機(JĪ)制", "机制"),
    ("機(jī)(jī)制", "机制"),
    ("機(ji\u0304)制", "机制"),
    ("機(jɑ)制", "机(jɑ)制"),
    ("發(fɑ̄)展", "发展"),
    ("費(fèi)用、護(hù)照", "费用、护照"),
    ("綠(lǜ)色", "绿色"),
    ("綠(lv4)色", "绿色"),
    ("綠(lü)色", "绿色"),
    ("女(nu:3)士", "女士"),
    ("調(diào)整", "调整"),
    ("調(tiáo)整", "调整"),
    ("銀行(háng)", "银行"),
    ("銀行(xíng)", "银行"),
    ("一(yí)個,不(bú)是", "一个,不是"),
    ("识(shí)别", "识别"),
    ("发(fà)", "发"),
    ("啊(a5)", "啊"),
    ("用(yòng)錢(qián)寶(bǎo)", "用钱宝"),
    ("催(cuī) 收(shōu)", "催收"),
    ("機&#40;jī&#41;制", "机制"),
    ("機(\u200bjī)制", "机制"),
    # bopomofo
    ("機(ㄐㄧ)制", "机制"),
    ("機(ㄐㄧˉ)制", "机制"),
    ("錢(ㄑㄧㄢˊ)", "钱"),
    ("寶【ㄅㄠˇ】", "宝"),
    ("費(ㄈㄟˋ)", "费"),
    ("嗎(˙ㄇㄚ)", "吗"),
    ("綠(ㄌㄩˋ)", "绿"),
    ("熊(ㄒㄩㄥˊ)", "熊"),
    ("月(ㄩㄝˋ)", "月"),
    ("之(ㄓ)", "之"),
    # without brackets, as ruby leaves it
    ("機jī制", "机制"),
    ("錢ㄑㄧㄢˊ寶ㄅㄠˇ", "钱宝"),
    # before the character
    ("(jī)機制", "机制"),
    ("(ㄐㄧ)機制", "机制"),
    ("你(jī)機制", "你机制"),
    # what looks like annotations and is not
    ("人工智能(AI)", "人工智能(ai)"),
    ("利率(APR)", "利率(apr)"),
    ("用戶(user)", "用户(user)"),
    ("張三(zhang san)說", "张三(zhang san)说"),
    ("机(zhì)会", "机(zhì)会"),
    ("机(zhì)制", "机制"),  # it reads the character after it
    ("机(zhì)(jī)会", "机(zhì)(jī)会"),
    ("机((jī))制", "机((jī))制"),
    ("机(jī]制", "机(jī]制"),
    ("机\n(jī)制", "机\n(jī)制"),
    ("微信(WeChat)", "微信(wechat)"),
    ("小米(MI)手機", "小米(mi)手机"),
    ("第一章(a)", "第一章(a)"),
    ("甲方(A)乙方(B)", "甲方(a)乙方(b)"),
    ("人民币(RMB)", "人民币(rmb)"),
    ("(li)李明", "(li)李明"),
    ("好ㄉ", "好ㄉ"),
    ("电话(tel)", "电话(tel)"),
    ("五(5)天", "五(5)天"),
    ("年(2024)", "年(2024)"),
    ("café(fè)", "café(fè)"),
    ("机 jī 制", "机 jī 制"),
    # case and composition
    ("İSTANBUL ΣΑΣ", "i̇stanbul σασ"),
    ("cafe\u0301", "café"),
    ("T\u0308", "ẗ"),  # has a composed form in lower case only
    ("&Auml;&DAGGER;&NotEqual;", "ä†≠"),
    ("\u1112\u1161\u11ab", "한"),
    ("\ud800", "\ufffd"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "folded"), CASES)
def test_a_text_folds_to_its_comparable_form(written, folded):
    assert fold_text(written) == folded
    assert fold(written).text == folded


@pytest.mark.parametrize(("written", "folded"), CASES)
def test_folding_twice_changes_nothing(written, folded):
    assert fold_text(folded) == folded


def test_offsets_lead_back_to_where_each_character_began():
    written = "用 錢(qián)寶\u200b&amp;Ａ"
    folded = fold(written)
    assert folded.text == "用钱宝&a"
    assert [written[at] for at in folded.offsets[:-1]] == ["用", "錢", "寶", "&", "Ａ"]
    assert folded.offsets[-1] == len(written)


def test_the_traces_of_doctoring_are_counted():
    folded = fold("機(jī)制與傳統的 催收\u200b和\ufeff費(fèi)用")
    assert (folded.annotations, folded.gaps, folded.invisible) == (2, 1, 2)
    plain = fold(SAME)
    assert (plain.annotations, plain.gaps, plain.invisible) == (0, 0, 0)


def test_a_line_end_between_paragraphs_is_no_gap():
    assert fold("第一段\n第二段").gaps == 0
    assert fold_text("第一段 \n 第二段") == "第一段 \n 第二段"


def test_the_search_key_writes_one_letter_for_what_pages_write_in_two_ways():
    assert search_key("隨著帳戶") == search_key("随着账户") == "随着账户"
    assert len(search_key("隨著乾隆帳戶")) == len(fold_text("隨著乾隆帳戶"))


@pytest.mark.parametrize(
    ("character", "syllable", "known"),
    [
        ("機", "jī", True),
        ("机", "ji", True),
        ("机", "jí", False),
        ("髮", "fà", True),
        ("發", "fà", True),  # folding makes both 发
        ("女", "nv3", True),
        ("绿", "lǜ", True),
        ("行", "heng2", True),
        ("行", "xin", False),
        ("儿", "ㄦˊ", True),
        ("四", "ㄙˋ", True),
        ("四", "ㄙ", False),
        ("A", "a", False),
        ("机", "", False),
        ("机", "1", False),
        ("机", "jījī", False),
    ],
)
def test_a_syllable_reads_a_character_by_any_of_its_readings(character, syllable, known):
    assert reads(character, syllable) is known


ANY_TEXT = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from("機机制發乾坤藉口著錢寶 \t\r\n(（[【)）]】ＡaĀāīĪǛüJjiz1234ㄐㄧˊ˙&;#<"),
        st.sampled_from("\u200b\u00ad\ufe0f\u0301\u0308\u0323\u1161\u11a8\ud800İß"),
        st.sampled_from(
            ["(jī)", "( ji )", "jī", "(ㄐㄧ)", "&amp;", "&#38;", "&lt", "&#x673a;", "乾隆", "幺麼"]
        ),
    ),
    max_size=20,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_any_text_folds_and_folds_once(text):
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert fold_text(folded.text) == folded.text


@settings(max_examples=400, deadline=None)
@given(ANY_TEXT)
def test_offsets_of_any_text_grow_and_end_at_its_length(text):
    offsets = list(fold(text).offsets)
    assert len(offsets) == len(fold_text(text)) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert all(0 <= at < len(text) for at in offsets[:-1])


def test_every_single_character_folds_once():
    for code in range(sys.maxunicode + 1):
        folded = fold_text(chr(code))
        assert fold_text(folded) == folded, hex(code)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cf", "Cc", "Mn", "Sk")), max_size=20))
def test_characters_fold_as_unicode_says(text):
    expected = unicodedata.normalize("NFKC", text).lower()
    if "&" in text or re.search(r"[^\x00-\x7f]", expected):
        return
    assert fold_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000_000,
        "機(jī" * 200_000,
        "機" + "(jī)" * 200_000,
        "&amp;" * 200_000,
        "&" + "amp;" * 200_000,
        "&#" * 300_000,
        " " * 1_000_000,
        "催 " * 300_000,
        "\u0301\u0323" * 300_000,
        "a" + "\u0301\u0323" * 300_000,
        "\u1161" * 500_000,
        "乾" * 500_000,
        "\u200b" * 500_000,
        "ī" * 500_000,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_a_megabyte_of_one_thing_folds_in_linear_time(text):
    # Quadratic time would take hours here; the test's time is its assertion.
    assert len(fold(text).offsets) == len(fold_text(text)) + 1


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.sampled_from("乾坤隆藉口著臺灣發髮後裏麼幺為於是歎沈默船覆反回瞭解一目然"), max_size=24
    )
)
def test_script_conversion_is_openccs_wherever_opencc_keeps_its_own_result(text):
    converted = OPENCC.convert(text)
    if OPENCC.convert(converted) == converted:
        assert simplify(text) == converted


OPENCC = OpenCC("t2s")


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "corpus/t2s_opencc").is_dir(), reason="no shared corpus here")
def test_script_conversion_is_openccs_on_its_own_test_cases():
    texts = [
        text
        for name in ("testcases", "constitution_lines")
        for line in (SHARED / f"corpus/t2s_opencc/{name}.jsonl").read_text("utf-8").splitlines()
        for text in json.loads(line).values()
        if isinstance(text, str)
    ]
    assert len(texts) > 400
    for text in texts:
        assert simplify(text) == OPENCC.convert(text)
        assert len(simplify(text)) == len(text)


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "seed/article.txt").is_file(), reason="no seed article here")
def test_the_seed_article_loses_its_133_annotations_and_nothing_else():
    text = (SHARED / "seed/article.txt").read_text("utf-8")
    folded = fold(text)
    assert folded.annotations == 133
    bare = re.sub(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)", "", text)
    closed = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", bare)
    assert folded.text == unicodedata.normalize("NFKC", OPENCC.convert(closed)).lower()
