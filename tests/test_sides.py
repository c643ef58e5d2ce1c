"""Names that are everyday words, too: read by their sides where nothing else tells."""

import pytest
from labelled_sentences import names_learned_from

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.crossings import crosses
from seeds.match.sides import FILE, Sides, grams_of
from seeds.match.wording import text_of

MATCHER = Matcher(load_watchlist(PACKAGED))


def reason_of(text, surface):
    (mention,) = (each for each in MATCHER.match("", text).mentions if each.surface == surface)
    return mention.counted, mention.reason


def test_the_weights_are_those_of_the_sentences():
    """After the sentences changed: `python -m tests.learn_names`."""
    assert text_of(FILE).split("\n", 1)[0].endswith(names_learned_from())


def test_a_side_is_read_in_characters_pairs_and_words():
    grams = grams_of("我把金条逾期了", 2, 4, "phrase")
    assert {"<我", "<把", "<我把", "<^我", "<<把", "<<我把", ">>逾", ">>逾期", ">了$"} <= grams
    assert {"~逾期", "=phrase"} <= grams
    assert "~逾期" not in grams_of("我把金条逾" + "很" * 60 + "期", 2, 4, "phrase")


def test_the_loudest_grams_are_told_of_the_side_that_wins():
    sides = Sides({"<<把": 1.0, ">>逾": 2.0, ">期": -0.5}, bias=-1.0)
    margin = sides.margin("把金条逾期", 1, 3, "phrase")
    assert margin.value == pytest.approx(1.5)
    assert margin.grams == ("逾", "把")
    denied = sides.margin("金条期", 0, 2, "phrase")
    assert denied.value == pytest.approx(-1.5)
    assert denied.grams == ("期",)


def test_a_name_in_doubt_counts_when_it_reads_like_a_lender_and_says_why():
    counted, reason = reason_of("有钱花找的外包一直打我老公公司的总机", "有钱花")
    assert counted
    assert reason.startswith("reads like a lender here (")


def test_what_reads_like_everyday_words_is_denied_as_far_as_nothing_certain_speaks_for_it():
    text = "随手把经理的肩膀拍拍贷款经理"
    counted, reason = reason_of(text, "拍拍贷")
    assert not counted
    assert reason.startswith(("reads like everyday words here (", "reads like '"))
    assert MATCHER.match("", "金条逾期了。" + "爷爷留下的金条").platforms == ("京东金条",)


@pytest.mark.parametrize(
    ("text", "name", "sides"),
    [
        ("洋钱罐头出口", "洋钱罐", (False, True)),
        ("便宜贷网上有", "宜贷网", (True, True)),
        ("安逸花茶馆", "安逸花", (False, True)),
        ("安逸花逾期了", "安逸花", (False, False)),
        ("洋钱罐", "洋钱罐", (False, False)),
    ],
)
def test_everyday_words_run_across_the_borders_of_names(text, name, sides):
    start = text.index(name)
    assert crosses(text, start, start + len(name)) == sides


@pytest.mark.parametrize(
    "text",
    [
        "安逸花茶馆坐一下午，人均才十五。",
        "洋钱罐头出口东南亚，这家老厂起死回生。",
        "信用飞涨的店铺原来是刷的单。",
    ],
)
def test_what_begins_a_clause_is_no_name_where_a_word_runs_across_it(text):
    assert MATCHER.match("", text).platforms == ()


def test_a_title_that_speaks_of_the_everyday_thing_keeps_a_name_from_counting():
    assert MATCHER.match("首饰节开幕", "金条今天全面升级").platforms == ()
