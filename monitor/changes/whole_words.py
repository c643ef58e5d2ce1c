"""The whole word that a difference of a character or two is a part of, to be quoted. Pure.

「优米钱包」改为「优享钱包」 is read at once, 优「米」改为「享」 is not."""

from monitor.changes.naming import place_of
from monitor.changes.proper_names import name_span
from monitor.changes.senses import Place
from monitor.changes.sides import Run, Side
from monitor.changes.synonyms import words_in

# What is longer is quoted as it is.
LONGEST = 2
# A word begins at most so far before what differs, and ends so far behind it.
_NEAR = 5


def whole_words(old: Side, new: Side, run: Run) -> Run:
    """A run with what belongs to its word in either version and is the same in both."""
    if max(run[1] - run[0], run[3] - run[2]) > LONGEST:
        return run
    words = [_word(place_of(old, *run[:2])), _word(place_of(new, *run[2:]))]
    first, last, begin, end = run
    while _is_one_more(old, new, (first - 1, begin - 1), words, +1):
        first, begin = first - 1, begin - 1
    while _is_one_more(old, new, (last, end), words, -1):
        last, end = last + 1, end + 1
    return first, last, begin, end


def _is_one_more(
    old: Side, new: Side, at: tuple[int, int], words: list[tuple[int, int]], step: int
) -> bool:
    """Whether the next token to one side is the same in both, follows without a mark and belongs to
    the word in one of them."""
    belongs = False
    for side, place, (begins, ends) in zip((old, new), at, words, strict=True):
        if not (0 <= place < len(side.tokens) and 0 <= place + step < len(side.tokens)):
            return False
        here, beside = (side.tokens[each] for each in sorted((place, place + step)))
        if here.end != beside.start:
            return False
        token = side.tokens[place]
        belongs = belongs or (begins <= token.start and token.end <= ends)
    return belongs and old.tokens[at[0]].key == new.tokens[at[1]].key


def _word(place: Place) -> tuple[int, int]:
    """From where to where the name or else the longest listed word stands that has something of a
    place; an empty range for none."""
    text, start, end = place
    if start == end:
        return start, start
    begins, ends = name_span(text, start, end)
    if begins < ends:
        return begins, ends
    first = max(0, start - _NEAR)
    spans = (
        (first + at, first + at + len(word)) for at, word in words_in(text[first : end + _NEAR])
    )
    found = [each for each in spans if each[0] < end and start < each[1]]
    return max(found, key=lambda each: each[1] - each[0], default=(start, start))
