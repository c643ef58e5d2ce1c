"""What the fold took out of a text: the traces of hiding it from exact comparison."""

from collections.abc import Iterator

from seeds.farm.page import Page
from seeds.farm.reasons import Reason, ReasonKind
from seeds.fold import Folded
from seeds.fold.script import CHARACTERS, is_han, read_dictionary

# Characters that only Traditional writes (by OpenCC's t2s), and only Simplified (its s2t changes
# them in every word).
_TRADITIONAL = frozenset(each for each, simple in CHARACTERS.items() if simple != each)
_SIMPLIFIED = frozenset(
    each for each, written in read_dictionary("STCharacters.txt").items() if each not in written
)
# Log-odds for each trace in a hundred characters, and the most a kind can add. Nobody annotates
# ordinary words for readers: 1.5 in a hundred are enough alone. Blanks inside a sentence also
# come from layout, invisible characters from editors, entities from careless software, and a
# name in the other script is quoted: none of these is enough alone unless it is everywhere.
_ANNOTATIONS = (2.2, 8.0)
_GAPS = (1.1, 2.0)
_INVISIBLE = (0.7, 2.8)
_ENTITIES = (0.7, 2.4)
_MIXED = (0.5, 4.0)
# An annotation of a character that stands nowhere else in the text helps to read a rare name
# (堃(kūn)); farms annotate by a table of common ones. The share at which a rare one counts.
_ONCE = 0.3
# The same in a lesson or under a poem, where annotations help to read: at most this.
_LESSON_MOST = 1.0


def doctoring(page: Page, *, lesson: bool) -> Iterator[Reason]:
    """Give a reason for each kind of doctoring found. None falls when its count rises."""
    folded = page.article.body.folded
    strength, excerpt = _annotated(folded) if folded.annotations else (0.0, "")
    each, most = _ANNOTATIONS
    annotations = (each, min(most, _LESSON_MOST) if lesson else most)
    signals = folded.signals if folded.gaps else None
    mixed = _mixed(folded.original)
    for kind, count, amount, bounds, evidence in (
        (ReasonKind.ANNOTATIONS, folded.annotations, strength, annotations, excerpt),
        (ReasonKind.GAPS, cuts := signals.cuts if signals else 0, cuts, _GAPS, ""),
        (ReasonKind.INVISIBLE, folded.invisible, folded.invisible, _INVISIBLE, ""),
        (ReasonKind.ENTITIES, folded.entities, folded.entities, _ENTITIES, ""),
        (ReasonKind.MIXED_SCRIPT, mixed, mixed, _MIXED, ""),
    ):
        if count:
            each, most = bounds
            weight = min(most, each * amount / page.hundreds)
            yield Reason(kind, count, round(weight, 3), evidence)


def _annotated(folded: Folded) -> tuple[float, str]:
    """Weigh the annotations, and quote the first one with what it reads."""
    original, text = folded.original, folded.text
    once, seen, excerpt = 0, 0, ""
    for index, (start, following) in enumerate(
        zip(folded.offsets, folded.offsets[1:], strict=False)
    ):
        if following - start > 1 and original[start] != "&" and is_han(text[index]):
            if not original[start + 1 : following].strip():
                continue
            seen += 1
            excerpt = excerpt or original[start : min(following, start + 12)]
            once += text.count(text[index]) == 1
    return max(0.0, folded.annotations - (1 - _ONCE) * min(once, folded.annotations)), excerpt


def _mixed(original: str) -> int:
    """Count the characters of the rarer script: those that only one of the two writes."""
    alphabet = frozenset(original)
    traditional, simplified = alphabet & _TRADITIONAL, alphabet & _SIMPLIFIED
    if not traditional or not simplified:
        return 0
    return min(
        sum(map(original.count, traditional)),
        sum(map(original.count, simplified)),
    )
