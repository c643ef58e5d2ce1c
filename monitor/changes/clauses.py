"""A version's clauses, and what each speaks of and claims. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from monitor.changes.proper_names import persons_in
from monitor.changes.senses import sense, sides_taken
from monitor.changes.sides import Side
from monitor.changes.stated import FIGURES
from monitor.changes.synonyms import groups_of, words_apart
from monitor.changes.tokens import Fact, Token
from monitor.changes.wording import CLAUSE_END, EMPTY, NOT_WORDS

_SENTENCE_END = re.compile(r"[。!！?？\n]")

# A character, a group of synonyms, or a figure as it is written.
Feature = str | int


@dataclass(frozen=True)
class Clause:
    """A clause of one version: the how manieth it is, and in which sentence."""

    place: int
    sentence: int
    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def said(self) -> frozenset[Feature]:
        """What it speaks of but figures."""
        return said_in("".join(each.key for each in self.tokens if each.fact not in FIGURES))

    @cached_property
    def speaks(self) -> frozenset[Feature]:
        """What it speaks of, and its figures."""
        return self.said | {each.key for each in self.tokens if each.fact in FIGURES}

    @cached_property
    def denials(self) -> int:
        """How often it denies."""
        return sum(each.fact is Fact.NEGATION for each in self.tokens)

    @cached_property
    def sides(self) -> frozenset[tuple[int, int]]:
        """What it claims of what excludes each other."""
        return frozenset(sides_taken(self.text, 0, len(self.text)))

    @cached_property
    def names(self) -> frozenset[str]:
        """The platforms and people it names."""
        known = {each.key for each in self.tokens if each.fact is Fact.NAME}
        return frozenset(known.union(persons_in(self.text)))

    @cached_property
    def claims(self) -> bool:
        """Whether it states more than words do."""
        return bool(self.sides or self.names) or any(
            each.fact is not Fact.WORDING or sense(each.key) for each in self.tokens
        )


def said_in(passage: str) -> frozenset[Feature]:
    """What a passage speaks of: groups of synonyms, and characters that are no mere joints."""
    bare = NOT_WORDS.sub("", passage)
    said: set[Feature] = set(EMPTY.sub("", bare))
    for _, word in words_apart(bare):
        groups = groups_of(word)
        if groups and not EMPTY.fullmatch(word):
            said -= set(word)
            said.add(min(groups))
    return frozenset(said)


def clauses_of(side: Side, spans: Iterable[tuple[int, int]]) -> list[Clause]:
    """The clauses of these ranges of tokens."""
    found: list[Clause] = []
    sentence = 0
    for first, last in spans:
        begin = first
        for at in range(first, last):
            ends = at + 1 == last
            behind = "\n" if ends else side.folded[side.tokens[at].end : side.tokens[at + 1].start]
            if not CLAUSE_END.search(behind):
                continue
            tokens = tuple(side.tokens[begin : at + 1])
            text = side.folded[tokens[0].start : tokens[-1].end]
            found.append(Clause(len(found), sentence, text, tokens))
            begin = at + 1
            sentence += bool(_SENTENCE_END.search(behind))
    return found
