"""What the fold took out behind Han characters, and where that may have been a word.

The one definition of a cut: signals count them, the farm's judge weighs and quotes them."""

import re
from collections.abc import Sequence
from operator import sub
from typing import NamedTuple

from seeds.fold.script import is_han

# How far from a gap a sentence shows itself by its punctuation.
_SENTENCE = 30
_BLANK = re.compile(r"[^\S\n]")
_PUNCTUATION = frozenset(",。;!?、")


class Removal(NamedTuple):
    """After the folded character `at`, `removed` of the original is gone."""

    at: int
    removed: str


def removals(original: str, folded: str, offsets: Sequence[int]) -> list[Removal]:
    """Find where the fold took something out behind a Han character; `offsets` lead back."""
    places = list(offsets)
    # One entity is longer than the character it means, and nothing behind it is gone.
    return [
        Removal(at, original[places[at] + 1 : places[at + 1]])
        for at, step in enumerate(map(sub, places[1:], places))
        if step > 1 and is_han(folded[at]) and original[places[at]] != "&"
    ]


def is_cut(folded: str, removal: Removal) -> bool:
    """Tell whether a word may be gone here: one blank between Han characters of a sentence.

    Two blanks, or a tab, are layout, and where no sentence is near stands a list, a menu or a
    table. Judged on the folded text, so that an annotation beside it hides none."""
    at, removed = removal
    if len(_BLANK.findall(removed)) != 1 or "\t" in removed:
        return False
    if not is_han(folded[at + 1 : at + 2] or "."):
        return False
    before = folded[max(0, at - _SENTENCE) : at].rpartition("\n")[2]
    after = folded[at : at + _SENTENCE].partition("\n")[0]
    return not _PUNCTUATION.isdisjoint(before + after)
