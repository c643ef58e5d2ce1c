"""The words that decide about terms: found in the pass that finds these, asked for by place.

A rule asks "is one of this list near?" far more often than "which one?". Every list therefore has
a bit, every word the bits of the lists it is in, and a stretch of text their union: one test
answers for any list."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
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
        return Evidence(found, self._bits)


class Evidence:
    """The words found in one text, in the order in which they end."""

    __slots__ = ("_begin", "_ends", "_found", "_said", "anywhere")

    def __init__(self, found: Sequence[tuple[int, int, int]], bits: Sequence[int]) -> None:
        self._found = found
        self._begin: dict[int, list[int]] = {}
        self._ends = [end for _, _, end in found]
        # Where each word found stands, and the bits of the lists it is in.
        self._said = [(start, end, bits[number]) for number, start, end in found]
        # The bits of the lists with a word anywhere in the text.
        self.anywhere = reduce(or_, [bits[each] for each in {number for number, _, _ in found}], 0)

    def within(self, first: int, last: int, wanted: WordList) -> Iterator[Word]:
        """Give the wanted words that lie wholly in text[first:last]."""
        numbers = wanted.numbers
        for place in range(bisect_right(self._ends, first), bisect_right(self._ends, last)):
            number, start, end = self._found[place]
            if start >= first and number in numbers:
                yield Word(number, start, end)

    def begins(self, wanted: WordList, first: int, last: int) -> bool:
        """Tell whether a wanted word begins in text[first:last]; for lists that are asked for often,
        because where their words begin is worked out once."""
        bit = wanted.bit
        if not bit & self.anywhere:
            return False
        begin = self._begin.get(bit)
        if begin is None:
            begin = self._begin[bit] = sorted([at for at, _, bits in self._said if bits & bit])
        place = bisect_left(begin, first)
        return place < len(begin) and begin[place] < last

    def has(self, wanted: WordList, start: int, end: int, reach: int) -> bool:
        """Tell whether a wanted word lies within `reach` of text[start:end], not inside."""
        # Most lists have no word anywhere in most texts.
        bit = wanted.bit & self.anywhere
        return bool(bit and self.near(start, end, reach) & bit)

    def near(self, start: int, end: int, reach: int) -> int:
        """Give the bits of the lists with a word within `reach` of text[start:end], not inside."""
        first, ends, said = start - reach, self._ends, 0
        around = self._said[bisect_right(ends, first) : bisect_right(ends, end + reach)]
        for begins_at, ends_at, bits in around:
            if begins_at >= first and (begins_at < start or ends_at > end):
                said |= bits
        return said

    def inside(self, first: int, last: int) -> int:
        """Give the bits of the lists with a word that lies wholly in text[first:last]."""
        ends, said = self._ends, 0
        for start, _, bits in self._said[bisect_right(ends, first) : bisect_right(ends, last)]:
            if start >= first:
                said |= bits
        return said
