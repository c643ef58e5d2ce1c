"""What stands around the terms of an article: the deciding words of its fields, and who lends."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from seeds.match.evidence import Evidence, Lexicon
from seeds.match.texts import FieldText, Part

# Where watched platforms are named, by field and in order: whoever is named there is a lender.
Lenders = Mapping[Part, Sequence[tuple[int, int]]]


class Surroundings(NamedTuple):
    """What decides about the occurrences in a text: its words, the lists (bits) of which what
    gives it its meaning has a word (the title, for the body), and where it names lenders."""

    evidence: Evidence
    context: int
    lenders: Sequence[tuple[int, int]]

    def lender_near(self, start: int, end: int, reach: int) -> bool:
        """Tell whether a platform is named within `reach` of text[start:end]."""
        first = bisect_left(self.lenders, (start - reach,))
        return first < len(self.lenders) and self.lenders[first][0] <= end + reach


class Reader:
    """Reads the fields of one article for the words that decide, each when it is first asked for."""

    def __init__(self, lexicon: Lexicon, lenders: Lenders) -> None:
        self._lexicon = lexicon
        self._lenders = lenders
        self._fields: dict[Part, Surroundings] = {}
        # The title is a field and what gives the body its meaning: read once for both.
        self._read: dict[str, Evidence] = {}

    def around(self, text: FieldText) -> Surroundings:
        """Give what decides about the occurrences in a field."""
        known = self._fields.get(text.part)
        if known is None:
            context = self._evidence(text.context).anywhere
            lenders = self._lenders.get(text.part, ())
            known = Surroundings(self._evidence(text.text), context, lenders)
            self._fields[text.part] = known
        return known

    def _evidence(self, text: str) -> Evidence:
        known = self._read.get(text)
        if known is None:
            known = self._read[text] = self._lexicon.read(text)
        return known
