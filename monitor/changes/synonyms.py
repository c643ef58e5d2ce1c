"""Words that say the same, by groups (synonyms.tsv). Pure but for the reading of that file.

For one question: does a passage in other words still say what it said? Words that only steps of a
procedure or opposites tell apart are no synonyms; senses.py has those. All upon folded text."""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("synonyms.tsv")


@cache
def _groups() -> dict[str, frozenset[int]]:
    """The groups that each word is in."""
    found: dict[str, set[int]] = {}
    for group, line in enumerate(_FILE.read_text("utf-8").splitlines()):
        for word in () if line.startswith("#") else line.split():
            found.setdefault(word, set()).add(group)
    return {word: frozenset(groups) for word, groups in found.items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How long the words are that begin with each character, the longest first."""
    found: dict[str, set[int]] = {}
    for word in _groups():
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def groups_of(word: str) -> frozenset[int]:
    """What a word says, as groups that others are in too; empty for a word in none."""
    return _groups().get(word, frozenset())


def words_in(passage: str) -> Iterator[tuple[int, str]]:
    """Where each word of a group stands, the longest that begins there, also within others."""
    groups, lengths = _groups(), _lengths()
    for at, first in enumerate(passage):
        for length in lengths.get(first, ()):
            if (word := passage[at : at + length]) in groups:
                yield at, word
                break


@lru_cache(maxsize=16)
def groups_in(passage: str) -> frozenset[int]:
    """What the words of a passage say."""
    return frozenset(group for _, word in words_in(passage) for group in _groups()[word])


def words_apart(passage: str) -> Iterator[tuple[int, str]]:
    """The words of groups that a passage can be cut into from its beginning, the longest first."""
    end = 0
    for at, word in words_in(passage):
        if at >= end:
            yield at, word
            end = at + len(word)
