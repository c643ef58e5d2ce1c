"""The words that decide about terms: found in one pass over a text, asked for by place."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation


class Word(NamedTuple):
    """A word of the lexicon, found at text[start:end]; `number` is the lexicon's for it."""

    number: int
    start: int
    end: int


class Lexicon:
    """Every word that may decide about a term, in one automaton."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = tuple(dict.fromkeys(words))
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self._automaton = (
            AhoCorasick(self.words, implementation=Implementation.DFA) if self.words else None
        )

    def numbers(self, words: Iterable[str]) -> frozenset[int]:
        """Give the numbers of words of this lexicon."""
        return frozenset(self._numbers[word] for word in words)

    def read(self, text: str) -> "Evidence":
        """Find every word in folded `text`, overlapping ones too."""
        if self._automaton is None:
            return Evidence(())
        return Evidence(self._automaton.find_matches_as_indexes(text, overlapping=True))


class Evidence:
    """The words found in one text, in the order in which they end."""

    __slots__ = ("_ends", "_found")

    def __init__(self, found: Sequence[tuple[int, int, int]]) -> None:
        self._found = found
        self._ends = [end for _, _, end in found]

    def within(self, first: int, last: int, wanted: frozenset[int]) -> Iterator[Word]:
        """Give the wanted words that lie wholly in text[first:last]."""
        for place in range(bisect_right(self._ends, first), bisect_right(self._ends, last)):
            number, start, end = self._found[place]
            if start >= first and number in wanted:
                yield Word(number, start, end)

    def numbers(self) -> frozenset[int]:
        """Give the numbers of all words found."""
        return frozenset(number for number, _, _ in self._found)
