"""What the fold took out of a text: the traces of hiding it from exact comparison."""

import re
from collections import Counter
from collections.abc import Iterator
from operator import sub
from typing import NamedTuple

from seeds.farm.page import Page
from seeds.farm.reasons import Reason, ReasonKind
from seeds.fold import Folded
from seeds.fold.script import is_han
from seeds.fold.signals import script_counts, scripts

# Log-odds for each trace in a hundred characters, and the most a kind can add. Nobody annotates
# ordinary words for readers: 1.5 in a hundred are enough alone. Blanks inside a sentence also
# come from layout, invisible characters from editors, entities from careless software, and a
# name in the other script is quoted: none of these is enough alone unless it is everywhere.
_ANNOTATED, _MOST_ANNOTATED = 2.2, 7.0
_GAPS = (1.1, 2.0)
_INVISIBLE = (0.7, 2.0)
_ENTITIES = (0.7, 2.0)
_MIXED = (0.5, 4.0)
# An annotation of a character that stands nowhere else in the text helps to read a rare name
# (堃(kūn)); farms annotate by a table of common ones. The share at which a rare one counts: no
# less than a gap, which an annotation with blanks may hide.
_ONCE = 0.5
# The same in a lesson or under a poem, where annotations help to read: at most this.
_LESSON_MOST = 1.0
# How far from a gap a sentence shows itself by its punctuation.
_SENTENCE = 30
_BLANK = re.compile(r"[^\S\n]")
_PUNCTUATION = frozenset(",。;!?、")
_EMOJI_JOINTS = re.compile(
    "(?<=[\u2190-\u2bff\u3030-\u303d\U0001f000-\U0001faff\ufe0f])[\ufe0f\u200d]"
)


def doctoring(page: Page, *, lesson: bool) -> Iterator[Reason]:
    """Give a reason for each kind of doctoring found. None falls when its count rises."""
    folded = page.article.body.folded
    jumps = _jumps(folded) if folded.annotations or folded.gaps else []
    if folded.annotations:
        most = _LESSON_MOST if lesson else _MOST_ANNOTATED
        yield _annotations(folded, jumps, _ANNOTATED / page.hundreds, most)
    gaps = [jump for jump in jumps if _is_cut(folded.text, jump)] if folded.gaps else []
    invisible = _hidden(folded)
    mixed = _mixed(folded.original)
    for kind, count, (each, most), excerpt in (
        (ReasonKind.GAPS, len(gaps), _GAPS, _around(folded, gaps[0]) if gaps else ""),
        (ReasonKind.INVISIBLE, invisible, _INVISIBLE, ""),
        (ReasonKind.ENTITIES, folded.entities, _ENTITIES, ""),
        (ReasonKind.MIXED_SCRIPT, mixed, _MIXED, ""),
    ):
        if count:
            yield Reason(kind, count, round(min(most, each * count / page.hundreds), 3), excerpt)


class _Jump(NamedTuple):
    """After the folded character `at`, `removed` is what the fold took out."""

    at: int
    removed: str


def _annotations(folded: Folded, jumps: list[_Jump], each: float, most: float) -> Reason:
    """Weigh the annotations at `each` a piece, and quote the first one with what it reads."""
    readings = (jump for jump in jumps if any(map(str.isalpha, jump.removed)))
    first = next(readings, None)
    weight = _ONCE * each * folded.annotations
    # Only where it matters: how many are of characters that the text has nowhere else.
    if first and weight < most:
        counted = Counter(folded.text)
        once = sum(counted[folded.text[jump.at]] == 1 for jump in (first, *readings))
        weight = each * max(0.0, folded.annotations - (1 - _ONCE) * min(once, folded.annotations))
    excerpt = _around(folded, first) if first else ""
    return Reason(ReasonKind.ANNOTATIONS, folded.annotations, round(min(most, weight), 3), excerpt)


def _jumps(folded: Folded) -> list[_Jump]:
    """Find where the fold took something out behind a Han character."""
    original, text = folded.original, folded.text
    offsets = list(folded.offsets)
    # One entity is longer than the character it means, and nothing behind it is gone.
    return [
        _Jump(at, original[offsets[at] + 1 : offsets[at + 1]])
        for at, step in enumerate(map(sub, offsets[1:], offsets))
        if step > 1 and is_han(text[at]) and original[offsets[at]] != "&"
    ]


def _is_cut(text: str, jump: _Jump) -> bool:
    """Tell whether a word may be gone here: one blank between Han characters of a sentence.

    Two blanks are layout, and where no sentence is near stands a list, a menu or a table. Judged
    on the folded text, so that an annotation beside it hides none."""
    at, removed = jump
    if len(_BLANK.findall(removed)) != 1 or not is_han(text[at + 1 : at + 2] or "."):
        return False
    before = text[max(0, at - _SENTENCE) : at].rpartition("\n")[2]
    after = text[at : at + _SENTENCE].partition("\n")[0]
    return not _PUNCTUATION.isdisjoint(before + after)


def _around(folded: Folded, jump: _Jump) -> str:
    """Quote the original around a jump."""
    start = folded.offsets[jump.at]
    return folded.original[max(0, start - 4) : start + len(jump.removed) + 4]


def _hidden(folded: Folded) -> int:
    """Count the invisible characters, without those that emoji are joined with."""
    if not folded.invisible:
        return 0
    return max(0, folded.invisible - len(_EMOJI_JOINTS.findall(folded.original)))


def _mixed(original: str) -> int:
    """Count the characters of the rarer script; counting is for texts that have both."""
    return min(script_counts(original)) if all(scripts(original)) else 0
