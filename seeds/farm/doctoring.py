"""What the fold took out of a text: the traces of hiding it from exact comparison."""

import re
from collections import Counter
from collections.abc import Iterator

from seeds.farm.page import Page
from seeds.farm.reasons import Reason, ReasonKind
from seeds.fold import Folded
from seeds.fold.removals import Removal, is_cut, removals
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
_EMOJI_JOINTS = re.compile(
    "(?<=[\u2190-\u2bff\u3030-\u303d\U0001f000-\U0001faff\ufe0f])[\ufe0f\u200d]"
)


def doctoring(page: Page, *, lesson: bool) -> Iterator[Reason]:
    """Give a reason for each kind of doctoring found. None falls when its count rises."""
    folded = page.article.body.folded
    gone: list[Removal] = []
    if folded.annotations or folded.gaps:
        gone = removals(folded.original, folded.text, folded.offsets)
    if folded.annotations:
        most = _LESSON_MOST if lesson else _MOST_ANNOTATED
        yield _annotations(folded, gone, _ANNOTATED / page.hundreds, most)
    gaps = [each for each in gone if is_cut(folded.text, each)] if folded.gaps else []
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


def _annotations(folded: Folded, gone: list[Removal], each: float, most: float) -> Reason:
    """Weigh the annotations at `each` a piece, and quote the first one with what it reads."""
    readings = (one for one in gone if any(map(str.isalpha, one.removed)))
    first = next(readings, None)
    weight = _ONCE * each * folded.annotations
    # Only where it matters: how many are of characters that the text has nowhere else.
    if first and weight < most:
        counted = Counter(folded.text)
        once = sum(counted[folded.text[one.at]] == 1 for one in (first, *readings))
        weight = each * max(0.0, folded.annotations - (1 - _ONCE) * min(once, folded.annotations))
    excerpt = _around(folded, first) if first else ""
    return Reason(ReasonKind.ANNOTATIONS, folded.annotations, round(min(most, weight), 3), excerpt)


def _around(folded: Folded, gone: Removal) -> str:
    """Quote the original around what is gone."""
    start = folded.offsets[gone.at]
    return folded.original[max(0, start - 4) : start + len(gone.removed) + 4]


def _hidden(folded: Folded) -> int:
    """Count the invisible characters, without those that emoji are joined with."""
    if not folded.invisible:
        return 0
    return max(0, folded.invisible - len(_EMOJI_JOINTS.findall(folded.original)))


def _mixed(original: str) -> int:
    """Count the characters of the rarer script; counting is for texts that have both."""
    return min(script_counts(original)) if all(scripts(original)) else 0
