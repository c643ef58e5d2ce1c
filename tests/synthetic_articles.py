"""Endless Chinese-looking articles with planted copies, the same for everyone who asks.

Words of two to four characters come up unevenly (Zipf), and one word in fifteen stands in a stock
phrase, so that unrelated articles share shingles as real ones do: of 592 an article has 2.8 % of
its shingles from earlier ones, of as many real ones of 2018 and their length 3.1 %. A third of the
articles end with one of a few disclaimers of 100 characters."""

import random
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

LENGTH = 1_500
WORDS, PHRASES = 30_000, 20_000
DISCLAIMERS, DISCLAIMER_LENGTH = 5, 100
# One article in five is a copy of an earlier one.
COPIES = 0.2
# What is planted: whole, with this share of the words replaced, a half, a tenth.
KINDS = ("exact", "words 2%", "words 5%", "words 7%", "words 10%", "words 20%", "words 30%",
         "first half", "last half", "tenth")  # fmt: skip
# Copies are made of the articles of a while ago and of long ago alike.
_HAN = (0x4E00, 3_500)
_PHRASE_SHARE = 0.02  # of the picks; a phrase is as long as three words


@dataclass(frozen=True, slots=True)
class Synthetic:
    """One article. `of` is the number of the article it copies, None for one of its own;
    `family` the number of the first of all copies, its own number for an original."""

    number: int
    text: str
    kind: str = "original"
    of: int | None = None
    family: int = 0


class Generator:
    """Makes article after article; two with one seed make the same.

    Keeps an original's draw as a number and makes it anew for a copy: memory does not grow by
    the texts."""

    def __init__(self, seed: int = 4) -> None:
        self._seed = seed
        chance = np.random.default_rng(seed)
        # Characters are as uneven as words are.
        weights = np.cumsum(1 / (np.arange(_HAN[1]) + 20.0))
        drawn = np.searchsorted(weights / weights[-1], chance.random((WORDS, 4)))
        lengths = chance.integers(2, 5, WORDS)
        self._words = [
            "".join(chr(_HAN[0] + each) for each in row[:length])
            for row, length in zip(drawn.tolist(), lengths.tolist(), strict=True)
        ]
        ranks = 1 / (np.arange(WORDS) + 200.0)
        self._reach = np.cumsum(ranks / ranks.sum())
        drawn = np.searchsorted(self._reach, chance.random((PHRASES, 3)))
        self._phrases = ["".join(self._words[each] for each in row) for row in drawn]
        common = 1 / (np.arange(PHRASES) + 20.0)
        self._phrase_reach = np.cumsum(common / common.sum())
        self._disclaimers = [
            "".join(self._words[each] for each in chance.integers(0, WORDS, 60))[:DISCLAIMER_LENGTH]
            for _ in range(DISCLAIMERS)
        ]

    def articles(self, count: int) -> Iterator[Synthetic]:
        """The first `count` articles."""
        families = array("q")  # of each article so far
        for number in range(count):
            chance = random.Random(f"{self._seed}/{number}")
            of = self._copied(chance, families)
            if of is None:
                families.append(number)
                yield Synthetic(number, self._with_disclaimer("".join(self.words(number)), chance),
                                family=number)  # fmt: skip
                continue
            families.append(of)
            kind = chance.choice(KINDS)
            text = self._copy(kind, self.words(of), chance)
            yield Synthetic(number, self._with_disclaimer(text, chance), kind, of, of)

    def words(self, number: int) -> list[str]:
        """The words of original `number`, LENGTH characters together."""
        chance = np.random.default_rng((self._seed, number))
        drawn = np.searchsorted(self._reach, chance.random(LENGTH // 2))
        picks = [self._words[each] for each in drawn.tolist()]
        phrased = np.flatnonzero(chance.random(len(picks)) < _PHRASE_SHARE)
        phrases = np.searchsorted(self._phrase_reach, chance.random(len(phrased)))
        for place, phrase in zip(phrased.tolist(), phrases.tolist(), strict=True):
            picks[place] = self._phrases[phrase]
        total, kept = 0, 0
        while total < LENGTH:
            total += len(picks[kept])
            kept += 1
        return picks[:kept]

    def _copied(self, chance: random.Random, families: Sequence[int]) -> int | None:
        if not families or chance.random() >= COPIES:
            return None
        of = chance.randrange(len(families))
        return of if families[of] == of else families[of]

    def _copy(self, kind: str, words: list[str], chance: random.Random) -> str:
        if kind.startswith("words"):
            share = int(kind.split()[1].rstrip("%")) / 100
            return "".join(
                chance.choice(self._words) if chance.random() < share else each for each in words
            )
        text = "".join(words)
        if kind == "first half":
            return text[: len(text) // 2]
        if kind == "last half":
            return text[len(text) // 2 :]
        if kind == "tenth":
            size = len(text) // 10
            start = chance.randrange(len(text) - size)
            return text[start : start + size]
        return text

    def _with_disclaimer(self, text: str, chance: random.Random) -> str:
        if chance.random() >= 1 / 3:
            return text
        return text + chance.choice(self._disclaimers)
