"""An article's sentences as a few bytes each: enough to know them again, nothing to read. Pure.

Of each sentence, little-endian: how many pairs (16 bits), facts (8) and denials (7) it has, whether
it tells of an event (1), then its pairs (16 bits each) and its facts (64 bits each)."""

import struct
from array import array
from collections.abc import Iterator, Sequence

from monitor.stories.novelty import Earlier
from monitor.stories.statements import Statement

_HEAD = struct.Struct("<HBB")
_MOST_FACTS, _MOST_DENIALS, _SOFT = 255, 127, 128


def packed(article: Sequence[Statement]) -> bytes:
    """Write the sketch of an article's sentences, in their order."""
    return b"".join(map(_packed, article))


class Sketch:
    """A sketch that was stored, whose sentences are read when they are asked for."""

    __slots__ = ("_article_id", "_bytes", "_places", "_read")

    def __init__(self, article_id: int, stored: bytes) -> None:
        self._article_id = article_id
        self._bytes = stored
        self._places = list(_places(stored))
        self._read: dict[int, Earlier] = {}

    def __iter__(self) -> Iterator[Earlier]:
        return map(self.__getitem__, range(len(self._places)))

    def __getitem__(self, number: int) -> Earlier:
        earlier = self._read.get(number)
        if earlier is None:
            earlier = self._read[number] = self._sentence(number)
        return earlier

    def _sentence(self, number: int) -> Earlier:
        start = self._places[number]
        pairs, facts, rest = _HEAD.unpack_from(self._bytes, start)
        start += _HEAD.size
        middle = start + 2 * pairs
        return Earlier(
            self._article_id,
            frozenset(array("H", self._bytes[start:middle])),
            frozenset(array("q", self._bytes[middle : middle + 8 * facts])),
            soft=bool(rest & _SOFT),
            negations=rest & _MOST_DENIALS,
        )


def _places(stored: bytes) -> Iterator[int]:
    position = 0
    while position < len(stored):
        yield position
        pairs, facts, _ = _HEAD.unpack_from(stored, position)
        position += _HEAD.size + 2 * pairs + 8 * facts


def _packed(each: Statement) -> bytes:
    facts = sorted(each.facts | each.days)[:_MOST_FACTS]
    rest = min(each.told.negations, _MOST_DENIALS) | (_SOFT if each.told.soft else 0)
    head = _HEAD.pack(len(each.pairs), len(facts), rest)
    return b"".join((head, array("H", sorted(each.pairs)).tobytes(), array("q", facts).tobytes()))
