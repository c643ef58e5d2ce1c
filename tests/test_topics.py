"""Which topics a text is about, how severely, and which terms made it so."""

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex
from opencc import OpenCC
from topic_cases import (
    ABOUT_COLLECTION_CASES,
    COLLECTION_CASES,
    DENIAL_CASES,
    FAR_SEVERITY_CASES,
    GRAMMAR_CASES,
    NOT_TOPIC_CASES,
    OTHER_TOPIC_CASES,
    PASSING_CASES,
)

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher
from seeds.match.denial import _DENIED_LATER, LATER
from seeds.models import TermGroup, Topic, Watchlist

MATCHER = Matcher(load_watchlist(PACKAGED))
TRADITIONAL = OpenCC("s2t")
SIMPLIFIED = OpenCC("t2s")


def in_both_scripts(text):
    return (text, TRADITIONAL.convert(text), SIMPLIFIED.convert(text))


def matcher_of(**group):
    topic = Topic(name="t", title="t", threshold=2, groups=(TermGroup(**group),))
    return Matcher(Watchlist(platforms=(), topics=(topic,)))


@pytest.mark.parametrize(
    ("text", "severity"), [*COLLECTION_CASES, *GRAMMAR_CASES, *DENIAL_CASES, *FAR_SEVERITY_CASES]
)
def test_a_sentence_is_about_collection_or_not(text, severity):
    for written in in_both_scripts(text):
        assert MATCHER.match("", written).topics.get("collection") == severity, written


@pytest.mark.parametrize(("text", "about"), ABOUT_COLLECTION_CASES)
def test_a_sentence_of_a_later_round_is_about_collection_or_not(text, about):
    for written in in_both_scripts(text):
        assert ("collection" in MATCHER.match("", written).topics) is about, written


@pytest.mark.parametrize(("text", "topic"), OTHER_TOPIC_CASES)
def test_a_sentence_is_about_a_topic(text, topic):
    for written in in_both_scripts(text):
        assert topic in MATCHER.match("", written).topics, written


@pytest.mark.parametrize(("text", "topic"), NOT_TOPIC_CASES)
def test_a_sentence_is_not_about_a_topic(text, topic):
    for written in in_both_scripts(text):
        assert topic not in MATCHER.match("", written).topics, written


def test_one_word_in_passing_in_a_long_article_is_not_its_subject():
    filler = "公司今年的营业收入和利润都有增长，管理层对明年表示乐观。\n" * 30
    assert (
        "collection"
        not in MATCHER.match("年报出炉", filler + "公司把逾期贷款的催收交给外包。").topics
    )
    assert "collection" in MATCHER.match("催收业务年报", filler).topics
    passing = MATCHER.match("年报出炉", filler + "公司把逾期贷款的催收交给外包。").mentions
    (term,) = (each for each in passing if each.name == "collection")
    assert "in passing only (1.0 of " in term.reason
    assert not term.counted


def test_a_denied_term_counts_with_low_severity():
    matches = MATCHER.match("", "平台表示绝不存在暴力催收")
    assert matches.topics["collection"] == "low"
    assert any("denied" in each.reason for each in matches.mentions)


def test_terms_weigh_twice_in_the_title():
    topic = Topic(name="t", title="t", threshold=2, groups=(TermGroup(terms=("词",)),))
    matcher = Matcher(Watchlist(platforms=(), topics=(topic,)))
    assert matcher.match("词", "").topics == {"t": "low"}
    assert matcher.match("", "无" * 300 + "词").topics == {}
    assert matcher.match("", "无" * 300 + "词。词。").topics == {"t": "low"}


@pytest.mark.parametrize(("title", "body", "about"), PASSING_CASES)
def test_a_word_in_passing_in_a_long_text_is_not_its_subject(title, body, about):
    assert ("collection" in MATCHER.match(title, body).topics) is about


def test_an_object_decides_by_being_nearest_in_the_clause():
    matcher = matcher_of(terms=("催",), objects=("贷款",), not_objects=("水费",), weight=2)
    assert matcher.match("", "催他还贷款").topics == {"t": "low"}
    assert matcher.match("", "贷款被催").topics == {"t": "low"}
    assert matcher.match("", "催缴水费和贷款").topics == {}
    assert matcher.match("", "贷款办好了，催").topics == {}
    assert matcher.match("", "催" + "无" * 9 + "贷款").topics == {}


def test_a_bare_verb_needs_no_object_and_heeds_another_one():
    matcher = matcher_of(terms=("催收",), not_objects=("水费",), bare=True, weight=2)
    assert matcher.match("", "催收").topics == {"t": "low"}
    assert matcher.match("", "水费催收").topics == {}
    assert matcher.match("", "交了水费，催收").topics == {"t": "low"}


def test_a_term_needs_a_word_of_each_of_its_lists():
    matcher = matcher_of(terms=("电话",), needs_each=(("欠",), ("天天", "半夜")), near=10, weight=2)
    assert matcher.match("", "欠了钱，天天来电话").topics == {"t": "low"}
    assert matcher.match("", "电话半夜就响，欠了钱").topics == {"t": "low"}
    assert matcher.match("", "欠了钱，来电话").topics == {}
    assert matcher.match("", "天天来电话").topics == {}
    assert matcher.match("欠债的人", "天天来电话").topics == {"t": "low"}


def test_what_aggravates_is_no_subject_by_itself():
    groups = (
        TermGroup(terms=("催收",), weight=2),
        TermGroup(terms=("殴打",), severity="high", aggravates=True, near=20),
    )
    topic = Topic(name="t", title="t", threshold=2, groups=groups)
    matcher = Matcher(Watchlist(platforms=(), topics=(topic,)))
    assert matcher.match("", "他被殴打").topics == {}
    assert matcher.match("", "他被催收殴打").topics == {"t": "high"}
    assert matcher.match("", "催收。" + "无" * 30 + "他被殴打").topics == {"t": "low"}
    assert matcher.match("", "催收从未殴打他").topics == {"t": "low"}


def test_what_leaves_open_what_is_owed_is_decided_by_what_stands_around():
    group = TermGroup(terms=("催",), objects=("逾期", "贷款"), not_objects=("水费", "罚款"))
    words = {"undecided": ("逾期",), "incidental": ("罚款",)}
    topic = Topic(name="t", title="t", threshold=2, groups=(group,), **words)
    matcher = Matcher(Watchlist(platforms=(), topics=(topic,)))
    assert matcher.match("", "逾期被催").topics == {"t": "low"}
    assert matcher.match("", "他家欠水费，逾期被催").topics == {}
    assert matcher.match("", "他家欠水费，也欠贷款，逾期被催").topics == {"t": "low"}
    assert matcher.match("", "逾期被催，公司因此被处以罚款").topics == {"t": "low"}


def test_a_list_with_a_name_stands_for_its_words():
    topic = Topic(
        name="t",
        title="t",
        words={"debts": ("贷款", "欠款")},
        groups=(TermGroup(terms=("催",), objects=("+debts",)),),
    )
    matcher = Matcher(Watchlist(platforms=(), topics=(topic,)))
    assert matcher.match("", "催欠款").topics == {"t": "low"}
    assert matcher.match("", "催婚").topics == {}


@given(from_regex(_DENIED_LATER))
def test_what_denies_a_term_later_has_a_word_that_is_asked_for_first(text: str) -> None:
    """The pattern is tried only where one of LATER stands."""
    found = _DENIED_LATER.search(text)
    assert found is not None
    assert any(word in found[0] for word in LATER)
