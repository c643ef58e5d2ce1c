"""Traditional to Simplified, by OpenCC's own t2s dictionaries, without OpenCC's slow walk.

The dictionaries never change a text's length, so offsets survive. The result is what
`OpenCC("t2s").convert` gives, character by character, except where t2s itself does not keep
its own result on a second pass: 薴 (→ 苧 → 苎) goes the whole way, and phrases (幺麼 → 幺麽 → 幺么)
stay what they became, so that converting twice changes nothing."""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

_DICTIONARIES = files("opencc") / "dictionary"
# A text stops changing after the second pass; the bound only guards against a bad dictionary.
_MOST_PASSES = 8


def read_dictionary(name: str) -> dict[str, list[str]]:
    """Read a dictionary of OpenCC's: `key TAB value value…`; its first value is the one taken."""
    lines = (_DICTIONARIES / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line)
    return {key: values.split(" ") for key, values in pairs}


def _first_values(name: str) -> dict[str, str]:
    return {key: values[0] for key, values in read_dictionary(name).items()}


_OWN_CHARACTERS = _first_values("TSCharacters.txt")
CHARACTERS: Mapping[str, str] = {
    key: _OWN_CHARACTERS.get(value, value) for key, value in _OWN_CHARACTERS.items()
}
_OWN_PHRASES = _first_values("TSPhrases.txt")


def by_character(text: str) -> str:
    """Convert character by character, without phrases."""
    return "".join(CHARACTERS.get(character, character) for character in text)


# Values that a second pass would convert further (乾坤 → 干坤) are phrases of their own.
_PHRASES: Mapping[str, str] = {
    **{value: value for value in _OWN_PHRASES.values() if by_character(value) != value},
    **_OWN_PHRASES,
}
_CHANGED = frozenset(each for each, simple in CHARACTERS.items() if simple != each)
# Phrases that are converted otherwise than character by character.
_TELLING = {phrase for phrase, value in _PHRASES.items() if by_character(phrase) != value}


def _phrase_characters() -> frozenset[str]:
    """Choose of the characters that some phrase converts otherwise than alone as many as every
    telling phrase has one of.

    What only stands beside another of them is left out: 么, which nearly every text has, is in
    telling phrases only beside 麼 and 麽."""
    chosen = {
        character
        for phrase in _TELLING
        for character, converted in zip(phrase, _PHRASES[phrase], strict=True)
        if CHARACTERS.get(character, character) != converted
    }
    for character in sorted(chosen):
        others = chosen - {character}
        if all(not others.isdisjoint(phrase) for phrase in _TELLING if character in phrase):
            chosen = others
    return frozenset(chosen)


def _unsettled() -> frozenset[str]:
    """Give the characters of which a text that was converted once has one, if it can change again:
    those that phrases bring in and conversion changes, and those that a phrase of characters which
    stay as they are changes."""
    brought = {each for value in _PHRASES.values() for each in value if each in _CHANGED}
    return frozenset(brought).union(
        character
        for phrase in _TELLING
        if _CHANGED.isdisjoint(phrase)
        for character, converted in zip(phrase, _PHRASES[phrase], strict=True)
        if character != converted
    )


# Without these no phrase matters.
PHRASE_CHARACTERS = _phrase_characters()
_PHRASE_CHARACTER = re.compile(f"[{''.join(PHRASE_CHARACTERS)}]")
_UNSETTLED = re.compile(f"[{''.join(_unsettled())}]")
_KEYS = tuple(_PHRASES)
_SCANNER = AhoCorasick(_KEYS)


# What `str.translate` takes.
Table = Mapping[int, str] | Sequence[int | str]


class CharacterTable(dict[int, str]):
    """A table for `str.translate` that remembers every character it has been asked for.

    A plain dict costs an exception for each character it lacks: four times slower."""

    def __init__(self) -> None:
        super().__init__()
        self.unchanged: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = converted = self.convert(character)
        if converted == character:
            self.unchanged.add(character)
        return converted

    def convert(self, character: str) -> str:
        """Convert one character: Traditional to Simplified."""
        return CHARACTERS.get(character, character)

    def changed(self, alphabet: frozenset[str]) -> frozenset[str]:
        """Select those of a text's distinct characters that the table changes.

        Set arithmetic alone for characters that were met before."""
        strangers = alphabet - self.unchanged
        for character in strangers:
            self[ord(character)]
        return strangers - self.unchanged


SIMPLIFIED = CharacterTable()


def simplify(text: str) -> str:
    """Convert `text` to Simplified; the result has the same length, and stays as it is when
    converted again."""
    if _PHRASE_CHARACTER.search(text):
        return convert(text, _simplified)
    return _simplified(text)


def _simplified(text: str) -> str:
    return text.translate(SIMPLIFIED)


def convert(text: str, translate: Callable[[str], str]) -> str:
    """Convert a text with phrase characters: phrases by their dictionary, everything else by
    `translate`, character by character, until nothing changes any more."""
    text = _convert(text, translate)
    for _ in range(_MOST_PASSES):
        if not _UNSETTLED.search(text):
            break
        converted = _convert(text, _brought_in)
        if converted == text:
            break
        text = converted
    return text


def forms(character: str) -> frozenset[str]:
    """Every character that conversion can turn `character` into, itself included."""
    found = {character}
    waiting = [character]
    while waiting:
        current = waiting.pop()
        following = {CHARACTERS.get(current, current)} | _PHRASE_FORMS.get(current, set())
        waiting.extend(following - found)
        found |= following
    return frozenset(found)


def _phrase_forms() -> dict[str, set[str]]:
    """Collect what each character becomes inside phrases."""
    collected: dict[str, set[str]] = {}
    for phrase, value in _PHRASES.items():
        for character, converted in zip(phrase, value, strict=True):
            collected.setdefault(character, set()).add(converted)
    return collected


_PHRASE_FORMS = _phrase_forms()


def _convert(text: str, translate: Callable[[str], str]) -> str:
    """Convert once: phrases first, longest first, as OpenCC does; then characters."""
    found = _SCANNER.find_matches_as_indexes(text, overlapping=True)
    pieces: list[str] = []
    position = 0
    for start, end, phrase in _without_overlaps(found):
        pieces += (translate(text[position:start]), _PHRASES[phrase])
        position = end
    pieces.append(translate(text[position:]))
    return "".join(pieces)


def _brought_in(text: str) -> str:
    """Convert the characters that phrases brought in: what a second pass has to look at."""
    return text.translate(SIMPLIFIED) if _UNSETTLED.search(text) else text


def _without_overlaps(found: list[tuple[int, int, int]]) -> list[tuple[int, int, str]]:
    """Choose the longest phrases first, then the leftmost, none overlapping another."""
    taken: set[int] = set()
    chosen = []
    for index, start, end in sorted(found, key=lambda hit: (hit[1] - hit[2], hit[1])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            chosen.append((start, end, _KEYS[index]))
    return sorted(chosen)


# Han characters as the fold sees them: unified ideographs, compatibility forms, 〇 and 々.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]")


def is_han(character: str) -> bool:
    """Tell whether `character` is a Han character."""
    return _HAN.fullmatch(character) is not None
