"""Prove how a newer text relates to an older one: what they share, and what differs. Pure.

All places are offsets into the bodies as they are stored."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from monitor.stories.differences import FIGURES, Difference, DifferenceKind, differences
from monitor.stories.fingerprint import compact
from monitor.stories.layout import Layout, Place, Text, lay_out
from monitor.stories.pieces import Piece, cut
from monitor.stories.reading import read
from monitor.stories.relation import Relation, relate
from seeds.fold import fold_text
from seeds.match import Matches

# Under so many characters that only one script has, a text is in neither: 人 is in both.
_SCRIPT = 3

# An honest text has next to nothing of the other script; one glued to another has.
_MIXED = 0.1

Script = Literal["traditional", "simplified", "mixed", ""]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that stands in both texts; once folded, and without spaces and punctuation, the
    two are the same. `moved`: it stands in another order."""

    older: Place
    newer: Place
    moved: bool


@dataclass(frozen=True, slots=True)
class Swap:
    """A platform's name in the place of another's, so many times."""

    older: str
    newer: str
    count: int


@dataclass(frozen=True, slots=True)
class Doctoring:
    """What folding took out of one text: annotations, gaps closed between Han characters,
    invisible characters, entities resolved, lookalikes; and the script it is in."""

    script: Script
    annotations: int
    gaps: int
    invisible: int
    entities: int
    lookalikes: int


@dataclass(frozen=True, slots=True)
class Share:
    """One of the two texts. `share` is how much of its prose stands in the other, 0 to 1; `shared`
    and `length` are the characters (letters and figures) behind it. `boilerplate` are the lines left out;
    `read` is how much of the body was compared, of `characters`."""

    share: float
    shared: int
    length: int
    doctoring: Doctoring
    boilerplate: tuple[Place, ...]
    read: int
    characters: int

    @property
    def cut_off(self) -> bool:
        """Whether the body was too long to be compared to its end."""
        return self.read < self.characters


@dataclass(frozen=True, slots=True)
class Proof:
    """How a newer text relates to an older one, with all that a person needs to check it.

    `spans` and `differences` are in the order of the newer text; `shared_headings` are those of
    the newer that the older has, whatever their number."""

    relation: Relation
    similarity: float
    same_title: bool
    older: Share
    newer: Share
    spans: tuple[Span, ...]
    differences: tuple[Difference, ...]
    swaps: tuple[Swap, ...]
    shared_headings: int

    def of_kind(self, *kinds: DifferenceKind) -> list[Difference]:
        """The differences of these kinds."""
        return [each for each in self.differences if each.kind in kinds]


def prove(newer: Text, older: Text) -> Proof:
    """Compare two texts. Costs 3 to 5 s for two of 200,000 characters; what is beyond that is
    not compared (`Share.cut_off`), but for the relation, which is told of the whole."""
    names = {**_names(older.matches), **_names(newer.matches)}
    terms = _terms(older.matches) | _terms(newer.matches)
    ours, theirs = (lay_out(each, names, terms) for each in (older, newer))
    pieces = cut(ours, theirs)
    equal = [each for each in pieces if each.equal]
    told = tuple(differences(ours, theirs, pieces))
    likeness = relate(*(read(each.title, each.body, each.matches) for each in (newer, older)))
    return Proof(
        relation=likeness.relation,
        similarity=likeness.similarity,
        same_title=compact(fold_text(newer.title)) == compact(fold_text(older.title)),
        older=_share(older, ours, [(each.older, each.older_end) for each in equal]),
        newer=_share(newer, theirs, [(each.newer, each.newer_end) for each in equal]),
        spans=tuple(span for each in equal for span in _spans(ours, theirs, each)),
        differences=told,
        swaps=_swaps(told),
        shared_headings=_shared_headings(theirs, equal),
    )


def _names(matches: Matches) -> dict[str, str]:
    counted = (each for each in matches.mentions if each.counted and each.kind == "platform")
    return {fold_text(each.surface): each.name for each in counted}


def _terms(matches: Matches) -> frozenset[str]:
    counted = (each for each in matches.mentions if each.counted and each.kind == "topic")
    return frozenset(fold_text(each.surface) for each in counted)


def _spans(older: Layout, newer: Layout, piece: Piece) -> Iterator[Span]:
    """The spans of an equal piece: boilerplate that stands in its midst in one text breaks it."""
    broken = {each - piece.older for each in _within(older.breaks, piece.older, piece.older_end)}
    broken |= {each - piece.newer for each in _within(newer.breaks, piece.newer, piece.newer_end)}
    for first, last in pairwise((0, *sorted(broken), piece.newer_end - piece.newer)):
        yield Span(
            older.place(piece.older + first, piece.older + last),
            newer.place(piece.newer + first, piece.newer + last),
            piece.moved,
        )


def _within(breaks: Sequence[int], first: int, last: int) -> Sequence[int]:
    return breaks[bisect_right(breaks, first) : bisect_left(breaks, last)]


def _share(text: Text, layout: Layout, equal: Sequence[tuple[int, int]]) -> Share:
    prose = [
        0 if heading else len(word)
        for word, heading in zip(layout.words, layout.headings, strict=True)
    ]
    length = sum(prose)
    shared = sum(sum(prose[first:last]) for first, last in equal)
    return Share(
        share=round(shared / length, 4) if length else 0.0,
        shared=shared,
        length=length,
        doctoring=_doctoring(layout),
        boilerplate=layout.boilerplate,
        read=layout.length,
        characters=len(text.body),
    )


def _doctoring(layout: Layout) -> Doctoring:
    signals = layout.folded.signals
    script: Script = ""
    if min(signals.traditional, signals.simplified) >= _SCRIPT and signals.mixture >= _MIXED:
        script = "mixed"
    elif max(signals.traditional, signals.simplified) >= _SCRIPT:
        script = "traditional" if signals.traditional > signals.simplified else "simplified"
    return Doctoring(
        script=script,
        annotations=signals.annotations,
        gaps=signals.gaps,
        invisible=signals.invisible.total,
        entities=signals.entities,
        lookalikes=signals.lookalikes,
    )


def _swaps(told: Sequence[Difference]) -> tuple[Swap, ...]:
    counts = Counter(pair for each in told for pair in each.names)
    return tuple(Swap(*pair, count) for pair, count in counts.most_common())


def _shared_headings(newer: Layout, equal: Sequence[Piece]) -> int:
    """Count the headings all of which is shared but their figures."""

    def words_of_headings(words: Iterable[int]) -> Counter[int]:
        return Counter(
            newer.lines[word]
            for word in words
            if newer.headings[word] and newer.tokens[word].fact not in FIGURES
        )

    shared = words_of_headings(word for each in equal for word in range(each.newer, each.newer_end))
    whole = words_of_headings(range(len(newer.words)))
    return sum(shared[line] == count for line, count in whole.items())
