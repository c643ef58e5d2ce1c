"""Labelled pages of our own: content farms' (tests/farm/likely_*.txt) and others (ordinary_*.txt).

Every page begins with `@@ key | treatments`, then its title, its body and, after `~~`, its
boilerplate. All of them were written before any weight was set, about platforms, people and
offices that do not exist. The halves are by a hash of the text as written: weights were set
while looking at `dev`; `held` was only measured. Treatments make what farms do to a text, from a
generator seeded with the key."""

import hashlib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import opencc
from pypinyin import Style, pinyin

_FOLDER = Path(__file__).with_name("farm")
_TO_TRADITIONAL = opencc.OpenCC("s2t")
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD_WITHIN = re.compile("(?<=[\u4e00-\u9fff]{2})[\u4e00-\u9fff]{2}(?=[\u4e00-\u9fff]{2})")


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page as extraction would give it."""

    key: str
    farm: bool
    half: Literal["dev", "held"]
    title: str
    body: str
    boilerplate: str


@cache
def labelled_pages() -> tuple[LabelledPage, ...]:
    """All of them, in the order of the files."""
    return tuple(
        _page(block, farm=path.name.startswith("likely"))
        for path in sorted(_FOLDER.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("@@ ")[1:]
    )


def _page(block: str, *, farm: bool) -> LabelledPage:
    head, _, text = block.partition("\n")
    key, _, treatments = (part.strip() for part in head.partition("|"))
    title, _, rest = text.partition("\n")
    body, _, boilerplate = (part.strip() for part in rest.partition("~~\n"))
    half = "held" if hashlib.sha256(f"{title}\n{body}".encode()).digest()[0] % 2 else "dev"
    chance = random.Random(key)
    for treatment in treatments.split():
        name, _, strength = treatment.partition("=")
        if name == "traditional":
            title, boilerplate = map(_TO_TRADITIONAL.convert, (title, boilerplate))
        body = TREATMENTS[name](body, strength, chance)
    return LabelledPage(key, farm, half, title, body, boilerplate)


def to_traditional(text: str, _: str, __: random.Random) -> str:
    return _TO_TRADITIONAL.convert(text)


def annotate(text: str, strength: str, chance: random.Random) -> str:
    """Every occurrence of some characters: farms work by a table. `0.1,number` is one character
    in ten, with tone numbers."""
    share, _, numbered = strength.partition(",")
    occurrences = _HAN.findall(text)
    characters = sorted(set(occurrences))
    chance.shuffle(characters)
    chosen: set[str] = set()
    covered = 0
    for character in characters:
        if covered >= float(share) * len(occurrences):
            break
        chosen.add(character)
        covered += occurrences.count(character)
    style = Style.TONE3 if numbered else Style.TONE
    readings = {each: pinyin(each, style=style)[0][0] for each in chosen}
    return _HAN.sub(
        lambda found: found[0] + (f"({readings[found[0]]})" if found[0] in chosen else ""), text
    )


def cut_words(text: str, strength: str, chance: random.Random) -> str:
    """So many words of two characters are gone, with a space in their place."""
    places = [found.span() for found in _WORD_WITHIN.finditer(text)]
    for start, end in sorted(chance.sample(places, int(strength)), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def after_some(mark: Callable[[str], str]) -> Callable[[str, str, random.Random], str]:
    """Replace a share of the Han characters."""

    def treat(text: str, strength: str, chance: random.Random) -> str:
        share = float(strength)
        return _HAN.sub(lambda at: mark(at[0]) if chance.random() < share else at[0], text)

    return treat


def mix_scripts(text: str, strength: str, chance: random.Random) -> str:
    """Some characters are Traditional wherever they stand."""
    other = {each: _TO_TRADITIONAL.convert(each) for each in sorted(set(_HAN.findall(text)))}
    chosen = {each for each in other if chance.random() < float(strength)}
    return _HAN.sub(lambda at: other[at[0]] if at[0] in chosen else at[0], text)


TREATMENTS: dict[str, Callable[[str, str, random.Random], str]] = {
    "traditional": to_traditional,
    "annotate": annotate,
    "gaps": cut_words,
    "invisible": after_some(lambda character: character + "\u200b"),
    "entities": after_some(lambda character: f"&#{ord(character)};"),
    "mixed": mix_scripts,
}
