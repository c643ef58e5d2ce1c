"""How a topic is worded where none of its terms is: learned from labelled sentences.

People tell of being pressed for a debt in more ways than a list of terms can name (天天打到我单位，问
什么时候还). A linear model over pairs of characters, and over the lists of words of the topic,
gives a passage a margin: how much more it reads like sentences about the topic than like others.
The weights are data (seeds/wordings/), learned by tests/learn_wording.py; what they say is only
asked where the terms leave a doubt."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import fsum, sqrt
from operator import add
from typing import NamedTuple

# A named platform, and a number, whichever they are.
PLATFORM, NUMBER = "P", "0"
_NUMBERS = re.compile(r"[0-9]+|[一二三四五六七八九十百千两几]+(?=[个通条次天年月期万千百块元])")
# So many of the pairs that spoke are told.
_MOST_PAIRS = 4
# Before the name of a list of words.
LIST = "+"
# Behind a topic's name in that of the file of its severities (gravity.py).
SEVERITY = "-severity"


class Telling(NamedTuple):
    """What makes a passage read like its topic: `lists` of words and `pairs` of characters, the
    loudest first."""

    lists: tuple[str, ...]
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a topic's sentences read like: each gram's rarity and weight, each list's weight.

    `bias` is the margin of an empty text; `term` is what a term that counts adds to it."""

    grams: Mapping[str, tuple[float, float]]
    lists: Mapping[str, float]
    bias: float
    term: float
    # What each gram adds to the square of a passage's length, and to what it says.
    _adds: Mapping[str, tuple[float, float]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        adds = {
            gram: (rarity * rarity, rarity * weight)
            for gram, (rarity, weight) in self.grams.items()
        }
        object.__setattr__(self, "_adds", adds)

    def margin(self, passage: str, lists: Iterable[str], *, term: bool) -> float:
        """Read a passage as `grams_of` wants it, which has words of `lists`, and terms or none:
        above zero it reads like the topic."""
        found = list(filter(None, map(self._adds.get, grams_of(passage))))
        # `fsum`: a set has another order in every process.
        length = sqrt(fsum([square for square, _ in found])) or 1.0
        said = fsum([adds for _, adds in found]) / length
        said += fsum([self.lists.get(name, 0.0) for name in lists])
        return said + self.bias + (self.term if term else 0.0)

    def telling(self, passage: str, lists: Iterable[str]) -> Telling:
        """Give what makes such a passage read like the topic."""
        loud = {name: weight for name in lists if (weight := self.lists.get(name, 0.0)) > 0}
        loudness = {
            gram: rarity * weight
            for gram in grams_of(passage)
            if two_letters(gram)
            for rarity, weight in (self.grams.get(gram, (0.0, 0.0)),)
            if weight > 0
        }
        # A name for each tie: a set has another order in every process.
        pairs = sorted(loudness, key=lambda gram: (-loudness[gram], gram))
        return Telling(
            tuple(sorted(loud, key=lambda name: -loud[name])), tuple(pairs[:_MOST_PAIRS])
        )


def two_letters(gram: str) -> bool:
    """Tell whether a gram is a pair of characters that people can read."""
    return len(gram) == 2 and gram.isalpha() and PLATFORM not in gram


def grams_of(passage: str) -> set[str]:
    """Give the characters of a passage and its pairs of neighbours, numbers as one character.

    `passage` is a search key, in which PLATFORM stands for each name of a platform."""
    text = _NUMBERS.sub(NUMBER, passage)
    return {*text, *map(add, text, text[1:])}


def without_names(text: str, start: int, end: int, names: Sequence[tuple[int, int]]) -> str:
    """Give text[start:end] with PLATFORM for each of the platforms' names, given in order."""
    parts, past = [], start
    for first, last in names:
        if past <= first and last <= end:
            parts += [text[past:first], PLATFORM]
            past = last
    return "".join((*parts, text[past:end]))


def text_of(name: str) -> str:
    """Read the file of a wording of the package: the weights as they were learned.

    FileNotFoundError when there is none of that name."""
    return (files("seeds") / "wordings" / f"{name}.tsv").read_text("utf-8")


@cache
def packaged(name: str) -> Wording:
    """Load a wording of the package by its name. A line is a gram, its rarity and its weight;
    `bias`, `term` and the lists (`+unpaid`) have lines of the same form.

    FileNotFoundError when there is none of that name."""
    grams: dict[str, tuple[float, float]] = {}
    lists: dict[str, float] = {}
    values: dict[str, float] = {}
    for line in text_of(name).split("\n"):
        if not line or line.startswith("#\t"):
            continue
        gram, rarity, weight = line.split("\t")
        if gram in ("bias", "term"):
            values[gram] = float(weight)
        elif gram.startswith(LIST) and len(gram) > 2:
            lists[gram[1:]] = float(weight)
        else:
            grams[gram] = (float(rarity), float(weight))
    return Wording(grams, lists, values["bias"], values["term"])
