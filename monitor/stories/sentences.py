"""The sentences that platforms' stories had: the only writer of `sentence_mark`, `sentence_sketch`,
`clause_spread` and `novelty`. Everything happens in the caller's transaction.

A mark is a hash of three characters mixed with a platform (a topic, where no platform is named): it
leads to the sentences of that platform's earlier stories that have it, by primary key alone.
What is stored are hashes and offsets, nothing a person could read."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, insert

from monitor.events import Event, EventKind
from monitor.store.models import (
    Base,
    ClauseSpreadRow,
    NoveltyRow,
    SentenceMarkRow,
    SentenceSketchRow,
)
from monitor.store.rows import insert_integers
from monitor.stories.arrival import Arrival
from monitor.stories.finder import Found
from monitor.stories.novelty import EVERYBODYS, Earlier, Known, Novelty, Standing, judge
from monitor.stories.relation import Relation
from monitor.stories.sketch import Sketch, packed
from monitor.stories.statements import Statement, hashed, statements
from seeds.farm import FarmLikelihood

# Platforms (or topics) an article's sentences are kept for: a round-up's first few.
SUBJECTS = 3
# A mark of a platform is stored for so many sentences; a usual turn of phrase leads nowhere.
CROWDED = 4
# Earlier sentences that are compared with one, and earlier articles with all of an article's.
CANDIDATES = 6
ARTICLES = 12
# New sentences that are kept of one article.
MOST_NEW = 100
# What a mark that belongs to no sentence (a fact's, a platform's own) has for a number.
_NO_SENTENCE = -1
# Values in one statement: it stays far under the length that SQLite takes.
_AT_ONCE = 5_000

# Past SQLAlchemy, which takes longer to name the hashes than the store to look.
_HOLDERS = "SELECT mark, article_id, number FROM sentence_mark WHERE mark IN ({})"
_SPREAD = "SELECT clause, subject FROM clause_spread WHERE clause IN ({})"
_SKETCHES = "SELECT article_id, sketch FROM sentence_sketch WHERE article_id IN ({})"
_MARKS, _CLAUSES = (
    Base.metadata.tables[row.__tablename__] for row in (SentenceMarkRow, ClauseSpreadRow)
)
_ADD_SKETCHES = insert(SentenceSketchRow)
_ADD_NOVELTY = insert(NoveltyRow)

Place = tuple[int, int]  # an article, and the number of one of its sentences


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A new article whose sentences are to be judged and learned."""

    article_id: int
    article: Sequence[Statement]
    salts: Sequence[int]
    farm: FarmLikelihood
    found: Found

    @property
    def of(self) -> tuple[int, ...]:
        """The articles it is a copy of: the nearest one, and that one's lead."""
        known = self.found.known
        return () if known is None else (known.article_id, known.lead_id)


class Sentences:
    """The known sentences as a batch of articles sees them: what the store holds for any of them is
    fetched at once, what the batch adds is seen by its later articles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[int, list[Place]] = {}
        self._spread: dict[int, set[int]] = {}
        self._sketches: dict[int, Sketch] = {}
        self._waiting: list[_Waiting] = []
        self._marks: list[tuple[int, int, int]] = []
        self._clauses: list[tuple[int, int]] = []
        self._sketched: list[dict[str, Any]] = []
        self._novelties: list[dict[str, Any]] = []

    def add(self, article_id: int, arrival: Arrival, found: Found) -> None:
        """Take a new article in. A copy says nothing new, and its sentences are known; only what a
        partial one has more than its story is learned."""
        if found.joins and found.likeness.relation is not Relation.PARTIAL:
            return
        salts = [hashed(each) for each in subjects_of(arrival)]
        if salts:
            texts = arrival.texts
            article = statements(texts.title.folded.text, texts.body.folded, arrival.matches)
            farm = arrival.understood.farm
            self._waiting.append(_Waiting(article_id, article, salts, farm, found))

    def judge(self) -> dict[int, Novelty]:
        """Judge what was added, in order, each knowing those before it, and learn it. Gives what is
        new in each article that opened a story."""
        novelties: dict[int, Novelty] = {}
        self._prepare()
        for each in self._waiting:
            novelty = judge(each.article, self._known(each), each.farm)
            self._learn(each, novelty)
            if not each.found.joins:
                novelties[each.article_id] = novelty
                self._novelties.append(_row(each.article_id, novelty))
        self._waiting.clear()
        return novelties

    def write(self) -> None:
        """Store what was judged and learned."""
        for table, integers in ((_MARKS, self._marks), (_CLAUSES, self._clauses)):
            if integers:
                insert_integers(self._connection, table, integers)
        for statement, rows in ((_ADD_SKETCHES, self._sketched), (_ADD_NOVELTY, self._novelties)):
            if rows:
                self._connection.execute(statement, rows)
        for written in (self._marks, self._clauses, self._sketched, self._novelties):
            written.clear()

    def _prepare(self) -> None:
        """Fetch what the store holds for the articles that wait."""
        marks: set[int] = set()
        clauses: set[int] = set()
        for each in self._waiting:
            own = {mark for one in each.article for mark in chain(one.marks, one.facts)}
            for salt in each.salts:
                marks.add(salt)
                marks.update(mark ^ salt for mark in own)
            clauses.update(chain.from_iterable(map(_common, each.article)))
        unknown = marks - self._held.keys()
        self._held.update((each, []) for each in unknown)
        for mark, article_id, number in self._fetch(_HOLDERS, unknown):
            self._held[mark].append((article_id, number))
        unknown = clauses - self._spread.keys()
        self._spread.update((each, set()) for each in unknown)
        for clause, subject in self._fetch(_SPREAD, unknown):
            self._spread[clause].add(subject)
        wanted = {article_id for each in self._waiting for article_id in self._led_to(each)}
        for article_id, sketch in self._fetch(_SKETCHES, wanted - self._sketches.keys()):
            self._sketches[article_id] = Sketch(article_id, sketch)

    def _led_to(self, waiting: _Waiting) -> Iterator[int]:
        """The articles that an article's marks lead to most, and those it is a copy of."""
        votes: Counter[int] = Counter()
        for each in waiting.article:
            votes.update({article_id for article_id, _ in self._places(each, waiting.salts)})
        yield from (article_id for article_id, _ in votes.most_common(ARTICLES))
        yield from waiting.of

    def _known(self, waiting: _Waiting) -> Known:
        """What earlier stories have of an article; a text it is a swapped or reshaped copy of
        counts as one of them, though it is about another platform."""
        article, salts = waiting.article, waiting.salts
        copied = [
            each for one in waiting.of if one in self._sketches for each in self._sketches[one]
        ]
        facts = {fact for each in article for fact in each.facts}
        told = {each for each in facts if any(self._held[each ^ salt] for salt in salts)}
        return Known(
            any=bool(copied) or any(self._held[salt] for salt in salts),
            sentences={
                number: self._candidates(each, salts, copied) for number, each in enumerate(article)
            },
            facts=frozenset(told).union(*(each.facts for each in copied)),
            spread={
                clause: len(self._spread[clause] - set(salts))
                for each in article
                for clause in _common(each)
            },
        )

    def _candidates(
        self, statement: Statement, salts: Sequence[int], copied: Sequence[Earlier]
    ) -> list[Earlier]:
        """The earlier sentences one is compared with: those with most of its marks, and of a text
        it may be a copy of the nearest."""
        places = self._places(statement, salts).most_common(CANDIDATES)
        found = [
            self._sketches[article_id][number]
            for (article_id, number), _ in places
            if article_id in self._sketches
        ]
        if copied:
            nearest = sorted(copied, key=lambda each: -len(each.pairs & statement.pairs))
            found += nearest[:CANDIDATES]
        return found

    def _places(self, statement: Statement, salts: Sequence[int]) -> Counter[Place]:
        """How many of a sentence's marks each earlier sentence has."""
        held, places = self._held, Counter[Place]()
        for salt in salts:
            for mark in statement.marks:
                for place in held[mark ^ salt]:
                    if place[1] != _NO_SENTENCE:
                        places[place] += 1
        return places

    def _learn(self, waiting: _Waiting, novelty: Novelty) -> None:
        """Keep an article's sentences. Of one that is known only marks are added that lead
        nowhere yet: it may be known of another of the article's platforms only."""
        article_id, salts = waiting.article_id, waiting.salts
        for salt in salts:
            self._add(salt, article_id, _NO_SENTENCE, most=1)
        for number, each in enumerate(novelty.sentences):
            if each.standing not in {Standing.NEW, Standing.KNOWN}:
                continue
            most = CROWDED if each.standing is Standing.NEW else 1
            for salt in salts:
                for mark in each.statement.marks:
                    self._add(mark ^ salt, article_id, number, most)
                for fact in each.statement.facts:
                    self._add(fact ^ salt, article_id, _NO_SENTENCE, most=1)
            for clause in _common(each.statement):
                self._add_clause(clause, salts[0])
        sketch = packed(waiting.article)
        self._sketched.append({"article_id": article_id, "sketch": sketch})
        self._sketches[article_id] = Sketch(article_id, sketch)

    def _add(self, mark: int, article_id: int, number: int, most: int) -> None:
        held = self._held.setdefault(mark, [])
        if len(held) < most and (article_id, number) not in held:
            held.append((article_id, number))
            self._marks.append((mark, article_id, number))

    def _add_clause(self, clause: int, subject: int) -> None:
        """Note that a platform's stories have a clause, until it is everybody's."""
        subjects = self._spread.setdefault(clause, set())
        if len(subjects) <= EVERYBODYS and subject not in subjects:
            subjects.add(subject)
            self._clauses.append((clause, subject))

    def _fetch(self, query: str, values: Collection[int]) -> Iterator[Any]:
        """The rows for any number of values."""
        ordered = sorted(values)
        for start in range(0, len(ordered), _AT_ONCE):
            listed = ",".join(map(str, ordered[start : start + _AT_ONCE]))
            yield from self._connection.exec_driver_sql(query.format(listed)).all()


def subjects_of(arrival: Arrival) -> tuple[str, ...]:
    """The platforms whose stories an article's sentences belong to, the dominant one first; its
    topics where it names none; nothing where it is about nothing."""
    matches, counts = arrival.matches, arrival.reading.names.counts
    if not matches.platforms:
        gravest = sorted(matches.topics, key=lambda each: (-matches.topics[each].rank, each))
        return tuple(f"topic {each}" for each in gravest[:SUBJECTS])
    dominant = arrival.reading.names.dominant
    ranked = sorted(
        matches.platforms, key=lambda each: (each != dominant, -counts.get(each, 0), each)
    )
    return tuple(f"platform {each}" for each in ranked[:SUBJECTS])


def _common(statement: Statement) -> tuple[int, ...]:
    """What must stand with many platforms for a sentence to be everybody's."""
    return statement.gist, *statement.facts


def with_novelty(events: Sequence[Event], novelties: Mapping[int, Novelty]) -> list[Event]:
    """Tell in the event of each opened story what is new in its article."""
    told = []
    for event in events:
        novelty = novelties.get(event.article_id or 0)
        if event.kind is EventKind.STORY_OPENED and novelty is not None:
            details = {**event.details, "novelty": _details(novelty)}
            told.append(replace(event, details=details))
        else:
            told.append(event)
    return told


def _details(novelty: Novelty) -> dict[str, Any]:
    return {
        "verdict": novelty.verdict.value,
        "ground": novelty.ground.value,
        "share": novelty.share,
        "of_article_id": novelty.of_article_id,
        "new_sentences": len(novelty.new),
    }


def _row(article_id: int, novelty: Novelty) -> dict[str, Any]:
    new = [[each.statement.start, each.statement.end] for each in novelty.new]
    return {
        "article_id": article_id,
        "verdict": novelty.verdict.value,
        "ground": novelty.ground.value,
        "share": novelty.share,
        "of_article_id": novelty.of_article_id,
        "sentences": new[:MOST_NEW],
    }
