"""Words that say the same, by groups (synonyms.tsv). Pure but for the reading of that file.

For one question: does a passage in other words still say what it said? Words that only steps of a
procedure or opposites tell apart are no synonyms; senses.py has those. All upon folded text."""

import re
from collections.abc import Iterator
from functools import cache
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
def _words() -> re.Pattern[str]:
    """Each place where a word begins, the longest that begins there."""
    return re.compile(f"(?=({'|'.join(sorted(_groups(), key=len, reverse=True))}))")


def groups_of(word: str) -> frozenset[int]:
    """What a word says, as groups that others are in too; empty for a word in none."""
    return _groups().get(word, frozenset())


def words_in(passage: str) -> Iterator[tuple[int, str]]:
    """Where each word of a group stands, those within others included."""
    for match in _words().finditer(passage):
        yield match.start(), match[1]


def words_apart(passage: str) -> Iterator[tuple[int, str]]:
    """The words of groups that a passage can be cut into from its beginning, the longest first."""
    end = 0
    for at, word in words_in(passage):
        if at >= end:
            yield at, word
            end = at + len(word)
