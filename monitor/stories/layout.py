"""One text laid out for a proof: its words with their places in the stored text. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from monitor.changes.tokens import Token, tokens
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import Folded, fold, fold_text
from seeds.match import Matches

# What is beyond is not compared: an article of 200,000 characters is a book, and two of them take
# three to five seconds (`tests/bench/bench_proof.py`).
LONGEST = 200_000

_SENTENCE_END = re.compile(r"[。！？；!?;\n]")


class Place(NamedTuple):
    """A stretch of a stored body: `body[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """An article's text as it is stored, and what the matcher found in it."""

    title: str
    body: str
    matches: Matches


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The words of a body in order, without boilerplate, and where they stand.

    Word i is `words[i]`, as folded, says `tokens[i]`, and was written from `starts[i]` to `ends[i]`;
    it is in the `sentences[i]`-th sentence and the `lines[i]`-th line, and `headings[i]` tells
    whether that line is a heading. `boilerplate` are the lines left out, `breaks` the words before
    which one stood, `length` is how much was read."""

    folded: Folded
    tokens: Sequence[Token]
    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    sentences: Sequence[int]
    lines: Sequence[int]
    headings: Sequence[bool]
    boilerplate: tuple[Place, ...]
    breaks: Sequence[int]
    length: int

    def place(self, first: int, last: int) -> Place:
        """Where words `first` up to (not including) `last` stand; for none, where they would."""
        if first < last:
            return Place(self.starts[first], self.ends[last - 1])
        at = self.ends[first - 1] if first else 0
        return Place(at, at)

    def characters(self, first: int, last: int) -> int:
        """How many letters and figures some words have."""
        return sum(map(len, self.words[first:last]))

    def sentence(self, word: int) -> tuple[int, int]:
        """The range of words that the sentence of a word spans."""
        number = self.sentences[word]
        first = bisect_left(self.sentences, number)
        return first, bisect_left(self.sentences, number + 1, first)


def lay_out(text: Text, names: Mapping[str, str], terms: Iterable[str]) -> Layout:
    """Cut a text into words; `names` and `terms` as `monitor.changes.tokens` takes them."""
    body = text.body[:LONGEST]
    folded = fold(body)
    offsets = folded.offsets if isinstance(folded.offsets, range) else list(folded.offsets)
    lines = list(_lines(fold_text(text.title), folded.text))
    found = tokens(folded.text, names, terms)
    grown = any(map(int.__eq__, offsets, offsets[1:]))
    if grown:
        found = _whole(found, folded.text, offsets)
    ends = [at.end() for at in _SENTENCE_END.finditer(folded.text)]
    sentences = _numbers(found, [*ends, len(folded.text)])
    numbers = _numbers(found, [line.end for line in lines])
    if any(line.kind is Kind.BOILERPLATE for line in lines):
        own = [lines[number].kind is not Kind.BOILERPLATE for number in numbers]
        found = list(compress(found, own))
        sentences, numbers = (list(compress(each, own)) for each in (sentences, numbers))
    return Layout(
        folded=folded,
        tokens=found,
        words=[folded.text[each.start : each.end] for each in found],
        starts=[offsets[each.start] for each in found],
        ends=[_end(each, folded.text, offsets) if grown else offsets[each.end] for each in found],
        sentences=sentences,
        lines=numbers,
        headings=[lines[number].kind is Kind.HEADING for number in numbers],
        boilerplate=tuple(
            Place(offsets[line.start], offsets[line.end])
            for line in lines
            if line.kind is Kind.BOILERPLATE and folded.text[line.start : line.end].strip()
        ),
        breaks=_breaks(lines, numbers),
        length=len(body),
    )


class _Line(NamedTuple):
    start: int
    end: int
    kind: Kind


def _lines(title: str, folded: str) -> Iterator[_Line]:
    """The lines of a folded text, each up to its own end without what separates it."""
    texts = folded.splitlines(keepends=True)
    start = 0
    for line, kind in zip(texts, line_kinds(title, folded.splitlines()), strict=True):
        yield _Line(start, start + len(line.splitlines()[0]), kind)
        start += len(line)


def _breaks(lines: Sequence[_Line], numbers: Sequence[int]) -> list[int]:
    """The words, by the lines they stand in, between which and the word before something was left
    out."""
    left_out = [
        at
        for at, line in enumerate(lines)
        if line.kind is Kind.BOILERPLATE and line.end > line.start
    ]
    return sorted({bisect_left(numbers, at) for at in left_out} - {0, len(numbers)})


def _whole(found: Iterable[Token], folded: str, offsets: Sequence[int]) -> list[Token]:
    """Make one token of what one character of the original became (㎡): half of it has no place."""
    whole: list[Token] = []
    for each in found:
        if whole and offsets[each.start] < _end(whole[-1], folded, offsets):
            last = whole.pop()
            key = folded[last.start : each.end]
            whole.append(Token(last.fact, key, last.start, each.end))
        else:
            whole.append(each)
    return whole


def _end(token: Token, folded: str, offsets: Sequence[int]) -> int:
    """Where a token ends in the original: behind all of its last character, and what was removed
    there."""
    end = token.end
    while end < len(folded) and offsets[end] == offsets[token.end - 1]:
        end += 1
    return offsets[end]


def _numbers(found: Sequence[Token], ends: Sequence[int]) -> list[int]:
    """For each token, the number of the stretch it begins in; stretches follow one another."""
    numbers: list[int] = []
    starts = [each.start for each in found]
    for number, end in enumerate(ends):
        last = bisect_left(starts, end, len(numbers))
        numbers += [number] * (last - len(numbers))
    return numbers
