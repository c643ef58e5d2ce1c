"""Find every name and term in a folded text in one pass, broken and disguised ones included."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from seeds.match.spelled import Restored, Speller
from seeds.match.traces import (
    LONGEST_SYLLABLE,
    MOST_SEPARATORS,
    SEPARATES,
    Span,
    Tracer,
    special_runs,
    written_out,
)

# Longer than the longest half of a name that could stand on one side of a break.
_REACH = 16
_LETTERS = re.compile("[a-z]+")
_RUN = re.compile(rf"(?:{SEPARATES.pattern})+")
# Of more patterns a DFA is no faster, and takes three times as long to build (13,000: 105 ms).
_MOST_FOR_DFA = 5000


class Hit(NamedTuple):
    """A pattern found at text[start:end]; `broken` by separators, `disguised` by lookalikes,
    `spelled` in part by sound."""

    pattern: int
    start: int
    end: int
    broken: bool = False
    disguised: bool = False
    spelled: bool = False


# The `__new__` that NamedTuple writes takes twice as long, and hits are what a text has most of.
_hit: Callable[[tuple[int, int, int, bool, bool, bool]], Hit] = partial(tuple.__new__, Hit)


class Scan(NamedTuple):
    """What one pass found: the patterns, and the words (number, start, end) by their ends."""

    hits: list[Hit]
    words: list[tuple[int, int, int]]


class Scanner:
    """All patterns in one automaton; those of `exact` are found as they are written only, and so
    are the `words` of another reader, told by their numbers. A second automaton would be a second
    walk through the text, out of the processor's cache."""

    def __init__(
        self, patterns: Iterable[str], exact: Iterable[str] = (), words: Sequence[str] = ()
    ) -> None:
        hidden = dict.fromkeys(patterns)
        wanted = {**hidden, **dict.fromkeys(exact)}
        # Words come first: what is found of them has their numbers.
        self.patterns = tuple(dict.fromkeys((*words, *wanted)))
        self._words = len(words)
        self._wanted = [pattern in wanted for pattern in self.patterns]
        self._hidden = [pattern in hidden for pattern in self.patterns]
        self._longest = max(map(len, hidden), default=0)
        self._tracer = Tracer(hidden)
        self._speller = Speller(self._tracer.pairs)
        few = len(self.patterns) <= _MOST_FOR_DFA
        kind = Implementation.DFA if few else Implementation.ContiguousNFA
        self._automaton = AhoCorasick(self.patterns, implementation=kind) if self.patterns else None

    def read(self, text: str, runs: Sequence[Span] | None = None) -> Scan:
        """Find every pattern and word in folded `text`, overlapping ones too.

        Who knows the special runs of the text (seeds.match.traces) saves the search for them."""
        found = self._find(text)
        past, wanted = self._words, self._wanted
        words = [each for each in found if each[0] < past]
        hits = [
            _hit((pattern, start, end, False, False, False))
            for pattern, start, end in found
            if wanted[pattern]
        ]
        runs = special_runs(text) if runs is None else runs
        return Scan(self._with_hidden(hits, text, runs), words)

    def scan(self, text: str, runs: Sequence[Span] | None = None) -> list[Hit]:
        """Find every pattern in folded `text`, as `read` does."""
        return self.read(text, runs).hits

    def _with_hidden(self, hits: list[Hit], text: str, runs: Sequence[Span]) -> list[Hit]:
        """Add what is broken, disguised or spelled to what was found as it is written."""
        breaks, lookalikes, words, apart = self._tracer.traces(text, runs)
        if lookalikes:
            plain = written_out(text)
            known = {(hit.pattern, hit.start) for hit in hits}
            found = (Hit(*hit, disguised=True) for hit in self._find(plain))
            hits += [
                hit
                for hit in found
                if self._hidden[hit.pattern] and (hit.pattern, hit.start) not in known
            ]
            text = plain
            breaks = self._tracer.traces(text, special_runs(text)).breaks
        if breaks:
            hits += self._broken(text, breaks)
        if words:
            known_spans = {(hit.start, hit.end) for hit in hits}
            hits += dict.fromkeys(self._spelled(text, words, known_spans))
        for run in apart:
            hits += dict.fromkeys(self._kept_apart(text, *run))
        return hits

    def _find(self, text: str) -> list[tuple[int, int, int]]:
        if self._automaton is None or not text:
            return []
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def _spelled(self, text: str, words: Sequence[Span], known: set[Span]) -> Iterator[Hit]:
        """Find patterns with spelled characters, but where some pattern is spelled so itself."""
        for restored in self._speller.restored(text, words):
            for pattern, start, end in self._around(restored):
                whole = restored.original(start, end) if end - start > 1 else None
                if whole is None or whole in known or not self._hidden[pattern]:
                    continue
                # One letter beside one character is anything.
                if end - start > 2 or whole[1] - whole[0] > 2:
                    yield Hit(pattern, *whole, spelled=True)

    def _kept_apart(self, text: str, start: int, end: int) -> Iterator[Hit]:
        """Find patterns of which the syllables in text[start:end] are kept apart (yong qian bao), or
        one from the characters beside it (用 qian 宝)."""
        words = [at.span() for at in _LETTERS.finditer(text, start, end)]
        if not all(self._speller.spells(text[first:last]) for first, last in words):
            return
        window = range(max(0, start - _REACH), min(len(text), end + _REACH))
        places = [each for each in window if not start <= each < end or text[each].isalpha()]
        closed = "".join(text[each] for each in places)
        first = places.index(words[0][0])
        length = sum(end - start for start, end in words)
        found = [Hit(*each) for each in self._find(closed) if self._wanted[each[0]]]
        if length <= LONGEST_SYLLABLE:
            found += self._spelled(closed, [(first, first + length)], set())
        for hit in found:
            whole = places[hit.start], places[hit.end - 1] + 1
            held = [each for each in words if whole[0] <= each[0] and each[1] <= whole[1]]
            if whole[1] - whole[0] > hit.end - hit.start and _typed_out(whole, held, words):
                yield hit._replace(start=whole[0], end=whole[1], broken=True)

    def _around(self, restored: Restored) -> Iterator[tuple[int, int, int]]:
        """Find what stands around the spelled characters of a text, and may hold one of them."""
        spelled = [(place, place + 1) for place in restored.places]
        for first, last in _windows(spelled, len(restored.text), self._longest):
            for pattern, start, end in self._find(restored.text[first:last]):
                yield pattern, first + start, first + end

    def _broken(self, text: str, breaks: Sequence[Span]) -> Iterator[Hit]:
        """Find patterns with separators between their characters."""
        for start, end in _windows(breaks, len(text), _REACH):
            window = text[start:end]
            found = self._find(SEPARATES.sub("", window))
            if not found:
                continue
            gaps = {at.start() for at in SEPARATES.finditer(window)}
            places = [start + i for i in range(end - start) if i not in gaps]
            for pattern, first, last in found:
                whole = places[first], places[last - 1] + 1
                if not self._hidden[pattern]:
                    continue
                if whole[1] - whole[0] > last - first and self._plausible(text, *whole):
                    yield Hit(pattern, *whole, broken=True)

    @staticmethod
    def _plausible(text: str, start: int, end: int) -> bool:
        """Tell whether text[start:end] is one name broken up, rather than the end of one line or
        item and the beginning of the next.

        A line end may break a name once, and only one of three characters or more; spaces
        beside Latin letters and digits (360 借条) are ordinary."""
        surface = text[start:end]
        breaks = _RUN.findall(surface)
        if max(map(len, breaks), default=0) > MOST_SEPARATORS:
            return False
        letters = len(surface) - sum(map(len, breaks))
        return "\n" not in surface or (surface.count("\n") == 1 and letters >= 3)


def _typed_out(whole: Span, held: Sequence[Span], words: Sequence[Span]) -> bool:
    """Tell whether a name of which the words `held` are kept apart is no accident: a single letter
    stands within it only (not in 微粒 D 轮), and two syllables by themselves are all of `words`."""
    first, last = whole
    edges = [(start, end) for start, end in held if start == first or end == last]
    if any(end - start == 1 for start, end in edges):
        return False
    alone = len(held) == 2 and held[0][0] == first and held[-1][1] == last
    return not alone or len(words) == 2


def _windows(breaks: Sequence[Span], length: int, reach: int) -> list[Span]:
    """Give the stretches within `reach` of breaks, in order, merged where they meet."""
    windows: list[Span] = []
    for first, last in breaks:
        start, end = max(0, first - reach), min(length, last + reach)
        if windows and start <= windows[-1][1]:
            start = windows.pop()[0]
        windows.append((start, end))
    return windows
