"""A text cut into the sentences that a copy is compared by. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.changes.diff import Version, side, typed_lines
from monitor.changes.sides import Side
from monitor.changes.stated import FIGURES
from monitor.changes.tokens import Fact, Token
from monitor.stories.prose import Kind
from seeds.fold import fold_text

# Between words, and between sentences, where a text is looked through as one string.
_WORD, _SENTENCE = "\x1f", "\x1e"
_DENIED = "\x1d"
_NOT_TEXT = re.compile(r"[^\w%.]+|(?<!\d)\.|\.(?!\d)")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What one text tells. `spans` are its sentences as ranges of the side's tokens, `words` the
    same as strings to be compared. `figures` and `names` are those of the whole page, title and
    headings included; `stream` are all its words in order, `flat` all its characters."""

    title: str
    side: Side
    spans: tuple[Span, ...]
    words: tuple[str, ...]
    headings: tuple[str, ...]
    figures: tuple[Token, ...]
    names: frozenset[str]
    stream: str
    flat: str

    def tokens(self, sentence: int) -> tuple[Token, ...]:
        """The words of one sentence."""
        first, last = self.spans[sentence]
        return tuple(self.side.tokens[first:last])


def read_told(text: Version, names: Mapping[str, str]) -> Told:
    """Cut a text. `names` are the platforms' names of all texts that are compared."""
    lines = typed_lines(text)
    prose = side(_of(lines, Kind.PROSE), names, frozenset())
    headings, rest = _of(lines, Kind.HEADING), _of(lines, Kind.BOILERPLATE)
    around = side(f"{text.title}\n{headings}\n{rest}", names, frozenset())
    everything = (*prose.tokens, *around.tokens)
    spans = tuple(prose.sentences())
    sentences = [prose.tokens[first:last] for first, last in spans]
    return Told(
        title=fold_text(text.title),
        side=prose,
        spans=spans,
        words=tuple("".join(each.key for each in tokens) for tokens in sentences),
        headings=tuple(headings.splitlines()),
        figures=tuple(each for each in everything if each.fact in FIGURES),
        names=frozenset(each.key for each in everything if each.fact is Fact.NAME),
        stream=_SENTENCE.join(["", *map(_joined, sentences), ""]),
        flat=flattened(prose.folded),
    )


def _of(lines: Sequence[tuple[str, Kind]], wanted: Kind) -> str:
    return "\n".join(line for line, kind in lines if kind is wanted)


def flattened(folded: str) -> str:
    """A text without white space and punctuation; points stay in figures."""
    return _NOT_TEXT.sub("", folded)


def stands_in(copy: Told, sentence: int, known: Told) -> bool:
    """Whether a sentence of a copy is one, or a piece of one, that a known text has.

    A piece that begins after a negation says the opposite of the whole; the first and the last
    sentence of a copy may be cut off anywhere, within a figure too."""
    tokens = copy.tokens(sentence)
    wanted = _joined(tokens)
    at = known.stream.find(wanted)
    while at >= 0:
        if not known.stream.startswith(_DENIED, known.stream.rfind(_WORD, 0, at) + 1):
            return True
        at = known.stream.find(wanted, at + 1)
    if sentence not in {0, len(copy.spans) - 1}:
        return False
    return flattened(copy.side.folded[tokens[0].start : tokens[-1].end]) in known.flat


def _joined(tokens: Sequence[Token]) -> str:
    marked = (_DENIED + each.key if each.fact is Fact.NEGATION else each.key for each in tokens)
    return f"{_WORD}{_WORD.join(marked)}{_WORD}"
