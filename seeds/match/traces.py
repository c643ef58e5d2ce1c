"""Where a text may hide a name: signs between its characters, lookalikes, syllables.

Nearly every character of a text is none of these, so one pass finds the few that are; what they
may hide is looked at only where they stand beside characters that names have side by side."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

# What farms and people put between the characters of a name to escape a search: any sign or
# picture but the marks that end a sentence or a clause, quote or bracket; what stands on both
# sides of those is no word.
_MARKS = ',。!?;:、…"“”‘’()《》〈〉【】「」『』\\[\\]{}<>&'
_SEPARATOR = rf"[^\w{_MARKS}]|_"
SEPARATES = re.compile(_SEPARATOR)
_SEPARATORS = re.compile(rf"(?:{_SEPARATOR})+")
_BLANKS = (" ", "\n")
# No name is broken by more of them in one place.
MOST_SEPARATORS = 3
# Characters that stand for another in disguised names; what they are in other words does not
# matter, because a name found this way needs lending words around it.
LOOKALIKES: Mapping[str, str] = {
    "銭": "钱", "寳": "宝", "堡": "宝", "葆": "宝", "亰": "京", "収": "收", "慛": "催", "楽": "乐",
    "団": "团", "羸": "赢", "嬴": "赢", "狈": "呗", "💰": "钱", "💵": "钱", "💴": "钱", "🤑": "钱",
    "🌸": "花", "🌺": "花", "🌼": "花", "🌷": "花", "🌹": "花", "💐": "花", "💳": "卡", "🐴": "马",
    "❤": "心", "♥": "心", "💗": "心", "💖": "心", "💕": "心", "🧡": "心", "💛": "心", "💚": "心", "💙": "心", "💜": "心",
    "僭": "借", "徣": "借",
    "👤": "人", "🧍": "人", "🚶": "人", "🌳": "树", "🌲": "树", "🌴": "树", "🌾": "米", "🍚": "米", "🍊": "桔",
    "🐏": "羊", "🐑": "羊", "🐚": "贝", "✈": "飞", "🛫": "飞", "🛩": "飞", "🚉": "站", "🚏": "站", "🥇": "金", "🌟": "星",
    "❶": "1", "❸": "3", "❺": "5", "❻": "6", "❽": "8", "⓿": "0", "➌": "3", "➎": "5", "➏": "6",
}  # fmt: skip
_WRITTEN_OUT = {ord(character): meant for character, meant in LOOKALIKES.items()}
# A word of Latin letters or of bopomofo, which may spell a character.
_WORD = re.compile(r"[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+|[ㄅ-ㄯˊˇˋ˙]+")
LONGEST_SYLLABLE = 6
# Syllables or letters that signs keep apart (yong qian bao) or from the characters beside them (用 q
# 宝). Longer runs are Latin sentences.
_GAPS = r"[^\w\n]{0,2}"
_APART = re.compile(rf"{_GAPS}[a-z]{{1,6}}(?:[^\w\n]{{1,2}}[a-z]{{1,6}}){{0,7}}{_GAPS}")

Span = tuple[int, int]


class Traces(NamedTuple):
    """What was found in a text: separators (start, end), whether a lookalike stands beside what
    makes it one, words (start, end) that may spell a character, and runs of words kept apart."""

    breaks: list[Span]
    lookalikes: bool
    words: list[Span]
    apart: list[Span]


class Tracer:
    """Looks for traces of hidden patterns."""

    def __init__(self, patterns: Iterable[str]) -> None:
        # Latin letters are left out: a sign between two of them is ordinary (3.5, a-b).
        self.pairs = {
            one + other
            for pattern in patterns
            for one, other in pairwise(pattern)
            if not (one + other).isascii()
        }
        # Nothing else stands beside a spelled character.
        self._sides = {each for pair in self.pairs for each in pair if not each.isascii()}

    def traces(self, text: str, runs: Iterable[Span]) -> Traces:
        """Look through the special runs of a folded text."""
        breaks, words, apart, lookalikes = [], [], [], False
        pairs, sides = self.pairs, self._sides
        for start, end in runs:
            run, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
            ascii_only = run.isascii()
            if ascii_only and before not in sides and after not in sides:
                apart += [(start, end)] * _kept_apart(run)
                continue
            if ascii_only and run.isalpha():
                # One Latin word, as most runs are that are no blank.
                if len(run) <= LONGEST_SYLLABLE:
                    words.append((start, end))
                continue
            if run in _BLANKS:
                kind = "separators"
            else:
                kind = _kind(run) if len(run) <= MOST_SEPARATORS else "mixed"
            if kind == "separators":
                if before + after in pairs:
                    breaks.append((start, end))
                continue
            apart += [(start, end)] * _kept_apart(run)
            if kind == "mixed":
                breaks += self._breaks(text, start, end)
                words += self._words(text, start, end)
            if not (lookalikes or ascii_only):
                lookalikes = self._looks_like(text, start, end)
        return Traces(breaks, lookalikes, words, apart)

    def _breaks(self, text: str, start: int, end: int) -> list[Span]:
        """Find the separators among other special characters."""
        return [
            at.span()
            for at in _SEPARATORS.finditer(text, start, end)
            if at.end() - at.start() <= MOST_SEPARATORS
            and text[at.start() - 1 : at.start()] + text[at.end() : at.end() + 1] in self.pairs
        ]

    def _words(self, text: str, start: int, end: int) -> list[Span]:
        """Find the words that stand beside a character of a name."""
        return [
            at.span()
            for at in _WORD.finditer(text, start, end)
            if at.end() - at.start() <= LONGEST_SYLLABLE
            and (
                text[at.start() - 1 : at.start()] in self._sides
                or text[at.end() : at.end() + 1] in self._sides
            )
        ]

    def _looks_like(self, text: str, start: int, end: int) -> bool:
        """Tell whether a lookalike of text[start:end] makes a pair of some name with its
        neighbour."""
        around = text[max(0, start - 1) : end + 1]
        meant = written_out(around)
        return meant != around and any(one + other in self.pairs for one, other in pairwise(meant))


def _kept_apart(run: str) -> bool:
    """Tell whether a run is syllables or letters with signs between them or around."""
    # Most runs are one sign or one blank.
    return len(run) > 1 and run.isascii() and not run.isalpha() and bool(_APART.fullmatch(run))


def special_runs(text: str) -> list[Span]:
    """Give where separators, lookalikes, letters and bopomofo stand, neighbours together."""
    return [at.span() for at in _specials().finditer(text)]


def written_out(text: str) -> str:
    """Put what lookalikes stand for in their place."""
    return text.translate(_WRITTEN_OUT)


@cache
def _specials() -> re.Pattern[str]:
    """Make the pattern of runs of separators, lookalikes, letters and bopomofo.

    One class of listed characters is compiled to a table, which is three times as fast as the
    alternatives that say the same; listing them takes some milliseconds, so not at import. All
    characters beyond the basic plane count: they are pictures and rare Han characters."""
    basic = "".join(map(chr, range(0x10000)))
    listed = "".join(dict.fromkeys((*SEPARATES.findall(basic), *_WORD.findall(basic), *LOOKALIKES)))
    escaped = re.escape("".join(each for each in listed if each <= "\uffff"))
    special = f"[{escaped}\U00010000-\U0010ffff]"
    # Not `special+`: only a pattern that begins with one class skips ahead by its table.
    return re.compile(f"{special}{special}*")


@lru_cache(maxsize=4096)
def _kind(run: str) -> str:
    """Sort a run of special characters, at most three: all separators, all lookalikes, or mixed."""
    alike = [each in LOOKALIKES for each in run]
    if _SEPARATORS.fullmatch(run) and not any(alike):
        return "separators"
    # A picture may stand between two characters as well as for one.
    return "lookalikes" if all(alike) and run.isalpha() else "mixed"
