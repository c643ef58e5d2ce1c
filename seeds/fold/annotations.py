"""Find pinyin and bopomofo written beside the characters they read: 機(jī)制, 寶ㄅㄠˇ, (jī)機制,
用錢寶(yòng qián bǎo).

Content farms annotate to escape exact comparison. Letters are an annotation only when they read the
characters they stand beside, by pypinyin's table of all readings; 用户(user), 利率(APR) are text.
Several syllables together must have a tone written: without, they are how names are spelled
(张三(zhang san), 上海(Shanghai)). Case tells nothing, because the fold takes it away."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from seeds.fold.alphabet import (
    BLANKS,
    BOPOMOFO,
    BOPOMOFO_TONES,
    CLOSERS,
    GAP,
    MATES,
    OPENERS,
    TONED_LETTERS,
)
from seeds.fold.characters import FORMS
from seeds.fold.readings import has_tone, reads, reads_word
from seeds.fold.script import is_han

_BLANK = "".join(BLANKS)
_LETTERS = f"A-Za-zＡ-Ｚａ-ｚɑɡɛαüÜ{TONED_LETTERS}{BOPOMOFO}"
_MARKS = f"0-5０-５①-⑤:：'’‘＇`｀´·・‐－\\-\u0300\u0301\u0304\u0306\u0308\u030c{BOPOMOFO_TONES}"
_WORD = f"A-Za-zＡ-Ｚａ-ｚ0-9０-９①-⑳ɑɡüÜ{TONED_LETTERS}{BOPOMOFO}{BOPOMOFO_TONES}"
_OPEN, _CLOSE = (re.escape("".join(sorted(each))) for each in (OPENERS, CLOSERS))
# A syllable has at most six letters and a tone; six of them with what farms put between fit in 48.
_LONGEST = 47
_INSIDE = (
    rf"[{_BLANK}]*+[{_LETTERS}·・˙'’]"
    rf"[{_LETTERS}{_MARKS}{_BLANK}]{{0,{_LONGEST}}}+[{_CLOSE}]"
)
_BRACKETED = re.compile(rf"([{_OPEN}]{_INSIDE})")
# Both patterns begin with one class of characters: that lets the search skip all others quickly.
_BRACKETED_OR_WORD = re.compile(
    rf"([{_OPEN}{_WORD}](?:(?<=[{_OPEN}]){_INSIDE}|(?<=[{_WORD}])[{_WORD}]*+))"
)
# Without brackets only what no language but an annotation has: tone marks, bopomofo.
_BARE = re.compile(
    rf"[A-Za-zɑɡüÜ]*[{TONED_LETTERS}][A-Za-zɑɡüÜ{TONED_LETTERS}]*|[{BOPOMOFO}{BOPOMOFO_TONES}]+"
)
# Names that end in a character their Latin form happens to read.
_LATIN_NAMES = frozenset({("小米", "mi"), ("红米", "mi"), ("紅米", "mi"), ("优衣", "yi")})
_LAST_OF_LATIN_NAMES = frozenset("米衣")
# Toneless syllables that text writes in brackets as words or abbreviations, and so read no character
# that follows them: 人工智能(AI)爱好者.
_WORDS = (
    "a ai an bi can e ei en er fan ge gun he li lv ma man me men mi mu o ou pan pen pi pin qi ran run "
    "she song sun tan ti wan yi you"
)
_NO_READINGS = frozenset(_WORDS.split())
# How many Han characters before a bracket are looked at: as many as syllables fit into it.
_CONTEXT = 12
_MOST_KNOWN = 65_536


# Annotations judged before, each with the character it reads. A page repeats a few dozen of them.
_known: set[str] = set()


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut up: what is kept and what is an annotation, in turn, beginning with the former;
    together they are the text."""

    pieces: Sequence[str]
    annotations: int


def cut(text: str, *, bare: bool) -> Cut:
    """Cut `text` at its annotations, their brackets and the blanks before them included.

    `bare` looks for those without brackets too: only worth it where the text has tone marks or
    bopomofo. Expects composed characters (NFC)."""
    parts = (_BRACKETED_OR_WORD if bare else _BRACKETED).split(text)
    strangers = [
        index
        for index in range(1, len(parts), 2)
        if parts[index - 1][-1:] + parts[index] not in _known
    ]
    if not strangers:
        return Cut(parts, len(parts) // 2)
    staying: set[int] = set()
    done = 0
    for index in strangers:
        if index > done:
            done = _judge_run(parts, staying, index)
    if bare:
        staying -= set(_toneless(parts, staying))
    return Cut(_merged(parts, staying), len(parts) // 2 - len(staying))


def _toneless(parts: list[str], staying: set[int]) -> Iterator[int]:
    """Give the syllables of a neutral tone among annotations, which are written without a mark:
    尾 wěi 的 de 小 xiǎo."""
    for index in sorted(staying):
        if index > 1 and index - 2 not in staying and parts[index].isascii():
            # Right behind an annotation, with nothing between but the character that it reads.
            read = parts[index - 1].strip(_BLANK)
            if len(read) == 1 and is_han(read) and reads(read, parts[index]):
                _drop_with_blanks(parts, index)
                yield index


def _merged(parts: list[str], staying: set[int]) -> list[str]:
    """Join what stays with what stands around it."""
    pieces: list[str] = []
    kept = [parts[0]]
    for index in range(1, len(parts), 2):
        if index in staying:
            kept += parts[index : index + 2]
        else:
            pieces += ("".join(kept), parts[index])
            kept = [parts[index + 1]]
    pieces.append("".join(kept))
    return pieces


def _judge_run(parts: list[str], staying: set[int], first: int) -> int:
    """Judge brackets with nothing but blanks between them, 機(jī)(ji1), and tell which is the last.

    Everything before `first` is judged; an earlier bracket of the same run read its character."""
    last = first
    while last + 2 < len(parts) and not parts[last + 1].strip(_BLANK):
        last += 2
    context = _context(parts, staying, first)
    if last > first and _read_together(parts[first : last + 1 : 2], context, parts[last + 1]):
        for index in range(first, last + 1, 2):
            _drop_with_blanks(parts, index)
        return last
    index = first
    while index <= last and _takes_left(parts, index, context):
        _drop_with_blanks(parts, index)
        index += 2
    right = parts[last + 1].lstrip(_BLANK)[:1]
    before = last
    while before >= index and _reads_right(right, parts[before]):
        before -= 2
    staying.update(range(index, before + 1, 2))
    return last


def _read_together(run: Sequence[str], context: str, behind: str) -> bool:
    """Tell whether syllables without brackets in a row read as many characters beside them, one by
    one: 认缴 rèn jiǎo, rèn jiǎo 认缴."""
    if any(part[0] in OPENERS for part in run):
        return False
    ahead = behind.lstrip(_BLANK)[: len(run)]
    beside = (context[-len(run) :], ahead if all(map(is_han, ahead)) else "")
    return any(len(each) == len(run) and all(map(_reads_left, each, run)) for each in beside)


def _context(parts: list[str], staying: set[int], index: int) -> str:
    """The Han characters before a bracket, as they stand when annotations and gaps are gone."""
    at = index - 1
    tail = _tail(parts[at])
    while len(tail) < _CONTEXT and at > 0 and at - 1 not in staying:
        at -= 2
        tail = _tail(parts[at] + tail)
    start = len(tail)
    while start and is_han(tail[start - 1]):
        start -= 1
    return tail[start:]


def _tail(piece: str) -> str:
    """The last characters of `piece`, its gaps closed."""
    window = 64
    while True:
        tail = GAP.sub("", piece[-window:].rstrip(_BLANK))
        if len(tail) >= _CONTEXT or window >= len(piece):
            return tail[-_CONTEXT:]
        window *= 4


def _takes_left(parts: list[str], index: int, context: str) -> bool:
    """Tell whether a bracket reads what stands before it, and remember it for the next time."""
    if not context:
        return False
    part = parts[index]
    touching = is_han(parts[index - 1][-1:])
    if _reads_left(context[-2:], part):
        if touching and context[-1] not in _LAST_OF_LATIN_NAMES:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known.add(context[-1] + part)
        return True
    return len(context) > 1 and _reads_word_left(context, part)


def _drop_with_blanks(parts: list[str], index: int) -> None:
    """Let the blanks before an annotation go with it."""
    kept = parts[index - 1].rstrip(_BLANK)
    parts[index] = parts[index - 1][len(kept) :] + parts[index]
    parts[index - 1] = kept


@lru_cache(maxsize=16_384)
def _reads_left(context: str, part: str) -> bool:
    """Tell whether one syllable reads the last character of `context`."""
    syllable = _syllable(part)
    if syllable is None or (context, syllable) in _LATIN_NAMES:
        return False
    return reads(context[-1], syllable)


@lru_cache(maxsize=16_384)
def _reads_word_left(context: str, part: str) -> bool:
    """Tell whether several syllables read the last characters of `context`, one by one."""
    word = _syllable(part)
    return word is not None and reads_word(context, word)


@lru_cache(maxsize=16_384)
def _reads_right(right: str, part: str) -> bool:
    """Tell whether a bracket reads the character after it."""
    if not right or not is_han(right):
        return False
    syllable = _syllable(part)
    if syllable is None or not reads(right, syllable):
        return False
    return has_tone(syllable) or syllable not in _NO_READINGS


def _syllable(part: str) -> str | None:
    """What an annotation says, without brackets, in comparable form; None when it is none."""
    written = part.translate(FORMS)
    if part[0] not in OPENERS:
        return written if _BARE.fullmatch(written) else None
    if MATES.get(written[0]) != written[-1]:
        return None
    return written[1:-1].strip(" \t")
