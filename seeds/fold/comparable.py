"""Comparable form and script of a character at once, as tables for `str.translate`."""

import re
from collections.abc import Callable
from functools import cache
from itertools import chain, count

from seeds.fold.alphabet import LONGER, TONED_LETTERS
from seeds.fold.characters import FORMS
from seeds.fold.script import CHARACTERS, SIMPLIFIED, CharacterTable, Table

# Replacing a character costs 1 µs in 2,000, translating them all 45: texts in Simplified have a few
# kinds of punctuation and capitals to replace, others have hundreds of characters.
FEW = 24
_PROBE = 200
_PROBE_FEW = 12
# numpy translates a text in a sixth of the time, and takes as long to import as it saves in so
# many: few commands fold as many, processes that take articles in do within minutes.
_WORTH_NUMPY = 300
_SHORT = 200
_translations = count()


class _Comparable(CharacterTable):
    """The table for any text, learned from what it is asked for."""

    def convert(self, character: str) -> str:
        return FORMS[ord(character)].translate(SIMPLIFIED)


COMPARABLE = _Comparable()


@cache
def comparable() -> Table:
    """The table for texts whose characters are ordinary or tame (`seeds.fold.alphabet`) or in
    comparable form already: a list, which is half as fast again as a dict.

    What lies beyond it, in the higher planes, stays as it is. Made when first needed, in 3 ms."""
    table: list[int | str] = list(range(0x10000))
    for character, simple in CHARACTERS.items():
        if ord(character) < len(table):
            table[ord(character)] = ord(simple)
    for code in _formed():
        form = FORMS[code]
        table[code] = ord(form) if len(form) == 1 else form
    return table


def _formed() -> chain[int]:
    """The ordinary and tame characters that are not their own comparable form, all but Han."""
    wide = chain(range(0xFF01, 0xFF5F), (0xFFE5,))
    blanks_and_signs = (0xA0, 0x3000, 0xDC, 0x2026, 0x2103)
    return chain(
        range(65, 91), wide, range(0x2460, 0x2474), blanks_and_signs, map(ord, TONED_LETTERS)
    )


@cache
def _changing() -> re.Pattern[str]:
    """Every character that `comparable` changes. None of the higher planes: a search compares each
    character with each of those, one by one."""
    changing = {each for each in (*map(ord, CHARACTERS), *_formed()) if each < 0x10000}
    return re.compile(
        "[{}]".format(
            "".join(re.escape(chr(code)) for code in changing if COMPARABLE[code] != chr(code))
        )
    )


def translated(text: str, table: Table) -> str:
    """Translate a text; one with few kinds of characters to change is not walked through."""
    if table is not comparable():
        return text.translate(table)
    changing = _changing()
    if len(set(changing.findall(text, 0, _PROBE))) > _PROBE_FEW:
        return _walked(text)
    found = set(changing.findall(text))
    if len(found) > FEW:
        return _walked(text)
    for character in found:
        text = text.replace(character, COMPARABLE[ord(character)])
    return text


def _walked(text: str) -> str:
    """Translate each character of a text by `comparable`."""
    if len(text) < _SHORT or next(_translations) < _WORTH_NUMPY:
        return text.translate(comparable())
    return _by_numpy()(text)


@cache
def _by_numpy() -> Callable[[str], str]:
    """Make what translates a long text by `comparable` in numpy: all characters at once, then those
    of which several come."""
    import numpy as np  # noqa: PLC0415 - 70 ms that few commands earn back

    longer = {
        chr(code): made
        for code, made in enumerate(comparable())
        if isinstance(made, str) and len(made) != 1
    }
    one = [
        code if chr(code) in longer else (made if isinstance(made, int) else ord(made))
        for code, made in enumerate(comparable())
    ]
    forms = np.arange(0x110000, dtype=np.uint32)
    forms[: len(one)] = one

    def translate(text: str) -> str:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        made = forms[codes].tobytes().decode("utf-32-le", "surrogatepass")
        for character in set(LONGER.findall(made)):
            made = made.replace(character, longer[character])
        return made

    return translate
