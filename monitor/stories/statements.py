"""An article's sentences as novelty compares them: where they stand, their words, their facts. Pure.

Words are compared as pairs of characters of compact text, platforms' names masked and dates left
out, so that neither a name put in nor a renewed date makes a sentence another."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.changes.tokens import Fact, Token
from monitor.stories.checkable import Checkable, checkable, cut
from monitor.stories.fingerprint import compact
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import Folded, fold_text
from seeds.match.mentions import NOT_WATCHED, Matches

# Of the longest articles the first so many sentences are read: a report of ten pages has 300.
MOST_SENTENCES = 400
# Shorter ones (他说, a list's item) tell nothing and are equal by accident.
SHORTEST = 8
# Marks of a sentence: two, and one more for every ten characters. A sentence of thirty characters
# that keeps two thirds of its triples shares one of five marks in 99 of 100 cases.
_MARKS, _MARK_EVERY = 2, 10
# Of a text without full stops, so many characters are read for a sentence.
LONGEST = 600
# A clause shorter than this (同时, 对此) is everybody's.
_CLAUSE = 6

_CLOSED = '”」』"'
# A quotation's own full stop does not end the sentence that goes on to say whose it is.
_SENTENCE = re.compile(
    rf"(?:[^。!?;…\n]|[。!?…]{{1,8}}[{_CLOSED}](?=[^\n。]{{0,12}}?(?:说|称|表示|道|告诉|回忆|透露)))+[。!?;…]*[{_CLOSED})]*"
)
_SEPARATORS = re.compile(r"[,，、:：;]")
_SIGN = "ㄅ"  # a letter no text has: what stands for a platform's name
_FIGURES = frozenset({Fact.DATE, Fact.NUMBER, Fact.AMOUNT})
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xBF58476D1CE4E5B9)
_BELOW = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence. `start` and `end` are offsets in the article's own body. `text` is compact, names
    masked, without dates; `pairs` are 16-bit hashes of its pairs of characters, `marks` the
    63-bit hashes of the triples it is looked up by, `clauses` those of its clauses with their
    lengths, `facts` and `days` those of what it
    tells."""

    start: int
    end: int
    text: str
    folded: str
    pairs: frozenset[int]
    marks: tuple[int, ...]
    clauses: tuple[tuple[int, int], ...]
    facts: frozenset[int]
    days: frozenset[int]
    told: Checkable

    @property
    def length(self) -> int:
        """How much it weighs: its characters without names' variety and dates."""
        return len(self.text)


def statements(title: str, body: Folded, matches: Matches) -> list[Statement]:
    """Cut an article's prose into sentences; `title` is folded. Headings, site furniture and what
    is too short to tell anything are left out."""
    surfaces = {
        fold_text(each.surface)
        for each in matches.mentions
        if each.kind == "platform" and (each.counted or each.reason == NOT_WATCHED)
    }
    cuts = islice(_sentences(title, body.text, _names(surfaces)), MOST_SENTENCES)
    read = [(*each, "".join(_words(each[2], each[3]))) for each in cuts]
    kept = [each for each in read if len(each[4]) >= SHORTEST]
    pairs, triples, places = _hashed([each[4] for each in kept])
    offsets = body.offsets
    return [
        Statement(
            start=offsets[start],
            end=offsets[end],
            text=text,
            folded=masked,
            pairs=frozenset(pairs[first : last - 1].tolist()),
            marks=_lowest(triples[first : last - 2]),
            clauses=tuple(_clauses(masked, found)),
            facts=frozenset(map(hashed, told.hard)),
            days=frozenset(map(hashed, told.days)),
            told=told,
        )
        for (start, end, masked, found, text), (first, last) in zip(
            kept, pairwise(places), strict=True
        )
        for told in (checkable(masked, found),)
    ]


def hashed(text: str) -> int:
    """A 63-bit hash of a short text, the same in every process."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _sentences(
    title: str, text: str, names: re.Pattern[str] | None
) -> Iterator[tuple[int, int, str, list[Token]]]:
    lines = text.splitlines(keepends=True)
    kinds = line_kinds(title, [each.rstrip("\r\n") for each in lines])
    position = 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind is Kind.PROSE:
            for found in _SENTENCE.finditer(line):
                start, written = position + found.start(), found[0].lstrip()
                start += len(found[0]) - len(written)
                written = written.rstrip()
                masked = names.sub(_SIGN, written[:LONGEST]) if names else written[:LONGEST]
                if masked:
                    yield start, start + len(written), masked, cut(masked)
        position += len(line)


def _names(surfaces: Collection[str]) -> re.Pattern[str] | None:
    """A pattern for every surface, the longest first, so that 米袋钱包 goes before 米袋."""
    longest_first = sorted(filter(None, surfaces), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None


def _words(masked: str, found: Sequence[Token]) -> Iterator[str]:
    """The words of a sentence. Its dates and figures are compared as facts."""
    for each in found:
        if each.fact not in _FIGURES:
            yield masked[each.start : each.end]


def _hashed(
    texts: Sequence[str],
) -> tuple[NDArray[np.uint16], NDArray[np.uint64], list[int]]:
    """Hash the pairs and triples of all texts at once; `places` are where each text begins."""
    places = [0]
    for each in texts:
        places.append(places[-1] + len(each))
    joined = "".join(texts) + "\0\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    pairs = (codes[:-1] * _MIX + codes[1:]) * _MIX_2
    triples = (pairs[:-1] ^ (pairs[:-1] >> np.uint64(29))) * _MIX + codes[2:] * _MIX_2
    triples ^= triples >> np.uint64(31)
    return (pairs >> np.uint64(48)).astype(np.uint16), triples * _MIX >> _BELOW, places


def _lowest(triples: NDArray[np.uint64]) -> tuple[int, ...]:
    """The lowest of the hashes stand for all: of two like sentences mostly the same ones."""
    count = _MARKS + len(triples) // _MARK_EVERY
    return tuple(sorted({int(each) for each in triples.tolist()})[:count])


def _clauses(masked: str, found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Hash each clause without its dates; figures stay, for another figure is another clause."""
    dates = {(each.start, each.end) for each in found if each.fact is Fact.DATE}
    written = list(masked)
    for start, end in dates:
        written[start:end] = [" "] * (end - start)
    for each in _SEPARATORS.split("".join(written)):
        clause = compact(each)
        if len(clause) >= _CLAUSE:
            yield hashed(clause), len(clause)
