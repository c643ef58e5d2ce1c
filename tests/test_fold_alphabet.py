"""The short lists the fold works with, proven against the tables they stand for."""

import re
import sys

import pytest

from seeds.fold.alphabet import BLANKS, CLOSERS, LONGER, ODD, OPENERS, TAME
from seeds.fold.annotations import _BRACKETED
from seeds.fold.characters import FORMS, attaches
from seeds.fold.comparable import COMPARABLE, _by_numpy, comparable
from seeds.fold.script import HAN, PHRASE_CHARACTERS

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
ORDINARY = [each for each in EVERY if not ODD.match(each)]
QUICK = [*ORDINARY, *TAME]


def test_tame_characters_are_odd_and_most_text_is_ordinary():
    assert all(ODD.match(each) for each in TAME)
    assert all(not ODD.match(each) for each in "借款人,APP 360。".replace(" ", ""))


def test_ordinary_and_tame_characters_never_vanish_or_attach():
    assert not [each for each in QUICK if not FORMS[ord(each)] or attaches(each)]


def test_only_the_listed_ones_grow():
    assert {each for each in QUICK if len(FORMS[ord(each)]) != 1} == set(
        filter(LONGER.match, EVERY)
    )


def test_han_are_their_own_form_where_they_are_not_odd():
    assert not [each for each in QUICK if re.match(f"[{HAN}]", each) and FORMS[ord(each)] != each]


def test_the_quick_table_says_what_the_thorough_ones_say():
    table = comparable()
    differing = [each for each in QUICK if chr_of(table[ord(each)]) != COMPARABLE[ord(each)]]
    assert differing == []


def test_numpy_translates_as_the_quick_table_does():
    assert _by_numpy()("".join(EVERY)) == "".join(EVERY).translate(comparable())


def test_the_quick_table_leaves_comparable_forms_alone():
    table = comparable()
    formed = {form for each in EVERY[:0x10000] for form in FORMS[ord(each)] if form < "\U00010000"}
    assert not [each for each in formed if chr_of(table[ord(each)]) != COMPARABLE[ord(each)]]


@pytest.mark.parametrize("forms", [(OPENERS, "([{<"), (CLOSERS, ")]}>"), (BLANKS, " \t")])
def test_quick_characters_stand_for_all_of_the_same_form(forms):
    known, written = forms
    assert {each for each in QUICK if FORMS[ord(each)] in written and FORMS[ord(each)]} <= known


def test_brackets_are_recognised_in_every_width_of_what_stands_in_them():
    fitting = {each for each in QUICK if _BRACKETED.fullmatch(f"(j{FORMS[ord(each)]})")}
    # Two digits are no tone, so ⑩ may stay outside.
    assert not [
        each
        for each in fitting
        if len(FORMS[ord(each)]) == 1 and not _BRACKETED.fullmatch(f"(j{each})")
    ]


def test_phrase_characters_are_looked_for():
    assert PHRASE_CHARACTERS <= TAME


def chr_of(entry: int | str) -> str:
    return entry if isinstance(entry, str) else chr(entry)
