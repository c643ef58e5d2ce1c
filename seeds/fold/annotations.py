"""Find pinyin and bopomofo written beside the character they read: 機(jī)制, 寶ㄅㄠˇ, (jī)機制.

Content farms annotate to escape exact comparison. A syllable is an annotation only when it is
a reading of the character it stands beside, by pypinyin's table of all readings; 用户(user),
利率(APR), 张三(zhang san) are text."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from seeds.fold.readings import BOPOMOFO, BOPOMOFO_TONES, TONED_LETTERS, has_tone, reads
from seeds.fold.script import is_han

_PAIRS = dict(zip("([{<〔【〈《「『〖〘〚‹«⟨⦅﹝", ")]}>〕】〉》」』〗〙〛›»⟩⦆﹞", strict=True))
OPENERS = frozenset(_PAIRS)
_LETTERS = f"A-Za-zɑɡɛαüÜ{TONED_LETTERS}{BOPOMOFO}"
_MARKS = f"0-5:'’`´·・\u0300\u0301\u0304\u0306\u0308\u030c{BOPOMOFO_TONES}"
_OPEN = re.escape("".join(_PAIRS))
_CLOSE = re.escape("".join(_PAIRS.values()))
_WORD = f"A-Za-z0-9ɑɡüÜ{TONED_LETTERS}{BOPOMOFO}{BOPOMOFO_TONES}"
# A syllable has at most six letters, a tone and, where farms spread it, spaces between them.
_IN_BRACKETS = (
    rf"[ \t]*+(?P<inside>[{_LETTERS}{_MARKS}][{_LETTERS}{_MARKS} \t]{{0,15}})(?P<close>[{_CLOSE}])"
)
_BRACKETED = re.compile(rf"[{_OPEN}]{_IN_BRACKETS}")
# Both patterns begin with one class of characters: that lets the search skip all others quickly.
_BRACKETED_OR_BARE = re.compile(
    rf"[{_OPEN}{_WORD}](?:(?<=[{_OPEN}]){_IN_BRACKETS}|(?<=[{_WORD}])[{_WORD}]*+)"
)
# Without brackets only what no language but an annotation has: tone marks, bopomofo.
_BARE = re.compile(
    rf"[A-Za-zɑɡüÜ]*[{TONED_LETTERS}][A-Za-zɑɡüÜ{TONED_LETTERS}]*|[{BOPOMOFO}{BOPOMOFO_TONES}]+"
)
# Names that end in a character their Latin form happens to read.
_LATIN_NAMES = frozenset({("小米", "mi"), ("红米", "mi"), ("紅米", "mi"), ("优衣", "yi")})


class Span(NamedTuple):
    """A half-open stretch of a text."""

    start: int
    end: int


class _Token(NamedTuple):
    """A bracketed or bare syllable; `gap` is where the spaces before it begin."""

    gap: int
    start: int
    end: int
    syllable: str
    bracketed: bool


def annotations(text: str, *, bare: bool) -> list[Span]:
    """Find every annotation in `text`, in order, brackets and the spaces before it included.

    `bare` looks for those without brackets too: only worth it where the text has tone marks or
    bopomofo. Expects composed characters (NFC)."""
    found: list[Span] = []
    for run in _runs(_tokens(text, bare=bare)):
        left = text[run[0].gap - 1] if run[0].gap else ""
        after = _reading_left(text, run, left)
        before = _reading_right(text, run[len(after) :])
        found.extend(Span(token.gap, token.end) for token in after)
        found.extend(Span(token.start, token.end) for token in before)
    return found


def _runs(tokens: Iterable[_Token]) -> Iterator[list[_Token]]:
    """Group tokens with nothing but spaces between them: 機(jī)(ji1)."""
    run: list[_Token] = []
    for token in tokens:
        if run and token.gap != run[-1].end:
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def _tokens(text: str, *, bare: bool) -> Iterator[_Token]:
    """Find what has the form of an annotation, whatever it reads."""
    for match in (_BRACKETED_OR_BARE if bare else _BRACKETED).finditer(text):
        gap = start = match.start()
        syllable = match["inside"]
        if syllable is None:
            syllable = match[0]
            if not _BARE.fullmatch(syllable):
                continue
        elif _PAIRS[text[start]] != match["close"]:
            continue
        while gap and text[gap - 1] in " \t":
            gap -= 1
        yield _Token(gap, start, match.end(), syllable, match["close"] is not None)


def _reading_left(text: str, run: list[_Token], left: str) -> list[_Token]:
    """Take the tokens of a run, from its start, that read the character before the run."""
    taken: list[_Token] = []
    if not left or not is_han(left):
        return taken
    name = text[max(0, run[0].gap - 2) : run[0].gap]
    for token in run:
        spaced_bare = not token.bracketed and token.gap != token.start
        latin_name = (name, token.syllable.strip().lower()) in _LATIN_NAMES
        if spaced_bare or latin_name or not reads(left, token.syllable):
            break
        taken.append(token)
    return taken


def _reading_right(text: str, run: list[_Token]) -> list[_Token]:
    """Take the tokens of a run, from its end, that read the character after the run.

    The form is rare and 李(li)明 would read either way, so a tone mark is asked for."""
    taken: list[_Token] = []
    if not run:
        return taken
    following = run[-1].end
    while following < len(text) and text[following] in " \t":
        following += 1
    right = text[following : following + 1]
    if not right or not is_han(right):
        return taken
    for token in reversed(run):
        if not (token.bracketed and has_tone(token.syllable) and reads(right, token.syllable)):
            break
        taken.append(token)
    return taken[::-1]
