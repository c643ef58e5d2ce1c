"""Cluster the stored articles anew, in the order in which they came, with today's method.

The decisions are the intake's own: the same reading, index and finder, which know of each text
only what had arrived before it. Only where they look is another: a scratch store."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, select, tuple_, update

from crawler.log.tables import ArticleLogRow
from monitor.store.models import RevisionRow
from monitor.stories.finder import PARTS, Found, Known, find
from monitor.stories.furniture import FurnitureBatch, candidates
from monitor.stories.index import IndexBatch
from monitor.stories.reading import Reading, read_folded
from monitor.stories.relation import Relation
from monitor.stories.scratch import PLACES, TEXTS
from monitor.stories.shelf import Shelf
from seeds.match import Matcher
from seeds.match.texts import read_article

# As many as the intake takes in at a time, for the same reason: what the index is asked for all
# of them at once.
BATCH = 200

_KEY = tuple_(TEXTS.c.seen_at, TEXTS.c.article_id, TEXTS.c.number)
_ORDERED = select(TEXTS).order_by(TEXTS.c.seen_at, TEXTS.c.article_id, TEXTS.c.number).limit(BATCH)
_NEXT = _ORDERED.where(
    tuple_(bindparam("seen_at", type_=TEXTS.c.seen_at.type), bindparam("a"), bindparam("n")) < _KEY
)
_TEXTS = (
    select(RevisionRow.id, RevisionRow.title, RevisionRow.body, ArticleLogRow.boilerplate)
    .outerjoin(ArticleLogRow, ArticleLogRow.id == RevisionRow.log_id)
    .where(RevisionRow.id.in_(bindparam("ids", expanding=True)))
)
_PLACES = select(PLACES).where(PLACES.c.article_id.in_(bindparam("ids", expanding=True)))
_PLACE = update(PLACES).where(PLACES.c.article_id == bindparam("id"))
_ARRIVED = _PLACE.values(
    {
        name: bindparam(f"new_{name}")
        for name in (
            "position", "title", "first_revision", "last_revision", "last_number", "edition",
            "lead", "relation", "of", "similarity",
        )
    }
)  # fmt: skip
_RELATED = _PLACE.values(
    {name: bindparam(f"new_{name}") for name in ("relation", "of", "similarity")}
)
_MERGED = update(PLACES).where(PLACES.c.lead == bindparam("away")).values(lead=bindparam("into"))
_PARTS = (
    select(PLACES.c.article_id)
    .where(
        PLACES.c.lead == bindparam("story_id"),
        PLACES.c.of == bindparam("article_id"),
        PLACES.c.relation == Relation.PARTIAL.value,
    )
    .order_by(PLACES.c.position)
    .limit(PARTS)
)
_EDITED = _PLACE.values(
    {name: bindparam(f"new_{name}") for name in ("last_revision", "last_number", "edition")}
)


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of an article, ready to be compared."""

    article_id: int
    number: int
    revision_id: int
    title: str
    site: str
    reading: Reading


class Replay:
    """Goes over the texts that `copy_store` noted down, and notes each article's place beside it.

    Never more in memory than a batch and the shelf, however many there are."""

    def __init__(self, engine: Engine, scratch: Connection, matcher: Matcher) -> None:
        self._engine = engine
        self._scratch = scratch
        self._texts = _Texts(scratch, matcher)
        self._position = 0

    def run(self) -> Iterator[int]:
        """Take one batch of texts after another; gives how many were in it."""
        query: Any = _ORDERED
        after: dict[str, object] = {}
        while steps := self._scratch.execute(query, after).all():
            with self._engine.connect().execution_options(lendwatch_read=True) as store:
                self._take(store, steps)
            self._scratch.commit()
            yield len(steps)
            last = steps[-1]
            query = _NEXT
            after = {"seen_at": last.seen_at, "a": last.article_id, "n": last.number}

    def _take(self, store: Connection, steps: Sequence[Row[Any]]) -> None:
        texts = self._texts.arriving(store, steps)
        index = IndexBatch(self._scratch, [each.reading.fingerprint() for each in texts])
        furniture = FurnitureBatch(self._scratch, [each.reading for each in texts])
        for text in texts:
            if text.number == 1:
                self._arrive(text, index, furniture)
            else:
                self._edit(text, index)
        index.write()
        furniture.write()

    def _arrive(self, text: _Text, index: IndexBatch, learned: FurnitureBatch) -> None:
        fingerprint = text.reading.fingerprint()
        furniture = learned.at(text.site)
        articles = candidates(index, text.reading, fingerprint, furniture)
        found = find(self._scratch, text.reading, articles, self._texts, furniture)
        learned.learn(text.site, text.reading, found)
        index.add(text.article_id, fingerprint)
        self._position += 1
        lead = found.known.lead_id if found.known and found.joins else text.article_id
        place = {
            "position": self._position,
            "title": text.title,
            "first_revision": text.revision_id,
            "lead": lead,
            "relation": found.likeness.relation.value,
            "of": found.known.article_id if found.known else None,
            "similarity": found.likeness.similarity,
            **_last(text),
        }
        self._write(_ARRIVED, text.article_id, place)
        if found.bound:
            self._merge(text.article_id, found.bound)

    def _merge(self, article_id: int, leads: Sequence[Found]) -> None:
        """Make one cluster of those that an article shows to be one, as the intake does: the one
        whose lead came first takes the others in."""
        known = [(lead.known, lead.likeness) for lead in leads if lead.known is not None]
        positions = {
            row.article_id: row.position
            for row in self._scratch.execute(_PLACES, {"ids": [lead.lead_id for lead, _ in known]})
        }
        into = min(positions, key=positions.__getitem__)
        for lead, likeness in known:
            if lead.lead_id != into:
                self._scratch.execute(_MERGED, {"away": lead.lead_id, "into": into})
                place = {
                    "relation": likeness.relation.value,
                    "of": article_id,
                    "similarity": likeness.similarity,
                }
                self._write(_RELATED, lead.article_id, place)

    def _edit(self, text: _Text, index: IndexBatch) -> None:
        place = self._scratch.execute(_PLACES, {"ids": [text.article_id]}).one()
        if place.last_number is None or place.last_number > text.number:
            return  # logged out of order: a later text is known already
        if place.edition != text.reading.edition:
            index.write()  # the article may be of this very batch
            index.renew(text.article_id, text.reading.fingerprint())
        self._write(_EDITED, text.article_id, _last(text))

    def _write(self, statement: Any, article_id: int, values: Mapping[str, object]) -> None:
        named = {f"new_{name}": value for name, value in values.items()}
        self._scratch.execute(statement, {"id": article_id, **named})


def _last(text: _Text) -> dict[str, object]:
    return {
        "last_revision": text.revision_id,
        "last_number": text.number,
        "edition": text.reading.edition,
    }


class _Texts:
    """Reads texts from the store, and keeps the ones used last."""

    def __init__(self, scratch: Connection, matcher: Matcher) -> None:
        self._scratch = scratch
        self._matcher = matcher
        self._shelf = Shelf()
        self._store: Connection | None = None

    def arriving(self, store: Connection, steps: Sequence[Row[Any]]) -> list[_Text]:
        """The texts of a batch, in its order; until the next one, others come from `store` too."""
        self._store = store
        wanted = {each.revision_id: (each.article_id, each.number) for each in steps}
        ids = {"ids": [each.article_id for each in steps]}
        sites = {row.article_id: row.site for row in self._scratch.execute(_PLACES, ids)}
        titles: dict[int, str] = {}
        readings: dict[int, Reading] = {}
        for row in store.execute(_TEXTS, {"ids": list(wanted)}):
            titles[row.id] = row.title
            readings[row.id] = self._read(row)
            self._shelf.put(*wanted[row.id], readings[row.id])
        return [
            _Text(
                each.article_id,
                each.number,
                each.revision_id,
                titles[each.revision_id],
                sites[each.article_id],
                readings[each.revision_id],
            )
            for each in steps
            if each.revision_id in readings
        ]

    def stories(self, scratch: Connection, article_ids: Sequence[int]) -> dict[int, int]:
        """The cluster of each article, which goes by its lead."""
        places = scratch.execute(_PLACES, {"ids": article_ids})
        return {row.article_id: row.lead for row in places}

    def parts(self, scratch: Connection, known: Known) -> Iterator[Known]:
        """What an article came to as `partial`, and the first that came to it so and joined."""
        which = {"story_id": known.story_id, "article_id": known.article_id}
        parts = list(scratch.scalars(_PARTS, which))
        if known.relation is Relation.PARTIAL and known.of_id is not None:
            parts.insert(0, known.of_id)
        return self.load(scratch, parts)

    def load(self, scratch: Connection, article_ids: Sequence[int]) -> Iterator[Known]:
        """Give the texts of some articles as far as they have come: the last and the first one."""
        places = {row.article_id: row for row in scratch.execute(_PLACES, {"ids": article_ids})}
        wanted = {
            revision_id: (article_id, number)
            for article_id in article_ids
            for revision_id, number in _known_texts(places[article_id])
        }
        readings = self._readings(wanted)
        for revision_id, (article_id, _) in wanted.items():
            place = places[article_id]
            yield Known(
                article_id=article_id,
                story_id=place.lead,
                lead_id=place.lead,
                relation=Relation(place.relation),
                reading=readings[revision_id],
                of_id=place.of,
                url=place.url,
                site=place.site,
            )

    def _readings(self, wanted: Mapping[int, tuple[int, int]]) -> dict[int, Reading]:
        found: dict[int, Reading] = {}
        for revision_id, which in wanted.items():
            reading = self._shelf.get(*which)
            if reading is not None:
                found[revision_id] = reading
        missing = [each for each in wanted if each not in found]
        if missing:
            assert self._store is not None
            for row in self._store.execute(_TEXTS, {"ids": missing}):
                found[row.id] = self._read(row)
                self._shelf.put(*wanted[row.id], found[row.id])
        return found

    def _read(self, row: Any) -> Reading:
        """Read a text as the intake did: with what was cut off its page."""
        texts = read_article(row.title, row.body, row.boilerplate or "")
        matches = self._matcher.match_article(texts)
        return read_folded(texts.title.folded.text, row.body, texts.body.folded, matches)


def _known_texts(place: Row[Any]) -> Iterator[tuple[int, int]]:
    """Revision and number of an article's texts, the last one first."""
    if place.last_revision != place.first_revision:
        yield place.last_revision, place.last_number
    yield place.first_revision, 1
