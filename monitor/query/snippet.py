"""Show why a text was found: where the terms stand in it, and a piece around them. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.query.terms import Phrase
from seeds.fold import fold, loosened

# About three lines in a terminal; what stands before the first match needs less room.
LENGTH = 120
LEAD = 30

Span = tuple[int, int]

_WORD = r"[^\W_\u2e80-\U0010ffff]"
# What the index skips between two tokens.
_BETWEEN = r"[\W_]*+"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of the original text, on one line; `matches` are [start, end) offsets in it."""

    text: str
    matches: tuple[Span, ...] = ()


def find(text: str, phrases: Sequence[Phrase]) -> tuple[Span, ...]:
    """Find where `phrases` stand in the original `text`, in order, overlaps joined."""
    if not phrases or not text:
        return ()
    folded = fold(text)
    key = loosened(folded.text)
    spans = sorted(
        (folded.offsets[found.start()], folded.offsets[found.end() - 1] + 1)
        for phrase in phrases
        for found in _pattern(phrase).finditer(key)
    )
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def cut(text: str, matches: Sequence[Span], length: int = LENGTH) -> Snippet:
    """Cut the piece of `text` that shows most of `matches`: the first such, else the beginning."""
    start = max(0, _densest(matches, length - LEAD) - LEAD) if matches else 0
    start = max(0, min(start, len(text) - length))
    end = start + length
    # One character for one, so that offsets hold.
    piece = re.sub(r"\s", " ", text[start:end])
    inside = tuple(
        (max(a, start) - start, min(b, end) - start) for a, b in matches if a < end and b > start
    )
    return Snippet(piece, inside)


def _densest(matches: Sequence[Span], width: int) -> int:
    best = best_count = 0
    last = 0
    for first, (start, _) in enumerate(matches):
        while last < len(matches) and matches[last][1] <= start + width:
            last += 1
        if last - first > best_count:
            best, best_count = start, last - first
    return best if best_count else matches[0][0]


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    # A Han character is a token wherever it stands, a word only when no more of it follows.
    return re.compile(
        _BETWEEN.join(
            re.escape(token)
            if ord(token[0]) >= 0x2E80
            else rf"(?<!{_WORD}){re.escape(token)}(?!{_WORD})"
            for token in phrase
        )
    )
