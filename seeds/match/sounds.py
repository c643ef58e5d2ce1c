"""Names as somebody types them who has only heard them: 微立贷 for 微粒贷."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from seeds.fold.readings import syllables

_KIND = re.compile("(?:消费金融|消金).*")


def heard(name: str) -> Iterator[str]:
    """Give a Simplified name with one Han character replaced by a common one of the same sound, not
    in what all names of its kind end in (消金).

    Tones do not count: people do not hear them in names, and input methods offer all."""
    for place, character in enumerate(_KIND.sub("", name)):
        alike = {each for syllable in syllables(character) for each in _common().get(syllable, ())}
        for each in sorted(alike - {character}):
            yield name[:place] + each + name[place + 1 :]


@cache
def _common() -> Mapping[str, list[str]]:
    """The 3,755 characters of GB 2312's first level, its common ones, by their syllables."""
    by_syllable: dict[str, list[str]] = {}
    for row in range(0xB0, 0xD8):
        for cell in range(0xA1, 0xFF):
            for character in bytes((row, cell)).decode("gb2312", "ignore"):
                for syllable in syllables(character):
                    by_syllable.setdefault(syllable, []).append(character)
    return by_syllable
