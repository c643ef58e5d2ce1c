"""How the two sides of a name read, where its rules leave a doubt: learned from labelled sentences.

What a lender does and suffers can be said in more ways than a list can name (有钱花找的外包), and so
can what becomes of gold, wages and oranges. A linear model over the characters and pairs before
and after a name, and over the words of lending near it, gives it a margin: how much more it reads
like a lender there than like the everyday words it is written with. It does not know which name
it is. The weights are data (seeds/wordings/names.tsv), learned
by tests/learn_names.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import fsum
from typing import NamedTuple

from seeds.match.crossings import crosses
from seeds.match.lending import DEBTOR_WORDS, LENDING_WORDS, OWING_WORDS
from seeds.match.wording import text_of

FILE = "names"
# So many characters of each side tell by themselves, so many in pairs, and so far around words do.
_SINGLE, _PAIRED, _NEAR = 6, 8, 40
# What stands right beside the name says more; so many of the grams that spoke are told.
_ADJOINING, _MOST_TOLD = 2, 4
_WORDS = tuple(dict.fromkeys((*LENDING_WORDS, *OWING_WORDS, *DEBTOR_WORDS)))
_START, _END = "^", "$"


class Margin(NamedTuple):
    """How a name reads: above zero like a lender; `grams` are what says so the loudest, or what
    denies it when below."""

    value: float
    grams: tuple[str, ...]


def grams_of(text: str, start: int, end: int, kind: str) -> set[str]:
    """Give what tells about the name at text[start:end] of a search key, of a kind of ambiguity:
    `<` before grams of its left side, `>` of its right, doubled where they adjoin the name, `~`
    before words of lending, `|` when a word of everyday runs across its border."""
    left, right = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    before, after = left[-_PAIRED:], right[:_PAIRED]
    before = before if start > _PAIRED else _START + before
    after = after if len(right) > _PAIRED else after + _END
    grams = {"<" + each for each in before[-_SINGLE:]} | {">" + each for each in after[:_SINGLE]}
    grams.update("<" + one + other for one, other in pairwise(before))
    grams.update(">" + one + other for one, other in pairwise(after))
    for size in range(1, _ADJOINING + 1):
        grams |= {"<<" + before[-size:], ">>" + after[:size]}
    around = f"{left}\n{right}"
    grams.update("~" + word for word in _WORDS if word in around)
    for side, crossed in zip("<>", crosses(text, start, end), strict=True):
        if crossed:
            grams.add("|" + side)
    grams.add("=" + kind)
    return grams


@dataclass(frozen=True, slots=True)
class Sides:
    """The weight of each gram; `bias` is the margin of a name that nothing stands around."""

    weights: Mapping[str, float]
    bias: float

    def margin(self, text: str, start: int, end: int, kind: str) -> Margin:
        """Read the sides of the name at text[start:end]."""
        weights = self.weights
        found = [
            (weights[gram], gram) for gram in grams_of(text, start, end, kind) if gram in weights
        ]
        # `fsum`, and a name for each tie: a set has another order in every process.
        value = fsum(weight for weight, _ in found) + self.bias
        sign = 1 if value > 0 else -1
        telling = sorted((-sign * weight, gram) for weight, gram in found if sign * weight > 0)
        told = (gram.lstrip("<>~") for _, gram in telling if gram[0] not in "=|")
        return Margin(value, tuple(dict.fromkeys(told))[:_MOST_TOLD])


@cache
def packaged() -> Sides:
    """Load the weights of the package: a line is a gram and its weight, `bias` the first."""
    weights: dict[str, float] = {}
    for line in text_of(FILE).split("\n"):
        if line and not line.startswith("#\t"):
            gram, weight = line.split("\t")
            weights[gram] = float(weight)
    return Sides(weights, weights.pop("bias"))
