"""Names and terms of which some characters are spelled: 你wo贷, 小赢卡dai, ㄘㄨㄟ收; by their first
letters only: 拍拍d; or that have a character's spelling beside it: 钱z站, 钱zhan站."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import NamedTuple

from seeds.fold.readings import syllables

# As it is typed for ü; tones tell nothing here.
_WRITTEN = str.maketrans("vāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ", "üaaaaeeeeiiiioooouuuuüüüü", "ˊˇˋ˙")
# A syllable reads up to so many characters of names that fit beside its neighbours; more are
# not tried.
_MOST_CANDIDATES = 4
_NONE: AbstractSet[str] = frozenset()


# A spelling text[start:end], and what it may stand for.
Spelled = tuple[int, int, Sequence[str]]


class Restored(NamedTuple):
    """A text with spelled characters written out; `places` are where those stand in it,
    `longer` by how much the text before each was longer in the original."""

    text: str
    places: Sequence[int]
    longer: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int] | None:
        """Give where text[start:end] stood; None when nothing of it was spelled."""
        first, last = bisect_right(self.places, start - 1), bisect_right(self.places, end - 1)
        if first == last:
            return None
        return start + self.longer[first], end + self.longer[last]


class Speller:
    """Writes out what is spelled, as far as the characters of some patterns can be meant."""

    def __init__(self, pairs: AbstractSet[str]) -> None:
        """`pairs` are the characters that patterns have side by side."""
        self._pairs = pairs
        # What stands after, and before, each of them.
        self._after: dict[str, set[str]] = {}
        self._before: dict[str, set[str]] = {}
        for pair in pairs:
            self._after.setdefault(pair[0], set()).add(pair[1])
            self._before.setdefault(pair[1], set()).add(pair[0])

    def restored(self, text: str, words: Iterable[tuple[int, int]]) -> Iterator[Restored]:
        """Give a folded text with its spelled characters written out, in every way that tells.

        `words` are where a character may be spelled."""
        words = list(words)
        spelled = [(*span, meant) for span in words if (meant := self._meant(text, *span))]
        beside = [found for span in words if (found := self._beside(text, *span))]
        if beside:
            taken = {start for start, *_ in beside}
            others = (each for each in spelled if each[0] not in taken)
            yield self._written_out(text, sorted((*beside, *others)), 0)
        for turn in range(max((len(meant) for *_, meant in spelled), default=0)):
            yield self._written_out(text, spelled, turn)

    def spells(self, word: str) -> bool:
        """Tell whether a word is a syllable, or the first letter, of some character of the patterns."""
        return word in self._characters

    @staticmethod
    def _written_out(text: str, spelled: Iterable[Spelled], turn: int) -> Restored:
        """Put one of the characters that each spelling may stand for in its place."""
        parts, places, longer, past, length = [], [], [0], 0, 0
        for start, end, meant in spelled:
            parts += [text[past:start], meant[min(turn, len(meant) - 1)]]
            length += start - past + 1
            places.append(length - 1)
            longer.append(longer[-1] + end - start - 1)
            past = end
        parts.append(text[past:])
        return Restored("".join(parts), places, longer)

    def _meant(self, text: str, start: int, end: int) -> Sequence[str]:
        """Give the characters that text[start:end] may spell beside what stands around it."""
        characters = self._characters.get(text[start:end].translate(_WRITTEN), _NONE)
        if not characters:
            return ()
        before, after = text[start - 1 : start], text[end : end + 1]
        beside = self._after.get(before, _NONE) | self._before.get(after, _NONE)
        return sorted(characters & beside)[:_MOST_CANDIDATES]

    def _beside(self, text: str, start: int, end: int) -> Spelled | None:
        """Take a spelling between two characters of a name, of one of which it is, and the latter
        as one; None when it is no such spelling."""
        before, after = text[start - 1 : start], text[end : end + 1]
        if before + after not in self._pairs:
            return None
        characters = self._characters.get(text[start:end].translate(_WRITTEN), _NONE)
        if before not in characters and after not in characters:
            return None
        return start, end + 1, (after,)

    @cached_property
    def _characters(self) -> Mapping[str, AbstractSet[str]]:
        """The characters of the patterns by how they are spelled; made when first asked for,
        because the table of readings takes 15 ms to load."""
        by_syllable: dict[str, set[str]] = {}
        for character in {each for pair in self._pairs for each in pair}:
            spellings = syllables(character)
            initials = {each[0] for each in spellings if each.isascii()}
            for spelling in spellings | initials:
                by_syllable.setdefault(spelling, set()).add(character)
        return by_syllable
