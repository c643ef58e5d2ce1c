"""Read the search box: words, "phrases", -exclusions and OR, as people write them."""

import re
from dataclasses import dataclass

from monitor.query.problems import QueryError
from monitor.store.search import tokens

# A query is typed by a person: 32 terms are plenty, and SQLite's expression depth is limited.
MAX_CHARACTERS = 1_000
MAX_TERMS = 32

Phrase = tuple[str, ...]

# Straight, curly and corner quotes; the closing one may be missing.
_PIECE = re.compile(
    r"(?P<minus>[-－−]?)(?:[\"“”„＂«「『](?P<quoted>[^\"“”„＂»」』]*)[\"“”„＂»」』]?|(?P<word>[^\s\"“”＂「『]+))"
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look for: every group must be met, by any of its phrases; no excluded phrase may.

    A phrase is its tokens, adjacent and in order. No groups: nothing is asked of the text."""

    groups: tuple[tuple[Phrase, ...], ...] = ()
    excluded: tuple[Phrase, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Every phrase that a hit is shown for."""
        return tuple(phrase for group in self.groups for phrase in group)


def parse_terms(query: str) -> Terms:
    """Read a query: spaces mean AND, OR (or |) joins its two neighbours, - excludes.

    `催收 用钱宝 OR 借呗 -广告` asks for 催收, and for one of the two names, without 广告. Anything else,
    brackets and stray quotes included, is read as the words in it; an empty query asks nothing
    of the text. QueryError: only exclusions, no letter or digit at all, or far too long."""
    if len(query) > MAX_CHARACTERS:
        raise QueryError(
            f"the query has {len(query)} characters; shorten it to {MAX_CHARACTERS} at most"
        )
    groups: list[list[Phrase]] = []
    excluded: list[Phrase] = []
    joins = False
    negated = False
    for piece in _PIECE.finditer(query):
        word = piece["word"]
        if word in {"AND", "&", "&&"}:
            continue
        if word in {"OR", "|", "||"}:
            joins = bool(groups)
            continue
        if word == "NOT":
            negated = True
            continue
        phrase = tuple(tokens(piece["quoted"] if word is None else word))
        if not phrase:
            continue
        if negated or piece["minus"]:
            excluded.append(phrase)
        elif joins:
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
        joins = negated = False
    terms = Terms(tuple(map(tuple, groups)), tuple(excluded))
    _check(query, terms)
    return terms


def _check(query: str, terms: Terms) -> None:
    if len(terms.phrases) + len(terms.excluded) > MAX_TERMS:
        raise QueryError(f"the query has more than {MAX_TERMS} terms; leave some out")
    if not terms.groups and terms.excluded:
        raise QueryError(f"{query!r} only excludes; add a word to look for")
    if not terms.groups and query.strip():
        raise QueryError(f"{query!r} has no letter or digit to look for; write a word")
