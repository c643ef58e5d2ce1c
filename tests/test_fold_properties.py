"""What holds for every text: it folds, folds once, by every way to the same, and leads back."""

import unicodedata

from few_in_ci import few_in_ci
from hypothesis import given, settings
from hypothesis import strategies as st

from seeds.fold import Folded, fold, fold_text, search_key
from seeds.fold.characters import FORMS, attaches
from seeds.fold.script import forms

PIECES = (
    "(jī)", "( ji )", "（jī）", "jī", "(ㄐㄧ)", "ㄐㄧ", "(yòng qián)", "(yòng qián bǎo)", "用錢寶", "(zhi)",
    "&amp;", "&#38;", "&lt", "&lt;", "&nbsp", "&nbsp;", "&shy;", "&#x673a;", "&am", "p;", "&l", "t;", "gt;",
    "<rt>", "</rt>", "<ruby>", "</ruby>", "<rp>", "</rp>", "<r", "t>", "<rb>", "乾隆", "幺麼", "\r\n", "…", "⑩",
    "一點兒", "(yìdiǎnr)", "AI", "(AI)", "  ", "\u3000", "好" * 90,
)  # fmt: skip
ANY_TEXT = st.lists(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "機機制發乾坤藉口著錢寶用 \t\r\n(（[【)）]】<>＜＞ＡaĀāīĪǛüJjiz1234①ㄐㄧˊ˙&;#'-·"
        ),
        st.sampled_from("\u200b\u00ad\ufe0f\u0301\u0308\u0323\u1161\u11a8\ud800İß\U00020bb6😀"),
        st.sampled_from(PIECES),
    ),
    max_size=24,
).map("".join)


@settings(max_examples=few_in_ci(1_500), deadline=None)
@given(ANY_TEXT)
def test_any_text_folds_and_folds_once(text):
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert fold_text(folded.text) == folded.text


@settings(max_examples=few_in_ci(800), deadline=None)
@given(ANY_TEXT)
def test_every_way_of_folding_leads_to_the_same(text):
    """A mark anywhere makes the fold go the thorough way, length the one by another table."""
    quick = fold(f"{text}\n")
    for rest, folded_rest in (("e\u0301", "é"), ("。" * 300, "。" * 300), ("A" * 300, "a" * 300)):
        other = fold(f"{text}\n{rest}")
        assert other.text == quick.text + folded_rest
        assert list(other.offsets[: len(quick.text)]) == list(quick.offsets[:-1])
        assert (other.annotations, other.gaps, other.invisible, other.entities) == (
            quick.annotations,
            quick.gaps,
            quick.invisible,
            quick.entities,
        )


@settings(max_examples=few_in_ci(800), deadline=None)
@given(ANY_TEXT)
def test_offsets_of_any_text_grow_and_end_at_its_length(text):
    folded = fold(text)
    offsets = list(folded.offsets)
    assert len(offsets) == len(folded.offsets) == len(folded.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert all(0 <= at < len(text) for at in offsets[:-1])
    assert offsets == [folded.offsets[at] for at in range(len(offsets))]
    assert offsets[::-2] == list(folded.offsets[::-2])


@settings(max_examples=few_in_ci(800), deadline=None)
@given(ANY_TEXT)
def test_every_character_comes_from_the_one_it_is_said_to(text):
    folded = fold(text)
    if any(map(attaches, unicodedata.normalize("NFKD", text))):
        return  # composed characters have several origins
    for index, character in enumerate(folded.text):
        assert _derives(character, folded, index), (character, folded.offsets[index])


def _derives(character: str, folded: Folded, index: int) -> bool:
    origin = folded.original[folded.offsets[index]]
    if origin in "&＆﹠<＜﹤" or character in "()\ufffd":
        return True
    return any(character in forms(form) for form in FORMS[ord(origin)])


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_a_search_key_is_as_long_as_the_folded_text_and_its_own_key(text):
    key = search_key(text)
    assert len(key) == len(fold_text(text))
    assert search_key(key) == key


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_signals_of_any_text_are_counted(text):
    signals = fold(text).signals
    assert 0 <= signals.cuts <= len(text)
    assert 0 <= signals.mixture <= 0.5
    assert signals.invisible.total >= 0
