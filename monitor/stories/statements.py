"""An article's sentences as novelty compares them: where they stand, their words, their facts. Pure.

Words are compared as pairs of characters of compact text, platforms' names masked and dates left
out, so that neither a name put in nor a renewed date makes a sentence another."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

import numpy as np
from numpy.typing import NDArray

from monitor.changes.tokens import Fact, Token, figures_and_negations
from monitor.stories.checkable import Told, told
from monitor.stories.prose import Kind, line_kinds
from seeds.fold import Folded, fold_text
from seeds.match.mentions import NOT_WATCHED, Matches

# Of the longest articles the first so many sentences are read: a report of ten pages has 300.
MOST_SENTENCES = 400
# Shorter ones (他说, a list's item) tell nothing and are equal by accident.
SHORTEST = 8
# Marks of a sentence: two, and one more for every fifteen characters. A sentence of thirty
# characters that keeps two thirds of its triples shares one of four marks in 98 of 100 cases.
_MARKS, _MARK_EVERY = 2, 15
# Of a text without full stops, so many characters are read for a sentence.
LONGEST = 600
# Of a sentence that is everybody's, what stands before and behind its main clause varies.
MOST_OF_IT = 0.6

_CLOSED = '”」』"'
# A quotation's own full stop does not end the sentence that goes on to say whose it is.
_SENTENCE = re.compile(
    rf"(?:[^。!?;…\n]++|[。!?…]{{1,8}}[{_CLOSED}](?=[^\n。]{{0,12}}?(?:说|称|表示|道|告诉|回忆|透露)))++[。!?;…]*[{_CLOSED})]*"
)
_NOT_WORDS = re.compile(r"[^\w\n,]+|_+")
_SIGN = "ㄅ"  # a letter no text has: what stands for a platform's name
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_2 = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence. `start` and `end` are offsets in the article's own body. `text` is compact, names
    masked, without dates; `pairs` are 16-bit hashes of its pairs of characters, `marks` the
    63-bit hashes of the triples it is looked up by, `gist` that of its
    longest clause, `facts` and `days` those of what it
    tells."""

    start: int
    end: int
    text: str
    folded: str
    pairs: frozenset[int]
    marks: tuple[int, ...]
    gist: int
    facts: frozenset[int]
    days: frozenset[int]
    told: Told

    @property
    def length(self) -> int:
        """How much it weighs: its characters without names' variety and dates."""
        return len(self.text)


def statements(title: str, body: Folded, matches: Matches) -> list[Statement]:
    """Cut an article's prose into sentences; `title` is folded. Headings, site furniture and what
    is too short to tell anything are left out."""
    spans = list(islice(_sentences(title, body.text), MOST_SENTENCES))
    text = "\n".join(body.text[start : min(end, start + LONGEST)] for start, end in spans)
    text = _masked(text.replace(_SIGN, ""), matches)
    found = figures_and_negations(text)
    lines = text.split("\n")
    starts = list(accumulate((len(each) + 1 for each in lines), initial=0))[:-1]
    facts = told(text, starts, found)
    clauses = [each.split(",") for each in _words(text, found)]
    every = ["".join(each) for each in clauses]
    kept = [place for place, each in enumerate(every) if len(each) >= SHORTEST]
    words = [every[place] for place in kept]
    pairs, marks, places = _hashed(words)
    offsets = body.offsets
    return [
        Statement(
            start=offsets[spans[place][0]],
            end=offsets[spans[place][1]],
            text=word,
            folded=lines[place],
            pairs=frozenset(pairs[first : last - 1]),
            marks=marks[number],
            gist=_gist(word, clauses[place]),
            facts=frozenset(map(hashed, facts[place].hard)),
            days=frozenset(map(hashed, facts[place].days)),
            told=facts[place],
        )
        for number, (place, word, (first, last)) in enumerate(
            zip(kept, words, pairwise(places), strict=True)
        )
    ]


def hashed(text: str) -> int:
    """A 63-bit hash of a short text, the same in every process."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def _sentences(title: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the prose's sentences stand in a folded text."""
    lines = text.splitlines(keepends=True)
    kinds = line_kinds(title, [each.rstrip("\r\n") for each in lines])
    position = 0
    for line, kind in zip(lines, kinds, strict=True):
        if kind is Kind.PROSE:
            for found in _SENTENCE.finditer(line):
                written = found[0].lstrip()
                start = position + found.end() - len(written)
                length = len(written.rstrip())
                if length:
                    yield start, start + length
        position += len(line)


def _masked(text: str, matches: Matches) -> str:
    """Put one sign for every platform's name, the longest first: 米袋钱包 goes before 米袋."""
    surfaces = {
        fold_text(each)
        for each in {
            each.surface
            for each in matches.mentions
            if each.kind == "platform" and (each.counted or each.reason == NOT_WATCHED)
        }
    }
    for each in sorted(filter(None, surfaces), key=len, reverse=True):
        text = text.replace(each, _SIGN)
    return text


def _words(text: str, found: Sequence[Token]) -> list[str]:
    """The words of each line, clauses parted by commas. Dates and figures are compared as facts."""
    pieces: list[str] = []
    position = 0
    for each in found:
        if each.fact is not Fact.NEGATION:
            pieces.append(text[position : each.start])
            position = each.end
    pieces.append(text[position:])
    parted = "".join(pieces).replace("、", ",").replace(":", ",")
    return _NOT_WORDS.sub("", parted).split("\n")


def _hashed(texts: Sequence[str]) -> tuple[list[int], list[tuple[int, ...]], list[int]]:
    """Hash the pairs of all texts at once, and give the marks of each; the last list tells where
    the pairs of each begin."""
    places = list(accumulate(map(len, texts), initial=0))
    joined = "".join(texts) + "\0\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    pairs = (codes[:-1] * _MIX + codes[1:]) * _MIX_2
    triples = (pairs[:-1] ^ (pairs[:-1] >> np.uint64(29))) * _MIX + codes[2:] * _MIX_2
    triples ^= triples >> np.uint64(31)
    return (pairs >> np.uint64(48)).tolist(), _marks(triples * _MIX >> np.uint64(1), places), places


def _marks(triples: NDArray[np.uint64], places: Sequence[int]) -> list[tuple[int, ...]]:
    """The lowest of each text's hashed triples stand for all: of two like sentences mostly the same
    ones. No triple runs over a text's end; texts have three characters at least."""
    bounds = np.array(places)
    lengths = np.diff(bounds) - 2
    owners = np.repeat(np.arange(len(lengths)), lengths)
    first = np.repeat(bounds[:-1] - np.cumsum(lengths) + lengths, lengths)
    own = triples[np.arange(len(owners)) + first]
    own = own[np.lexsort((own, owners))]
    distinct = np.ones(len(own), bool)
    distinct[1:] = (own[1:] != own[:-1]) | (owners[1:] != owners[:-1])
    starts = np.searchsorted(owners[distinct], np.arange(len(lengths) + 1)).tolist()
    lowest = own[distinct].tolist()
    wanted = (_MARKS + lengths // _MARK_EVERY).tolist()
    return [
        tuple(lowest[start : min(start + most, end)])
        for (start, end), most in zip(pairwise(starts), wanted, strict=True)
    ]


def _gist(words: str, clauses: Sequence[str]) -> int:
    """Hash the clause that is most of a sentence, or all of it where none is."""
    longest = max(clauses, key=len)
    return hashed(longest if len(longest) >= MOST_OF_IT * len(words) else words)
