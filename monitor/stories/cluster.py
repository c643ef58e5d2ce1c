"""Cluster documents from a file: the intake's story finding, with the index in memory.

Behind `lendwatch cluster`: a user tries it on a file, and anyone measures us with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from monitor.store.models import Base
from monitor.stories.finder import Found, Known, Shelf, find
from monitor.stories.index import TABLES, IndexBatch
from monitor.stories.reading import Reading, read
from monitor.stories.relation import Relation
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
    """Tell the story of each document, in arrival order, each compared with those before it."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        Base.metadata.create_all(connection, tables=TABLES)
        seen = _Seen(matcher)
        for number, document in enumerate(documents):
            reading = seen.read(document)
            fingerprint = reading.fingerprint()
            index = IndexBatch(connection, [fingerprint])
            found = find(connection, reading, index.look_up(fingerprint).articles, seen.load)
            index.add(number, fingerprint)
            index.write()
            yield seen.add(document, reading, found)
    engine.dispose()


@dataclass(frozen=True, slots=True)
class _Place:
    """What is kept of a document: enough to read it again, and where it ended up."""

    document: Document
    story: int
    relation: Relation


class _Seen:
    """The documents so far. Readings are large, so only the last ones are kept ready."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._places: list[_Place] = []
        self._shelf = Shelf()

    def read(self, document: Document) -> Reading:
        """Read a document's text."""
        matches = self._matcher.match(document.title, document.body)
        return read(document.title, document.body, matches)

    def load(self, _connection: Connection, numbers: Sequence[int]) -> Iterator[Known]:
        """Give the texts of some documents, by their number."""
        for number in numbers:
            place = self._places[number]
            reading = self._shelf.get(number)
            if reading is None:
                reading = self.read(place.document)
                self._shelf.put(number, 1, reading)
            yield Known(number, place.story, place.story, place.relation, reading)

    def add(self, document: Document, reading: Reading, found: Found) -> Clustered:
        """Remember where a document belongs, and tell it under the caller's ids."""
        number = len(self._places)
        relation = found.likeness.relation
        story = found.known.story_id if found.known and found.joins else number
        self._places.append(_Place(document, story, relation))
        self._shelf.put(number, 1, reading)
        return Clustered(
            id=document.id,
            story=self._places[story].document.id,
            relation=relation,
            of=self._places[found.known.article_id].document.id if found.known else None,
            similarity=found.likeness.similarity,
        )
