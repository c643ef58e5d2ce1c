"""Find the story a text belongs to: candidates from the index, compared in full.

Order of arrival decides nothing but who is the lead, as far as one look back can see to it: a
text is compared with every candidate, and joins the nearest."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import Connection

from monitor.stories.reading import Reading
from monitor.stories.relation import UNRELATED, Likeness, Relation, relate

# Characters of prose whose readings are kept in memory, 24 bytes each: the articles of some days,
# in which copies of a story mostly arrive, or a few of a book's length.
SHELF = 1_500_000
# Two titles are one title from here up; the copies of one article are retitled, but less than
# the items of a round-up differ from each other.
SAME_TITLE = 60


@dataclass(frozen=True, slots=True)
class Known:
    """One text that was seen: an article's revision, and the story the article is in.

    `lead_id` is the story's first article. `relation` is the one the article came in with."""

    article_id: int
    story_id: int
    lead_id: int
    relation: Relation
    reading: Reading
    url: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """How a new text relates to the nearest one; `known` is None when it is new."""

    likeness: Likeness
    known: Known | None

    @property
    def joins(self) -> bool:
        """Whether the text belongs to `known`'s story."""
        return self.known is not None and self.likeness.relation.joins


NOTHING = Found(UNRELATED, None)

Load = Callable[[Connection, Sequence[int]], Iterable[Known]]


def find(connection: Connection, reading: Reading, articles: Sequence[int], load: Load) -> Found:
    """Find the nearest earlier text of `reading` among `articles`, the index's candidates.

    `load` gives the texts of some articles."""
    known = list(load(connection, articles)) if articles else []
    related = [Found(relate(reading, each.reading), each) for each in known]
    related = [each for each in related if each.likeness.relation is not Relation.NEW]
    for found in sorted(related, key=_nearest_first):
        if not found.joins or _may_join(connection, reading, found, load):
            return found
    return NOTHING


def _nearest_first(found: Found) -> tuple[bool, int, float, int]:
    """Joins before openings, then the nearer relation, the greater share, the earlier article."""
    assert found.known is not None
    likeness = found.likeness
    return (
        not likeness.relation.joins,
        likeness.relation.rank,
        -likeness.similarity,
        found.known.article_id,
    )


def _may_join(connection: Connection, reading: Reading, found: Found, load: Load) -> bool:
    """Keep chains apart: A, a round-up of A and B, then B must not put B into A's story.

    What joins through an article that is itself only partly the story's text must share text
    with the story's lead, or carry its title."""
    known = found.known
    assert known is not None
    if known.relation is not Relation.PARTIAL or found.likeness.relation is not Relation.PARTIAL:
        return True
    for lead in load(connection, [known.lead_id]):
        titles = (lead.reading.title, known.reading.title)
        if relate(reading, lead.reading).relation.joins:
            return True
        if any(fuzz.ratio(reading.title, title) >= SAME_TITLE for title in titles):
            return True
    return False


class Shelf:
    """The texts read last, so that a story's copies are not read again for each arrival.

    A text goes by its article and its number among the article's revisions."""

    def __init__(self, size: int = SHELF) -> None:
        self._left = self._size = size
        self._readings: OrderedDict[tuple[int, int], Reading] = OrderedDict()

    def get(self, article_id: int, number: int = 1) -> Reading | None:
        """The reading of a text, or None when it is not on the shelf."""
        reading = self._readings.get((article_id, number))
        if reading is not None:
            self._readings.move_to_end((article_id, number))
        return reading

    def put(self, article_id: int, number: int, reading: Reading) -> None:
        """Keep a reading; those unused for longest go when the shelf is full."""
        earlier = self._readings.pop((article_id, number), None)
        self._left += _weight(earlier) if earlier is not None else 0
        self._readings[article_id, number] = reading
        self._left -= _weight(reading)
        while self._left < 0:
            self._left += _weight(self._readings.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget all: after a rollback the same id may come to mean another text."""
        self._readings.clear()
        self._left = self._size


def _weight(reading: Reading) -> int:
    """What a reading takes of the shelf; one without prose takes something, too."""
    return len(reading.prose) + 100
