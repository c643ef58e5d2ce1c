"""Lines of a text as they are learned: keys, furniture at the edges, what to count. Pure.

Site furniture stands in whole lines, the same on every page, and mostly before or behind the
article. A report quotes a statement between lines of its own: that is no furniture."""

import re
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from monitor.stories.fingerprint import line_hash

# A line without an end of a sentence up to here is loose: a heading, a link to another page, a
# caption, a count of readers. Behind an article they change from page to page.
LOOSE = 40
# Only so many lines at an article's head and tail are counted, of those not learned yet: a longer
# tail is learned bit by bit, and a million articles leave ten million rows.
HEAD = 3
TAIL = 10

_FIGURES = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[。！？；!?;…]|[,，]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an article, prose or heading; not what a list knows as boilerplate.

    `text` is folded, `sentences` are those of it, compact; `raw` is the page's own without white
    space. Lines with an equal `key` are one line, whatever platform they name."""

    key: int
    text: str
    sentences: tuple[str, ...]
    raw: str
    prose: bool
    loose: bool


def line_key(masked: str, *, loose: bool) -> int:
    """Hash a compact line whose platforms are masked. Figures of a loose line (a date, a count
    of readers) make it no other line; those of a sentence are what it tells."""
    return line_hash(_FIGURES.sub("0", masked) if loose else masked)


def is_loose(folded: str) -> bool:
    """Whether a folded line is short and no sentence."""
    return len(folded) <= LOOSE and not _SENTENCE_END.search(folded)


def at_edges(lines: Sequence[Line], known: Collection[int]) -> set[int]:
    """The keys of the `known` lines before and behind all others; loose ones may stand between."""
    found: set[int] = set()
    for way in (lines, reversed(lines)):
        for line in way:
            if line.key in known:
                found.add(line.key)
            elif not line.loose:
                break
    return found


def shared_edges(one: Sequence[Line], other: Sequence[Line]) -> set[int]:
    """The keys of the lines that two texts have in common at their heads and tails."""
    ours, theirs = ({line.key for line in lines} for lines in (one, other))
    return at_edges(one, theirs) & at_edges(other, ours)


def without_furniture(lines: Sequence[Line], furniture: AbstractSet[int]) -> list[Line]:
    """The article's own lines. A heading that is furniture elsewhere heads prose of its own here;
    behind the article it goes, and so does what is loose among the furniture there."""
    last = len(lines)
    while last and (lines[last - 1].loose or lines[last - 1].key in furniture):
        last -= 1
    behind = lines[last:]
    first = next((at for at, line in enumerate(behind) if line.key in furniture), len(behind))
    return [
        *(line for line in lines[:last] if not (line.prose and line.key in furniture)),
        *behind[:first],
    ]


def countable(
    lines: Sequence[Line],
    known: Collection[int],
    furniture: AbstractSet[int],
    *,
    template: bool,
) -> Iterator[int]:
    """The keys to count, each once, of a text that opens a story.

    Of `known` lines, which stood in another story, only those at the edges: what else several
    articles have in common they quote. A `template`'s sibling shares with it what is furniture
    wherever it stands. A single line of prose is the article."""
    if sum(line.prose for line in lines) < 2:
        return
    own = [line for line in lines if line.key not in furniture]
    edges = at_edges(lines, known)
    keys = dict.fromkeys(line.key for line in (own if template else [*own[:HEAD], *own[-TAIL:]]))
    yield from (key for key in keys if template or key not in known or key in edges)
