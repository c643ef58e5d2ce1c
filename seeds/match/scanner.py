"""Find every name and term in a folded text in one pass, broken and disguised ones included."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from seeds.match.spelled import Speller

# What farms and people put between the characters of a name to escape a search: any sign or
# picture but the marks that end a sentence or a clause, quote or bracket; what stands on both
# sides of those is no word.
_MARKS = ',。!?;:、…"“”‘’()《》〈〉【】「」『』\\[\\]{}<>@&'
_SEPARATOR = rf"[^\w{_MARKS}]|_"
_SEPARATES = re.compile(_SEPARATOR)
_RUN = re.compile(rf"(?:{_SEPARATOR})+")
_BREAK = re.compile(rf"(?:{_SEPARATOR}){{1,3}}+(?=[^\W_])")
# Longer than the longest half of a name that could stand on one side of a break.
_REACH = 16
# Characters that stand for another in disguised names; what they are in other words does not
# matter, because a name found this way needs lending words around it.
LOOKALIKES: Mapping[str, str] = {
    "銭": "钱", "寳": "宝", "堡": "宝", "葆": "宝", "亰": "京", "収": "收", "慛": "催", "楽": "乐",
    "団": "团", "羸": "赢", "嬴": "赢", "狈": "呗", "💰": "钱", "💵": "钱", "💴": "钱", "🤑": "钱",
    "🌸": "花", "🌺": "花", "🌼": "花", "🌷": "花", "🌹": "花", "💐": "花", "💳": "卡", "🐴": "马",
}  # fmt: skip
_LOOKALIKES = {ord(character): meant for character, meant in LOOKALIKES.items()}
_LOOKALIKE = re.compile(f"[{''.join(LOOKALIKES)}]")


class Hit(NamedTuple):
    """A pattern found at text[start:end]; `broken` by separators, `disguised` by lookalikes,
    `spelled` in part by sound."""

    pattern: int
    start: int
    end: int
    broken: bool = False
    disguised: bool = False
    spelled: bool = False


class Scanner:
    """All patterns in one automaton."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)
        # Latin letters are left out: a sign between two of them is ordinary (3.5, a-b).
        self._pairs = {
            one + other
            for pattern in self.patterns
            for one, other in pairwise(pattern)
            if not (one + other).isascii()
        }
        self._speller = Speller(self.patterns)
        self._automaton = (
            AhoCorasick(self.patterns, implementation=Implementation.DFA) if self.patterns else None
        )

    def scan(self, text: str) -> list[Hit]:
        """Find every pattern in folded `text`, overlapping ones too."""
        if self._automaton is None:
            return []
        hits = [Hit(*hit) for hit in self._find(text)]
        if _LOOKALIKE.search(text):
            plain = text.translate(_LOOKALIKES)
            known = {(hit.pattern, hit.start) for hit in hits}
            found = (Hit(*hit, disguised=True) for hit in self._find(plain))
            hits += [hit for hit in found if (hit.pattern, hit.start) not in known]
            text = plain
        hits += self._broken(text)
        hits += dict.fromkeys(self._spelled(text, {(hit.start, hit.end) for hit in hits}))
        return hits

    def _find(self, text: str) -> list[tuple[int, int, int]]:
        if self._automaton is None:
            return []
        return self._automaton.find_matches_as_indexes(text, overlapping=True)

    def _spelled(self, text: str, known: set[tuple[int, int]]) -> Iterator[Hit]:
        """Find patterns with spelled characters, but where some pattern is spelled so itself."""
        for restored in self._speller.restored(text):
            for pattern, start, end in self._find(restored.text):
                whole = restored.original(start, end) if end - start > 1 else None
                if whole is not None and whole not in known:
                    yield Hit(pattern, *whole, spelled=True)

    def _broken(self, text: str) -> Iterator[Hit]:
        """Find patterns with separators between their characters."""
        for start, end in self._windows(text):
            window = text[start:end]
            found = self._find(_SEPARATES.sub("", window))
            if not found:
                continue
            gaps = {at.start() for at in _SEPARATES.finditer(window)}
            places = [start + i for i in range(end - start) if i not in gaps]
            for pattern, first, last in found:
                whole = places[first], places[last - 1] + 1
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
        if max(map(len, breaks), default=0) > 3:
            return False
        letters = len(surface) - sum(map(len, breaks))
        return "\n" not in surface or (surface.count("\n") == 1 and letters >= 3)

    def _windows(self, text: str) -> list[tuple[int, int]]:
        """Give the stretches around separators that may stand inside a pattern, merged where they
        meet: those between two characters that some pattern has side by side."""
        windows: list[tuple[int, int]] = []
        for at in _BREAK.finditer(text):
            first, last = at.span()
            if text[first - 1 : first] + text[last] not in self._pairs:
                continue
            start, end = max(0, first - _REACH), min(len(text), last + _REACH)
            if windows and start <= windows[-1][1]:
                start = windows.pop()[0]
            windows.append((start, end))
        return windows
