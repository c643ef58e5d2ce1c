"""The words that decide about terms: found in the pass that finds these, asked for by place.

A rule asks "is one of this list near?" far more often than "which one?", and most lists have no word
anywhere in most texts. Every list therefore has a bit, every word the bits of the lists it is in,
and a text their union: one test tells that no place has to be asked."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple


class Word(NamedTuple):
    """A word of the lexicon, found at text[start:end]; `number` is the lexicon's for it."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordList:
    """Some words of a lexicon by their numbers; `bit` is set wherever one of them stands."""

    numbers: frozenset[int]
    bit: int

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def __contains__(self, number: int) -> bool:
        return number in self.numbers


class Lexicon:
    """Every word that may decide about a term, by its number."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._lists: dict[frozenset[int], WordList] = {}
        self._bits = [0] * len(self.words)
        self._longest = max(map(len, self.words), default=0)

    def numbers(self, words: Iterable[str]) -> frozenset[int]:
        """Give the numbers of words of this lexicon."""
        return frozenset(self._numbers[word] for word in words)

    def listed(self, numbers: frozenset[int]) -> WordList:
        """Give the list of words that has these numbers, equal lists only once."""
        if numbers not in self._lists:
            bit = 1 << len(self._lists) if numbers else 0
            self._lists[numbers] = WordList(numbers, bit)
            for number in numbers:
                self._bits[number] |= bit
        return self._lists[numbers]

    def evidence(self, found: Sequence[tuple[int, int, int]]) -> "Evidence":
        """Make the words (number, start, end) of a text evidence; they come by their ends."""
        return Evidence(found, self._bits, self._longest)


class Evidence:
    """The words found in one text, in the order in which they end.

    Most questions are about places where no word of the list stands: `isdisjoint` tells that without
    a step in Python for each word there."""

    __slots__ = ("_bits", "_ends", "_found", "_longest", "_numbers", "anywhere")

    def __init__(
        self, found: Sequence[tuple[int, int, int]], bits: Sequence[int], longest: int
    ) -> None:
        self._found = found
        self._bits = bits
        self._longest = longest
        self._numbers = [number for number, _, _ in found]
        self._ends = [end for _, _, end in found]
        # The bits of the lists with a word anywhere in the text.
        self.anywhere = self._said(self._numbers)

    def within(self, first: int, last: int, wanted: WordList) -> list[Word]:
        """Give the wanted words that lie wholly in text[first:last]."""
        begin, end = bisect_right(self._ends, first), bisect_right(self._ends, last)
        numbers = wanted.numbers
        if numbers.isdisjoint(self._numbers[begin:end]):
            return []
        return [
            Word(number, start, stop)
            for number, start, stop in self._found[begin:end]
            if start >= first and number in numbers
        ]

    def begins(self, wanted: WordList, first: int, last: int) -> bool:
        """Tell whether a wanted word begins in text[first:last]."""
        if not wanted.bit & self.anywhere:
            return False
        begin = bisect_right(self._ends, first)
        end = bisect_right(self._ends, last - 1 + self._longest)
        numbers = wanted.numbers
        if numbers.isdisjoint(self._numbers[begin:end]):
            return False
        return any(
            number in numbers and first <= start < last
            for number, start, _ in self._found[begin:end]
        )

    def has(self, wanted: frozenset[int], start: int, end: int, reach: int) -> bool:
        """Tell whether a word of these numbers lies within `reach` of text[start:end], not inside."""
        first = start - reach
        begin, past = bisect_right(self._ends, first), bisect_right(self._ends, end + reach)
        if wanted.isdisjoint(self._numbers[begin:past]):
            return False
        for number, begins_at, ends_at in self._found[begin:past]:
            if number in wanted and begins_at >= first and (begins_at < start or ends_at > end):
                return True
        return False

    def inside(self, first: int, last: int) -> int:
        """Give the bits of the lists with a word that lies wholly in text[first:last]."""
        begin, end = bisect_right(self._ends, first), bisect_right(self._ends, last)
        return self._said(number for number, start, _ in self._found[begin:end] if start >= first)

    def _said(self, numbers: Iterable[int]) -> int:
        """Give the bits of the lists that words of these numbers are in."""
        return reduce(or_, [self._bits[each] for each in set(numbers)], 0)
