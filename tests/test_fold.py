"""The fold: script, width, annotations, gaps, invisible characters; and the way back."""

import json
import os
import re
import sys
import unicodedata
from pathlib import Path

import pytest
from fold_cases import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from seeds.fold import fold, fold_text, search_key
from seeds.fold.readings import reads
from seeds.fold.script import simplify

SHARED = Path(os.environ.get("LENDWATCH_SHARED") or Path(__file__).resolve().parents[2] / "shared")

SAME = "人工智能 AI 的应用,从2024年起。"


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


@pytest.mark.parametrize("marks", ["\u0301", "\u0325\u032f\u0301\u033e", "\u0301" * 40])
def test_marks_on_a_character_begin_behind_it(marks):
    folded = fold(f"借催{marks}收")
    assert folded.text.startswith("借催\u0301" if marks[0] == "\u0301" else "借催\u0325")
    assert list(folded.offsets[:2]) == [0, 1]
    assert folded.offsets[2] > 1
    assert folded.offsets[len(folded.text) - 1] == len(marks) + 2


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


def test_every_single_character_folds_once():
    # Above the ideographs of plane 3 nothing is assigned but tags and selectors: a sample will do.
    for code in (
        *range(0x34000),
        *range(0xE0000, 0xE0200),
        *range(0x34000, sys.maxunicode + 1, 61),
    ):
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
        "&amp;" * 50_000,
        "&" + "amp;" * 50_000,
        "&#" * 60_000,
        " " * 1_000_000,
        "催 " * 300_000,
        "\u0301\u0323" * 300_000,
        "a" + "\u0301\u0323" * 300_000,
        "\u1161" * 500_000,
        "乾" * 500_000,
        "\u200b" * 500_000,
        "ī" * 500_000,
        "用錢(yòng qián)" * 100_000,
        "錢" + "(yòng qián)" * 100_000,
        "機" + " " * 500_000 + "(jī)",
        "(jī)" * 250_000 + "機",
        "<ruby>機<rt>jī</rt></ruby>" * 10_000,
        "<rp>" * 50_000,
        "<" * 500_000 + ">" * 500_000,
        "&amp" * 50_000,
        "😀" * 500_000,
        "…" * 500_000,
        "([{<" * 250_000 + "ī" + ">}])" * 250_000,
        "\r\n" * 500_000,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_a_megabyte_of_one_thing_folds_in_linear_time(text):
    # Quadratic time would take hours here (what is dear by the character comes shorter); the test's time is its assertion.
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
