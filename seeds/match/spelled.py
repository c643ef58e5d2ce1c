"""Names and terms of which some characters are spelled: 你wo贷, 小赢卡dai, ㄘㄨㄟ收."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from seeds.fold.readings import syllables

# As it is typed for ü; the tones of bopomofo tell nothing here.
_WRITTEN = str.maketrans("v", "ü", "ˊˇˋ˙")
# A syllable reads up to so many characters of names that fit beside its neighbours; more are
# not tried.
_MOST_CANDIDATES = 4


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

    def restored(self, text: str, words: Iterable[tuple[int, int]]) -> Iterator[Restored]:
        """Give a folded text with its spelled characters written out, in every way that tells.

        `words` are where a character may be spelled."""
        spelled = [(*span, meant) for span in words if (meant := self._meant(text, *span))]
        for turn in range(max((len(meant) for *_, meant in spelled), default=0)):
            parts, places, past, length = [], [], 0, 0
            for start, end, meant in spelled:
                parts += [text[past:start], meant[min(turn, len(meant) - 1)]]
                length += start - past + 1
                places.append(length - 1)
                past = end
            parts.append(text[past:])
            longer = [0, *accumulate(end - start - 1 for start, end, _ in spelled)]
            yield Restored("".join(parts), places, longer)

    def _meant(self, text: str, start: int, end: int) -> Sequence[str]:
        """Give the characters that text[start:end] may spell beside what stands around it."""
        before, after = text[start - 1 : start], text[end : end + 1]
        fitting = (
            each
            for each in self._characters.get(text[start:end].translate(_WRITTEN), ())
            if before + each in self._pairs or each + after in self._pairs
        )
        return [each for each, _ in zip(fitting, range(_MOST_CANDIDATES), strict=False)]

    @cached_property
    def _characters(self) -> Mapping[str, Sequence[str]]:
        """The characters of the patterns by how they are spelled; made when first asked for,
        because the table of readings takes 15 ms to load."""
        by_syllable: dict[str, list[str]] = {}
        for character in sorted({each for pair in self._pairs for each in pair}):
            for syllable in syllables(character):
                by_syllable.setdefault(syllable, []).append(character)
        return by_syllable
