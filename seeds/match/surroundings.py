"""What stands around the terms of an article: the deciding words of its fields, and who lends."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from seeds.match.evidence import Evidence, Lexicon
from seeds.match.texts import LEAD, FieldText, Part

# Where watched platforms are named, by field and in order: whoever is named there is a lender.
Lenders = Mapping[Part, Sequence[tuple[int, int]]]
# The deciding words of each field: number, start and end.
Words = Mapping[Part, Sequence[tuple[int, int, int]]]


class Surroundings(NamedTuple):
    """What decides about the occurrences in a text: its words, the lists (bits) of which what
    gives it its meaning has a word (the title, for the body), those of which any of both has one,
    and where it names lenders."""

    evidence: Evidence
    context: int
    anywhere: int
    lenders: Sequence[tuple[int, int]]

    def lender_near(self, start: int, end: int, reach: int) -> bool:
        """Tell whether a platform is named within `reach` of text[start:end]."""
        first = bisect_left(self.lenders, (start - reach,))
        return first < len(self.lenders) and self.lenders[first][0] <= end + reach


class Reader:
    """Sorts the words that decide in the fields of one article, each when it is first asked for."""

    def __init__(self, lexicon: Lexicon, words: Words, lenders: Lenders) -> None:
        self._lexicon = lexicon
        self._words = words
        self._lenders = lenders
        self._fields: dict[Part, Surroundings] = {}
        # The title is a field and what gives the body its meaning: read once for both.
        self._read: dict[Part, Evidence] = {}

    def lenders(self, part: Part) -> Sequence[tuple[int, int]]:
        """Give where a field names lenders, in order."""
        return self._lenders.get(part, ())

    def around(self, text: FieldText) -> Surroundings:
        """Give what decides about the occurrences in a field."""
        known = self._fields.get(text.part)
        if known is None:
            lenders = self.lenders(text.part)
            evidence, context = self._evidence(text.part), self._context(text.part)
            known = Surroundings(evidence, context, context | evidence.anywhere, lenders)
            self._fields[text.part] = known
        return known

    def _context(self, part: Part) -> int:
        """Give the bits of what gives a field its meaning: the title, or for that the lead."""
        if part == "title":
            return self._evidence("body").inside(0, LEAD)
        return self._evidence("title").anywhere if part == "body" else 0

    def _evidence(self, part: Part) -> Evidence:
        known = self._read.get(part)
        if known is None:
            known = self._read[part] = self._lexicon.evidence(self._words.get(part, ()))
        return known
