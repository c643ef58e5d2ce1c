"""Cluster documents from a file: the intake's story finding, with the index in memory.

Behind `lendwatch cluster`: a user tries it on a file, and anyone measures us with it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from monitor.store.models import Base
from monitor.stories.finder import PARTS, Found, Known, find
from monitor.stories.furniture import TABLE, FurnitureBatch, candidates
from monitor.stories.index import TABLES, IndexBatch
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Likeness, Relation
from monitor.stories.shelf import Shelf
from seeds.match import Matcher


@dataclass(frozen=True, slots=True)
class Document:
    """One text to cluster, under the caller's own id."""

    id: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Clustered:
    """Where a document belongs. `story` is the id of the story's first document; `of` names the
    earlier document that `relation` is to, None for a new one; `similarity` is containment."""

    id: str
    story: str
    relation: Relation
    of: str | None
    similarity: float


def cluster(documents: Iterable[Document], matcher: Matcher) -> Iterator[Clustered]:
    """Tell the story of each document, in arrival order, each compared with those before it.

    Told when all are read: a later document may show that two earlier ones are of one story."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        Base.metadata.create_all(connection, tables=[*TABLES, TABLE])
        seen = _Seen(matcher)
        for number, document in enumerate(documents):
            reading = seen.read(document)
            fingerprint = reading.fingerprint()
            index = IndexBatch(connection, [fingerprint])
            learned = FurnitureBatch(connection, [reading])
            furniture = learned.at("")  # no document tells its site
            articles = candidates(index, reading, fingerprint, furniture)
            found = find(connection, reading, articles, seen, furniture)
            index.add(number, fingerprint)
            index.write()
            learned.learn("", reading, found)
            learned.write()
            seen.add(document, reading, found)
    engine.dispose()
    yield from seen.told()


@dataclass(frozen=True, slots=True)
class _Place:
    """What is kept of a document: enough to read it again, and how it came in."""

    document: Document
    likeness: Likeness
    of: int | None


class _Seen:
    """The documents so far. Readings are large, so only the last ones are kept ready."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._places: list[_Place] = []
        self._story: list[int] = []  # of each document, by their numbers
        self._members: dict[int, list[int]] = {}
        self._parts: dict[int, list[int]] = defaultdict(list)
        self._shelf = Shelf()

    def read(self, document: Document) -> Reading:
        """Read a document's text."""
        matches = self._matcher.match(document.title, document.body)
        return read(document.title, document.body, matches)

    def stories(self, _connection: Connection, numbers: Sequence[int]) -> Mapping[int, int]:
        """The story of each of some documents, by their number."""
        return {number: self._story[number] for number in numbers}

    def load(self, _connection: Connection, numbers: Sequence[int]) -> Iterator[Known]:
        """Give the texts of some documents, by their number."""
        for number in numbers:
            place = self._places[number]
            reading = self._shelf.get(number)
            if reading is None:
                reading = self.read(place.document)
                self._shelf.put(number, 1, reading)
            story = self._story[number]
            yield Known(number, story, story, place.likeness.relation, reading, place.of)

    def parts(self, connection: Connection, known: Known) -> Iterator[Known]:
        """What a document came to as `partial`, and the first that came to it so."""
        came_to = known.of_id if known.relation is Relation.PARTIAL else None
        hosts = [] if came_to is None else [came_to]
        return self.load(connection, [*hosts, *self._parts[known.article_id][:PARTS]])

    def add(self, document: Document, reading: Reading, found: Found) -> None:
        """Remember where a document belongs."""
        number = len(self._places)
        of = found.known.article_id if found.known else None
        story = found.known.story_id if found.known and found.joins else number
        self._places.append(_Place(document, found.likeness, of))
        self._note_part(number)
        self._story.append(story)
        self._members.setdefault(story, []).append(number)
        self._shelf.put(number, 1, reading)
        if found.bound:
            self._merge(number, found.bound)

    def _merge(self, number: int, leads: Sequence[Found]) -> None:
        """Make one story of several, as document `number` shows. What opened the later ones is
        from now on related to that document."""
        into = min(self._story[each.known.article_id] for each in leads if each.known)
        for lead in leads:
            assert lead.known is not None
            away = lead.known.article_id
            if away == into:
                continue
            for each in self._members.pop(away):
                self._story[each] = into
                self._members[into].append(each)
            self._places[away] = _Place(self._places[away].document, lead.likeness, number)
            self._note_part(away)
        self._members[into].sort()

    def _note_part(self, number: int) -> None:
        place = self._places[number]
        if place.of is not None and place.likeness.relation is Relation.PARTIAL:
            self._parts[place.of].append(number)

    def told(self) -> Iterator[Clustered]:
        """Tell each document's place under the caller's ids."""
        for place, story in zip(self._places, self._story, strict=True):
            yield Clustered(
                id=place.document.id,
                story=self._places[story].document.id,
                relation=place.likeness.relation,
                of=self._places[place.of].document.id if place.of is not None else None,
                similarity=place.likeness.similarity,
            )
