"""The search key: what is found although pages write it in two ways."""

import pytest

from seeds.fold import fold_text, search_key
from seeds.fold.script import PHRASE_CHARACTERS, simplify
from seeds.fold.search import _LETTERS


@pytest.mark.parametrize(
    ("written", "sought"),
    [
        ("隨著帳戶", "随着账户"),
        ("帐户余额", "賬戶餘額"),
        ("裡面", "裏面"),
        ("臺灣", "台湾"),
        ("唸書", "念书"),
        ("佈告", "布告"),
        ("瞭解", "了解"),
        ("憑藉", "凭借"),
        ("祇有", "只有"),
        ("衹有", "只有"),
        ("妳們", "你们"),
        ("牠們", "它们"),
        ("諮詢", "咨询"),
        ("徵信", "征信"),
        ("回覆", "回复"),
        ("乾淨", "干净"),
        ("剩馀", "剩余"),
        ("佔用", "占用"),
        ("託管", "托管"),
        ("週轉", "周转"),
        ("罰欵", "罚款"),
        ("催収", "催收"),
        ("用銭寳", "用钱宝"),
    ],
)
def test_one_way_of_writing_finds_the_other(written, sought):
    assert search_key(written) == search_key(sought)
    assert len(search_key(written)) == len(fold_text(written))


@pytest.mark.parametrize(
    ("one", "other"), [("身份", "身分"), ("沉", "沈"), ("画", "划"), ("做", "作")]
)
def test_words_that_differ_stay_apart(one, other):
    assert search_key(one) != search_key(other)


def test_no_letter_is_one_that_script_conversion_brings_together_anyway():
    letters = {chr(written): one for written, one in _LETTERS.items()}
    alike = {each for each, one in letters.items() if simplify(each) == one}
    assert alike <= PHRASE_CHARACTERS  # 乾 stays in 乾坤
    assert not set(letters) & set(letters.values())
    assert all(simplify(one) == one for one in letters.values())
