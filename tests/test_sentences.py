"""Sentences labelled by strangers to the rules are read well, far better than by substring search.

Only the lot that was tuned on: the other one is for `tests/bench/bench_sentences.py`."""

from labelled_sentences import TUNED, UNSEEN, by_matcher, judge, read_sentences

from seeds.loader import PACKAGED, load_watchlist
from seeds.match import Matcher

MATCHER = Matcher(load_watchlist(PACKAGED))


def test_labelled_sentences_are_read_as_well_as_they_were():
    platforms, collection, severity = judge(read_sentences(TUNED), by_matcher(MATCHER))
    assert platforms.precision >= 0.98, platforms.mistakes
    assert platforms.recall >= 0.98, platforms.mistakes
    assert collection.precision >= 0.98, collection.mistakes
    assert collection.recall >= 0.96, collection.mistakes
    assert severity >= 0.75


def test_no_sentence_is_in_both_lots():
    tuned = {each.text for each in read_sentences(TUNED)}
    unseen = {each.text for each in read_sentences(UNSEEN)}
    assert len(tuned) > 2100
    assert len(unseen) > 1150
    assert not tuned & unseen
