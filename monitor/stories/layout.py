"""One text laid out for a proof: its words with their places in the stored text. Pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.changes.tokens import Token, tokens
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import Folded, fold, fold_text
from seeds.match import Matches

# What is beyond is not compared: an article of 200,000 characters is a book, and two of them take
# about two seconds.
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

    Word i is `words[i]`, as folded, says `tokens[i]`, and was written at `places[i]`; it is in the
    `sentences[i]`-th sentence and the `lines[i]`-th line, and `headings[i]` tells whether that
    line is a heading. `boilerplate` are the lines left out, `length` is how much was read."""

    folded: Folded
    tokens: Sequence[Token]
    words: Sequence[str]
    places: Sequence[Place]
    sentences: Sequence[int]
    lines: Sequence[int]
    headings: Sequence[bool]
    boilerplate: tuple[Place, ...]
    length: int

    def place(self, first: int, last: int) -> Place:
        """Where words `first` up to (not including) `last` stand; for none, where they would."""
        if first < last:
            return Place(self.places[first].start, self.places[last - 1].end)
        at = self.places[first - 1].end if first else 0
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
    found = list(_whole(tokens(folded.text, names, terms), folded.text, offsets))
    numbers = _numbers([each for each, _ in found], [line.end for line in lines])
    own = [place for place, line in enumerate(numbers) if lines[line].kind is not Kind.BOILERPLATE]
    ends = [at.end() for at in _SENTENCE_END.finditer(folded.text)]
    sentences = _numbers([each for each, _ in found], [*ends, len(folded.text) + 1])
    return Layout(
        folded=folded,
        tokens=[found[each][0] for each in own],
        words=[folded.text[found[each][0].start : found[each][0].end] for each in own],
        places=[found[each][1] for each in own],
        sentences=[sentences[each] for each in own],
        lines=[numbers[each] for each in own],
        headings=[lines[numbers[each]].kind is Kind.HEADING for each in own],
        boilerplate=tuple(
            Place(offsets[line.start], offsets[line.end])
            for line in lines
            if line.kind is Kind.BOILERPLATE and folded.text[line.start : line.end].strip()
        ),
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


def _whole(
    found: Iterable[Token], folded: str, offsets: Sequence[int]
) -> Iterator[tuple[Token, Place]]:
    """Give tokens with their places. Where one character of the original became several (㎡), what
    it became is one token: half a character has no place."""
    token: Token | None = None
    place = Place(0, 0)
    for each in found:
        end = each.end
        while end < len(folded) and offsets[end] == offsets[each.end - 1]:
            end += 1
        here = Place(offsets[each.start], offsets[end])
        if token is not None and here.start < place.end:
            token = Token(token.fact, folded[token.start : each.end], token.start, each.end)
            place = Place(place.start, here.end)
            continue
        if token is not None:
            yield token, place
        token, place = each, here
    if token is not None:
        yield token, place


def _numbers(found: Sequence[Token], ends: Sequence[int]) -> list[int]:
    """For each token, the number of the stretch it begins in; stretches follow one another."""
    numbers = []
    number = 0
    for token in found:
        while token.start >= ends[number]:
            number += 1
        numbers.append(number)
    return numbers
