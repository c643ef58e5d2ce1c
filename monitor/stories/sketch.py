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


def unpacked(article_id: int, sketch: bytes) -> Iterator[Earlier]:
    """Read back what `packed` wrote of article `article_id`."""
    position = 0
    while position < len(sketch):
        pairs, facts, rest = _HEAD.unpack_from(sketch, position)
        position += _HEAD.size
        middle = position + 2 * pairs
        end = middle + 8 * facts
        yield Earlier(
            article_id,
            frozenset(array("H", sketch[position:middle])),
            frozenset(array("q", sketch[middle:end])),
            soft=bool(rest & _SOFT),
            negations=rest & _MOST_DENIALS,
        )
        position = end


def _packed(each: Statement) -> bytes:
    facts = sorted(each.facts | each.days)[:_MOST_FACTS]
    rest = min(each.told.negations, _MOST_DENIALS) | (_SOFT if each.told.soft else 0)
    head = _HEAD.pack(len(each.pairs), len(facts), rest)
    return b"".join((head, array("H", sorted(each.pairs)).tobytes(), array("q", facts).tobytes()))
