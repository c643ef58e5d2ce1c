"""Traces of doctoring in a text: what was done to it so that machines do not recognise it.

Counted from a text and its fold, when somebody asks: the fold itself does not pay for them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from seeds.fold.removals import is_cut, removals
from seeds.fold.script import CHARACTERS, HAN, read_dictionary

_HAN = re.compile(f"[{HAN}]")
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u180e\u034f]")
_SOFT_HYPHEN = re.compile("\u00ad")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_VARIATION = re.compile("[\ufe00-\ufe0f\u180b-\u180d\U000e0100-\U000e01ef]")
_LOOKALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
_WIDE = re.compile("[Ａ-Ｚａ-ｚ０-９\U0001d400-\U0001d7ff]")


@dataclass(frozen=True, slots=True)
class Invisible:
    """Characters nobody sees, by kind; `other` are controls, fillers and format characters.

    Variation selectors after emoji (U+FE0F) are no trace of doctoring and still counted."""

    zero_width: int = 0
    soft_hyphens: int = 0
    bidi: int = 0
    variation_selectors: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return (
            self.zero_width + self.soft_hyphens + self.bidi + self.variation_selectors + self.other
        )


@dataclass(frozen=True, slots=True)
class Signals:
    """What was counted in one text.

    - `han`: Han characters of the folded text, the measure for everything else.
    - `annotations`: pinyin and bopomofo removed (機(jī)制 has one).
    - `gaps`: all stretches of blanks between two Han characters that the fold closed.
    - `cuts`: those of them where a word may have been cut out (`seeds.fold.removals`): 傳統的 催收
      in a sentence counts; columns, menus, indents, headings and tables do not.
    - `invisible`: characters nobody sees, by kind.
    - `entities`: HTML entities that were left in the text.
    - `traditional`, `simplified`: characters that only one of the two scripts has (國, 国); of 人
      and 后 neither is counted. An honest text has next to none of one kind.
    - `lookalikes`: Kangxi radicals and compatibility ideographs in the place of characters (⼈, 金).
    - `wide`: letters and digits in full width or mathematical type (Ａ, １, 𝐀); full-width punctuation is
      ordinary."""

    han: int
    annotations: int
    gaps: int
    cuts: int
    invisible: Invisible
    entities: int
    traditional: int
    simplified: int
    lookalikes: int
    wide: int

    @property
    def annotation_density(self) -> float:
        """Annotations for each Han character, 0 where there is none of these."""
        return self.annotations / self.han if self.han else 0.0

    @property
    def cut_density(self) -> float:
        """Cuts for each Han character."""
        return self.cuts / self.han if self.han else 0.0

    @property
    def mixture(self) -> float:
        """How mixed the scripts are: the rarer script's share of the characters that only one
        script has, 0 (pure) to .5 (as many of both)."""
        telling = self.traditional + self.simplified
        return min(self.traditional, self.simplified) / telling if telling else 0.0


def signals(
    original: str, folded: str, offsets: Sequence[int], counted: tuple[int, int, int, int]
) -> Signals:
    """Count the traces in `original`, to which `offsets` lead back; `counted` is what the fold
    counted: annotations, gaps, invisible characters, entities."""
    annotations, gaps, invisible, entities = counted
    traditional, simplified = script_counts(original)
    return Signals(
        han=_count(_HAN, folded),
        annotations=annotations,
        gaps=gaps,
        cuts=_cuts(original, folded, offsets) if gaps else 0,
        invisible=_invisible(original, invisible) if invisible else Invisible(),
        entities=entities,
        traditional=traditional,
        simplified=simplified,
        lookalikes=_count(_LOOKALIKE, original),
        wide=_count(_WIDE, original),
    )


def _count(characters: re.Pattern[str], text: str) -> int:
    return len(characters.findall(text))


def _cuts(original: str, folded: str, offsets: Sequence[int]) -> int:
    """Count where a word may have been cut out."""
    return sum(is_cut(folded, each) for each in removals(original, folded, offsets))


def _invisible(text: str, total: int) -> Invisible:
    """Sort the invisible characters of a text into kinds."""
    kinds = (_ZERO_WIDTH, _SOFT_HYPHEN, _BIDI, _VARIATION)
    zero_width, soft_hyphens, bidi, variation = (_count(kind, text) for kind in kinds)
    known = zero_width + soft_hyphens + bidi + variation
    return Invisible(zero_width, soft_hyphens, bidi, variation, max(0, total - known))


def scripts(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the characters of a text that only Traditional writes, and those that only Simplified
    does: cheaper than counting, and most texts have none of one kind."""
    alphabet = frozenset(text)
    return alphabet & _traditional_only(), alphabet & _simplified_only()


def script_counts(text: str) -> tuple[int, int]:
    """Count the characters that only Traditional writes, and those that only Simplified does."""
    traditional, simplified = scripts(text)
    counted = Counter(text)
    return sum(counted[each] for each in traditional), sum(counted[each] for each in simplified)


@cache
def _traditional_only() -> frozenset[str]:
    """Characters that t2s changes."""
    return frozenset(each for each, simple in CHARACTERS.items() if simple != each)


@cache
def _simplified_only() -> frozenset[str]:
    """Characters that Traditional never writes: OpenCC's s2t changes each of them in every word."""
    written = read_dictionary("STCharacters.txt")
    return frozenset(each for each, values in written.items() if each not in values)
