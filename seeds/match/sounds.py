"""Names as they are typed by somebody who has only heard them (微立贷 for 微粒贷), who types their
sounds and leaves it at that (weilidai, wld), or who takes a character apart (借口贝)."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from seeds.fold.readings import spellings, syllables

_KIND = re.compile("(?:消费金融|消金).*")
# Letters of more names than this many characters' first letters stand for too much else.
_FEWEST_LETTERS = 3
_WRITTEN = {"0": "零〇o", "1": "一壹", "3": "三叁", "5": "五伍", "6": "六陆", "8": "八捌"}
_TAKEN_APART = {
    "呗": "口贝", "贷": "代贝", "钱": "钅戋", "银": "钅艮", "借": "亻昔", "信": "亻言",
    "花": "艹化", "拍": "扌白", "招": "扌召", "你": "亻尔",
}  # fmt: skip
# What a character is taken for at a glance: 拍拍货; 小米货款 are paid for millet.
_ALIKE = re.compile("贷(?!款)")


def heard(name: str) -> Iterator[str]:
    """Give a Simplified name with one Han character replaced by another of the same sound, not
    in what all names of its kind end in (消金).

    Tones do not count: people do not hear them in names, and input methods offer all. A digit may
    stand for its sound (分7乐); of a character that stands twice (卡卡贷), both may be replaced."""
    for place, character in enumerate(_KIND.sub("", name)):
        alike = {each for syllable in syllables(character) for each in _common().get(syllable, ())}
        for each in sorted(alike - {character}):
            yield name[:place] + each + name[place + 1 :]
            if name[place + 1 : place + 2] == character:
                yield name[:place] + each + each + name[place + 2 :]
        if character in _TAKEN_APART:
            yield name[:place] + _TAKEN_APART[character] + name[place + 1 :]
    if _ALIKE.search(name):
        yield _ALIKE.sub("货", name)


def numbered(name: str) -> Iterator[str]:
    """Give a name in which some of the digits are written as people write numbers (三6零借条)."""
    digits = [each for each in name if each in _WRITTEN]
    if not digits:
        return
    for written in product(*(each + _WRITTEN[each] for each in digits)):
        left = iter(written)
        word = "".join(next(left) if each in _WRITTEN else each for each in name)
        if word != name:
            yield word


def typed(name: str) -> Iterator[str]:
    """Give a name of Han characters in pinyin without tones, and in its first letters, of which
    three at least are needed: two stand for anything."""
    readings = [spellings(character) for character in name]
    if not all(readings):
        return
    for word in product(*readings):
        yield "".join(word)
    if len(name) >= _FEWEST_LETTERS:
        for word in product(*({each[0] for each in known} for known in readings)):
            yield "".join(word)


def half_typed(name: str) -> Iterator[str]:
    """Give a name of three characters or more with two neighbours typed, in pinyin or in their
    first letters (yongqian宝, yq宝), not in what all names of its kind end in."""
    stem = _KIND.sub("", name)
    for place in range(len(stem) - 1 if len(name) >= _FEWEST_LETTERS else 0):
        one, other = spellings(name[place]), spellings(name[place + 1])
        left, right = name[:place], name[place + 2 :]
        for first, second in product(one, other):
            yield f"{left}{first}{second}{right}"
            # 用qb: a character by itself with two letters beside it is anything.
            if len(name) > _FEWEST_LETTERS or right:
                yield f"{left}{first[0]}{second[0]}{right}"


@cache
def _common() -> Mapping[str, list[str]]:
    """The 6,763 characters of GB 2312, those that input methods offer, and the ten digits by their
    syllables."""
    by_syllable: dict[str, list[str]] = {}
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            for character in bytes((row, cell)).decode("gb2312", "ignore"):
                for syllable in syllables(character):
                    by_syllable.setdefault(syllable, []).append(character)
    for digit, read_as in enumerate("零一二三四五六七八九"):
        for syllable in syllables(read_as):
            by_syllable.setdefault(syllable, []).append(str(digit))
    return by_syllable
