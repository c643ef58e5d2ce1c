"""The relation of a newer text to an older one, by comparing both in full. Pure.

The likeness that decides is *containment* of prose shingles in the better of both directions.
Of the real pairs of 2018 (the set it was tuned on) reposts have .71 and more; notices of the same
form and other articles reach .62, reports of one event, which nobody has to judge, .70. Our own
articles keep .45 to .65 with a fifth of their words replaced, .19 to .37 with two fifths. The
ranges overlap below .65, where the sentences have to tell."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from monitor.stories.alignment import Alignment, align, sentence_cover
from monitor.stories.fingerprint import containment, shared
from monitor.stories.quotation import QUOTED, quotes
from monitor.stories.reading import Reading
from seeds.fold.script import CHARACTERS

# From here up the texts are copies without another look. One known pair of notices is above it
# (two film posters announced in the same words, .93), judged "do not score" by the labellers.
COPY = 0.65
# Below it no copy is looked for; with two fifths of the words replaced .17 was the least.
LOOK = 0.12
# A copy whose words were replaced still has all its sentences, in some order. With up to a third
# of the words replaced (containment .4) every sentence is found again; other texts with that
# containment share passages and lack the rest (.77 at most). With two fifths replaced a few
# sentences are lost (.84 at least), and other texts of that containment reach .69.
REWORDED_MUCH = 0.4
REWORDED = 0.9
REWORDED_COVER = 0.8
# Reworded notices and daily reports keep the form and change the figures (.59 at most); copies
# keep them. Even where the words are the same, other figures make it another report.
FIGURES_KEPT = 0.8
OTHER_REPORT = 0.4
# So few figures (a year, a date) prove nothing either way.
FIGURES_TELLING = 4
# Of two briefs nearly everything must agree, in both directions; a brief that was cut out of a
# longer text stands in it whole. Either way the titles agree, too: no false merge.
BRIEF_COPY = 0.8
BRIEF_PART = 0.9
# The titles of two briefs are one from here up: retitled a little, they still say the same.
BRIEF_TITLE = 60
# Two titles are one, with (下) or a site's name behind it, from here up. Siblings about one
# platform come near it (…又开始催收了, …催收新规).
SAME_TITLE = 80
# A gap is a word cut out (电话), a partial copy lacks passages: longest word of a gap, and the
# share of a text that can be cut away word by word.
GAP_LENGTH = 6
GAPS_TOTAL = 0.15
# A partial copy lacks, or has more of, at least this many characters in one piece.
PASSAGE = 40
PART = 0.85
# Of two copies bound by their length the shorter has at least this share of the longer.
BOUND = 0.75
# Replacing words takes as much from both sides; a quotation leaves most of the longer text out.
LOPSIDED = 0.2
# A space or two between Han characters is a page's layout; more were put there.
GAPS = 3
# 28 to 36 % of a Traditional text's characters are not Simplified; of a Simplified one the odd 乾.
OTHER_SCRIPT = 0.05
# A swapped text may keep the old name in a caption or two: this share of its mentions.
LEFT_OVER = 0.34
# Headings say "same template" when there are several, and most of the shorter list agrees.
HEADINGS = 3
HEADINGS_SHARED = 0.6

_LATIN = re.compile(r"[a-zà-ɏ]+$")


class Relation(StrEnum):
    """How an article relates to what was seen before, nearest first (design.md)."""

    EXACT = "exact"
    SCRIPT_VARIANT = "script-variant"
    ANNOTATED = "annotated"
    GAPPED = "gapped"
    PARTIAL = "partial"
    REWRITE = "rewrite"
    PLATFORM_SWAP = "platform-swap"
    TEMPLATE_SIBLING = "template-sibling"
    NEW = "new"

    @property
    def joins(self) -> bool:
        """Whether the article belongs to the older one's story, or opens its own."""
        return self is not Relation.NEW and self not in OPENING_OF

    @property
    def rank(self) -> int:
        """0 for the nearest relation."""
        return list(Relation).index(self)


# These open a story and name what they come from.
OPENING_OF = frozenset({Relation.PLATFORM_SWAP, Relation.TEMPLATE_SIBLING})


@dataclass(frozen=True, slots=True)
class Likeness:
    """A relation with its proof in one number: the containment it rests on, 0 to 1.

    `quoted`: one has long passages of the other and is no copy of it; that binds nothing."""

    relation: Relation
    similarity: float
    quoted: bool = False


UNRELATED = Likeness(Relation.NEW, 0.0)


def relate(newer: Reading, older: Reading) -> Likeness:
    """Say how `newer` relates to `older`; NEW when it does not."""
    if not newer.prose or not older.prose:
        return UNRELATED
    if newer.folded_hash == older.folded_hash:
        return Likeness(_same_prose(newer, older), 1.0)
    ours, theirs = newer.hashes, older.hashes
    swapped = names_swapped(newer, older)
    if swapped:
        ours, theirs = newer.masked(), older.masked()
    shares = containment(ours, theirs), containment(theirs, ours)
    similarity = round(max(shares), 4)
    if (newer.brief or older.brief) and not swapped and _names_differ(newer, older):
        return UNRELATED
    if not _is_copy(newer, older, shares):
        return _no_copy(newer, older, shares, swapped=swapped)
    if swapped:
        return Likeness(Relation.PLATFORM_SWAP, similarity)
    return Likeness(_copy_kind(newer, older, shares), similarity)


def _no_copy(
    newer: Reading, older: Reading, shares: tuple[float, float], *, swapped: bool
) -> Likeness:
    similarity = round(max(shares), 4)
    if not swapped and max(shares) >= QUOTED and quotes(newer.prose, older.prose):
        return Likeness(Relation.PARTIAL, similarity, quoted=True)
    if _same_headings(newer, older) or _reworded(newer, older, shares):
        return Likeness(Relation.TEMPLATE_SIBLING, similarity)
    return UNRELATED


def names_swapped(newer: Reading, older: Reading) -> bool:
    """Whether the two are about different platforms because names were put in place of each other:
    what one is about is hardly named in the other, which names its own more often. A part whose
    dominant name is another one names both as its whole does. With names masked they have more in
    common; an article that quotes one about somebody else has not."""
    one, other = newer.names, older.names
    if one.dominant is None or other.dominant is None or one.dominant == other.dominant:
        return False
    sides = ((one, other, one.dominant), (other, one, other.dominant))
    counts = [
        (ours.counts.get(name, 0), theirs.counts.get(name, 0)) for ours, theirs, name in sides
    ]
    gone = [theirs <= LEFT_OVER * ours for ours, theirs in counts]
    if not any(gone) or any(
        not left and theirs >= ours for left, (ours, theirs) in zip(gone, counts, strict=True)
    ):
        return False
    if shared(newer.masked(), older.masked()) > shared(newer.hashes, older.hashes):
        return True
    # All names of a spun text may stand among replaced words, and those of a part in its title.
    shorter = min((newer, older), key=lambda reading: len(reading.prose))
    return all(gone) and (nearly_as_long(newer, older) or not shorter.names.counts)


def same_title(one: Reading, other: Reading, likeness: int = SAME_TITLE) -> bool:
    """Whether two texts go by one title, a word or two apart; without one they go by none."""
    return bool(one.title) and fuzz.ratio(one.title, other.title) >= likeness


def nearly_as_long(one: Reading, other: Reading) -> bool:
    """Whether of two copies each is most of the other."""
    short, long = sorted((len(one.prose), len(other.prose)))
    return short >= BOUND * long


def binds(newer: Reading, older: Reading) -> bool:
    """Whether two texts of which one joins the other are one article, and not only one in the other.

    They are by their title, or because each is most of the other. A round-up is bound to none of
    the articles that are in it."""
    return same_title(newer, older) or nearly_as_long(newer, older)


def _names_differ(newer: Reading, older: Reading) -> bool:
    """Whether a brief is about another platform; one that was cut out may name none."""
    short, long = sorted((newer, older), key=lambda reading: len(reading.prose))
    if short.names.dominant is None and not long.brief:
        return False
    return short.names.dominant != long.names.dominant


def figures_kept(newer: Reading, older: Reading) -> float:
    """The share of the shorter text's figures that the longer has too; 1 when there are few."""
    short, long = sorted((newer, older), key=lambda reading: len(reading.prose))
    total = short.figures.total()
    if total < FIGURES_TELLING:
        return 1.0
    return (short.figures & long.figures).total() / total


def _is_copy(newer: Reading, older: Reading, shares: tuple[float, float]) -> bool:
    if newer.brief and older.brief:
        return (
            min(shares) >= BRIEF_COPY
            and newer.figures == older.figures
            and same_title(newer, older, BRIEF_TITLE)
        )
    if newer.brief or older.brief:
        return max(shares) >= BRIEF_PART and same_title(newer, older, BRIEF_TITLE)
    if max(shares) >= COPY:
        return figures_kept(newer, older) >= OTHER_REPORT or max(shares) == 1
    return figures_kept(newer, older) >= FIGURES_KEPT and _reworded(newer, older, shares)


def _reworded(newer: Reading, older: Reading, shares: tuple[float, float]) -> bool:
    """Whether the shorter text's sentences all stand in the longer, in other words."""
    if max(shares) < LOOK or newer.brief or older.brief:
        return False
    if max(shares) >= COPY:
        return True
    short, long = sorted((newer, older), key=lambda reading: len(reading.prose))
    needed = REWORDED if max(shares) >= REWORDED_MUCH else REWORDED_COVER
    return sentence_cover(short.sentences, long.sentences) >= needed


def _same_prose(newer: Reading, older: Reading) -> Relation:
    """Texts that are equal once folded differ in what folding takes away."""
    if newer.figures != older.figures:
        return Relation.REWRITE  # 3.6% and 36% are equal only without their points
    spaced = abs(newer.gaps - older.gaps) >= GAPS
    if newer.raw == older.raw:
        return Relation.GAPPED if spaced else Relation.EXACT
    if newer.annotated != older.annotated:
        return Relation.ANNOTATED
    if newer.headings != older.headings:
        return Relation.PARTIAL
    if abs(_traditional(newer) - _traditional(older)) >= OTHER_SCRIPT * len(newer.prose):
        return Relation.SCRIPT_VARIANT
    return Relation.GAPPED if spaced else Relation.EXACT


def _traditional(reading: Reading) -> int:
    """How many characters only the Traditional script has."""
    return sum(count for each, count in Counter(reading.raw).items() if each in CHARACTERS)


def _copy_kind(newer: Reading, older: Reading, shares: tuple[float, float]) -> Relation:
    aligned = align(older.prose, newer.prose)
    if aligned is None:
        return Relation.PARTIAL if max(shares) >= PART else Relation.REWRITE
    if _only_letters_added(aligned):
        return Relation.ANNOTATED
    if _only_words_cut(aligned, len(older.prose)):
        return Relation.GAPPED
    passages = [run for run in (*aligned.cuts, *aligned.additions) if run >= PASSAGE]
    if not passages:
        return Relation.REWRITE
    quoted = aligned.longest_equal >= min(len(newer.prose), len(older.prose)) / 2
    lopsided = abs(shares[0] - shares[1]) >= LOPSIDED
    if max(shares) >= PART or quoted or lopsided or quotes(newer.prose, older.prose):
        return Relation.PARTIAL
    return Relation.REWRITE


def _only_letters_added(aligned: Alignment) -> bool:
    """Annotations that folding did not know: nothing but Latin letters was put in."""
    return (
        not aligned.cuts
        and bool(aligned.extra)
        and all(_LATIN.match(each) for each in aligned.extra)
    )


def _only_words_cut(aligned: Alignment, older_length: int) -> bool:
    """One text is the other with words cut out, here and there."""
    runs = aligned.cuts or aligned.additions
    if aligned.cuts and aligned.additions:
        return False
    return max(runs, default=0) <= GAP_LENGTH and sum(runs) <= GAPS_TOTAL * older_length


def _same_headings(newer: Reading, older: Reading) -> bool:
    common = len(newer.headings & older.headings)
    fewer = min(len(newer.headings), len(older.headings))
    return common >= HEADINGS and common >= HEADINGS_SHARED * fewer
