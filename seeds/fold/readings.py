"""Which syllables read a character: pinyin in every spelling, and bopomofo."""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from seeds.fold.alphabet import BOPOMOFO
from seeds.fold.script import forms

_TONE_OF_MARK = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0306": 3, "\u0300": 4}
_TONE_OF_BOPOMOFO = {"ˉ": 1, "ˊ": 2, "ˇ": 3, "ˋ": 4, "˙": 5}
# Letters of teaching fonts and input methods for a, g, ü.
_SPELLINGS = str.maketrans({"ɑ": "a", "α": "a", "ɡ": "g", "ɛ": "e", "v": "ü"})
# Other spellings of ü: v as on keyboards, yu as in passports, and left out where it can be.
_SPELLED = {"lyu": "lü", "nyu": "nü", "lue": "lüe", "nue": "nüe"} | {
    initial + "ü" + rest: initial + "u" + rest
    for initial in "jqxy"
    for rest in ("", "e", "an", "n")
}
# Readings that pypinyin's character table lacks: tone sandhi of 一 and 不, and those of Taiwan's
# standard (MOE 1999) that differ from the mainland's.
_MORE = (
    "一yí,yì 不bú 期qí 质zhí 识shì 危wéi 微wéi 薇wéi 企qì 绩jī 击jí 究jiù 息xí 惜xí 熄xí 锡xí 析xī "
    "昔xí 夕xì 署shù 曙shù 拥yǒng 亚yǎ 法fà 发fǎ 帆fán 携xī 暴pù 垃lè 圾sè 和hàn 储chú 淑shú 叔shú "
    "液yì 崖yái 谊yí 突tú 播bò 综zòng 蜗guā 敛liàn 寂jí 缉qì 穴xuè 削xuè 伪wèi 缚fú 玩wàn 惋wàn "
    "剖pǒu 拙zhuó 暂zhàn 掷zhí 什shé 从cōng 诊zhēn 慨kài 怯què 辱rù 惩chěng 逊sùn 徇xún 酵xiào "
    "拈nián 慑zhé 蛰zhí 档dǎng 艘sāo"
)
_MORE_READINGS = {each[0]: each[1:] for each in _MORE.split()}
_SEPARATORS = re.compile(r"[ \t'’‘`´·・‐-]")
_BOPOMOFO = re.compile(f"[{BOPOMOFO}]")
# In decomposed text: a mark, a number, or bopomofo, where the first tone is not marked.
_TONE = re.compile(f"[\u0300\u0301\u0304\u0306\u030c0-5{BOPOMOFO}]")
# zhuāng with a tone number, and room for a second mark.
_MOST_LETTERS = 8


class Reading(NamedTuple):
    """A syllable without tone mark and its tone; 0 when none is written, 5 for neutral."""

    base: str
    tone: int


@lru_cache(maxsize=65_536)
def reads(character: str, syllable: str) -> bool:
    """Tell whether `syllable`, as written, is a reading of `character` in either script.

    A written tone must be one of the character's; without tone any reading will do."""
    written = _parse(syllable)
    if written is None:
        return False
    known = _readings(character)
    if written in known:
        return True
    if written.tone in (0, 5):
        return any(written.base == reading.base for reading in known)
    return _without_r(written) in known


def _without_r(written: Reading) -> Reading:
    """What the syllable was before 儿 coloured it: huār is 花 with it; èr is no such syllable."""
    base = written.base
    return Reading(base[:-1], written.tone) if base.endswith("r") and base != "er" else written


def syllables(character: str) -> frozenset[str]:
    """Give how a character is spelled without tones: in pinyin, and in bopomofo."""
    bases = {reading.base for reading in _readings(character)}
    return frozenset(bases.union(*(_bopomofo_of().get(base, ()) for base in bases)))


def spellings(character: str) -> list[str]:
    """Give the pinyin of a character without tones, in the letters that keyboards have, in order."""
    bases = {reading.base for reading in _readings(character)}
    return sorted({base.replace("ü", "v") for base in bases if base.isascii() or "ü" in base})


def reads_word(characters: str, word: str) -> bool:
    """Tell whether `word` is two or more syllables that read the last of `characters`, one by one.

    A tone must be written: names are spelled without (张三, zhang san)."""
    compact = _compact(word)
    if not _TONE.search(unicodedata.normalize("NFD", compact)):
        return False
    # Where the syllables read so far may begin, from the end of the word.
    begins = {len(compact)}
    for count, character in enumerate(reversed(characters), start=1):
        begins = {
            start
            for end in begins
            for start in range(max(0, end - _MOST_LETTERS), end)
            if _reads_within(character, compact[start:end])
        }
        if 0 in begins:
            return count > 1
        if not begins:
            return False
    return False


def _reads_within(character: str, syllable: str) -> bool:
    """Tell whether a syllable of a longer word reads `character`; yìdiǎnr ends in 儿."""
    return reads(character, syllable) or (syllable == "r" and character in "儿兒")


def has_tone(syllable: str) -> bool:
    """Tell whether a tone is written: a mark, a number, or bopomofo (no mark is tone 1)."""
    written = _parse(syllable)
    return written is not None and written.tone != 0


def _parse(syllable: str) -> Reading | None:
    """Read a syllable as written; None when it is none."""
    compact = _compact(syllable)
    if _BOPOMOFO.search(compact):
        return _parse_bopomofo(compact)
    return _parse_pinyin(compact)


def _compact(syllables: str) -> str:
    """Take away what only separates syllables, and case."""
    return _SEPARATORS.sub("", syllables).lower().replace("u:", "ü")


def _parse_pinyin(compact: str) -> Reading | None:
    """Read pinyin with a tone mark, a tone number or neither."""
    tones = []
    letters = []
    for mark in unicodedata.normalize("NFD", compact):
        if mark in _TONE_OF_MARK:
            tones.append(_TONE_OF_MARK[mark])
        elif mark in _TONE_OF_BOPOMOFO:
            tones.append(_TONE_OF_BOPOMOFO[mark])
        elif mark.isdigit():
            tones.append(int(mark) or 5)
        else:
            letters.append(mark)
    if len(tones) > 1 or (compact[:1].isdigit()):
        return None
    base = unicodedata.normalize("NFC", "".join(letters)).translate(_SPELLINGS)
    return Reading(_SPELLED.get(base, base), tones[0] if tones else 0)


def _parse_bopomofo(compact: str) -> Reading | None:
    """Read bopomofo into pinyin; an unmarked syllable is the first tone."""
    tones = [_TONE_OF_BOPOMOFO[mark] for mark in compact if mark in _TONE_OF_BOPOMOFO]
    sounds = "".join(mark for mark in compact if mark not in _TONE_OF_BOPOMOFO)
    base = _pinyin_of().get(sounds)
    if base is None or len(tones) > 1:
        return None
    return Reading(base, tones[0] if tones else 1)


@lru_cache(maxsize=32_768)
def _readings(character: str) -> frozenset[Reading]:
    """Collect the readings of a character and of what conversion can make of it."""
    found = set()
    for form in forms(character):
        table = _pypinyin_table().get(str(ord(form)), "")
        for spelled in f"{table},{_MORE_READINGS.get(form, '')}".split(","):
            reading = _parse_pinyin(spelled)
            if reading and reading.base:
                found.add(reading)
    return frozenset(found)


@cache
def _pypinyin_table() -> dict[str, str]:
    """Load pypinyin's characters (decimal code point to readings), 42,000 of them, in 15 ms.

    Straight from its file: importing the package reads its phrases too, which costs 125 ms at
    every start of the command line."""
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ImportError("pypinyin is not installed: pip install pypinyin")
    table = Path(package.origin).with_name("pinyin_dict.json")
    loaded: dict[str, str] = json.loads(table.read_text(encoding="utf-8"))
    return loaded


_INITIALS = dict(
    zip(
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
        ("b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r",
         "z", "c", "s"),
        strict=True,
    )
)  # fmt: skip
# A final after an initial, and standing alone.
_FINALS = {
    "ㄚ": ("a", "a"), "ㄛ": ("o", "o"), "ㄜ": ("e", "e"), "ㄝ": ("ê", "ê"), "ㄞ": ("ai", "ai"),
    "ㄟ": ("ei", "ei"), "ㄠ": ("ao", "ao"), "ㄡ": ("ou", "ou"), "ㄢ": ("an", "an"),
    "ㄣ": ("en", "en"), "ㄤ": ("ang", "ang"), "ㄥ": ("eng", "eng"), "ㄦ": ("er", "er"),
    "ㄧ": ("i", "yi"), "ㄧㄚ": ("ia", "ya"), "ㄧㄛ": ("io", "yo"), "ㄧㄝ": ("ie", "ye"),
    "ㄧㄠ": ("iao", "yao"), "ㄧㄡ": ("iu", "you"), "ㄧㄢ": ("ian", "yan"), "ㄧㄣ": ("in", "yin"),
    "ㄧㄤ": ("iang", "yang"), "ㄧㄥ": ("ing", "ying"), "ㄨ": ("u", "wu"), "ㄨㄚ": ("ua", "wa"),
    "ㄨㄛ": ("uo", "wo"), "ㄨㄞ": ("uai", "wai"), "ㄨㄟ": ("ui", "wei"), "ㄨㄢ": ("uan", "wan"),
    "ㄨㄣ": ("un", "wen"), "ㄨㄤ": ("uang", "wang"), "ㄨㄥ": ("ong", "weng"), "ㄩ": ("ü", "yu"),
    "ㄩㄝ": ("üe", "yue"), "ㄩㄢ": ("üan", "yuan"), "ㄩㄣ": ("ün", "yun"), "ㄩㄥ": ("iong", "yong"),
}  # fmt: skip


@cache
def _bopomofo_of() -> dict[str, set[str]]:
    """Give the ways to write a pinyin syllable in bopomofo."""
    spelled: dict[str, set[str]] = {}
    for sounds, base in _pinyin_of().items():
        spelled.setdefault(base, set()).add(sounds)
    return spelled


@cache
def _pinyin_of() -> dict[str, str]:
    """Spell every bopomofo syllable in pinyin."""
    spelled = {final: alone for final, (_, alone) in _FINALS.items()}
    for initial, letter in _INITIALS.items():
        if initial in "ㄓㄔㄕㄖㄗㄘㄙ":
            spelled[initial] = letter + "i"
        for final, (joined, _) in _FINALS.items():
            written = joined.replace("ü", "u") if initial in "ㄐㄑㄒ" else joined
            spelled[initial + final] = letter + written
    return spelled
