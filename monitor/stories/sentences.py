"""The sentences that platforms' stories had: the only writer of `sentence_mark`, `sentence_sketch`,
`clause_spread` and `novelty`. Everything happens in the caller's transaction.

A mark is a hash of three characters mixed with a platform (a topic, where no platform is named): it
leads to the sentences of that platform's earlier stories that have it, by primary key alone.
What is stored are hashes and offsets, nothing a person could read."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from monitor.events import Event
from monitor.store.models import ClauseSpreadRow, NoveltyRow, SentenceMarkRow, SentenceSketchRow
from monitor.stories.arrival import Arrival
from monitor.stories.finder import Found
from monitor.stories.novelty import EVERYBODYS, Earlier, Known, Novelty, Standing, judge
from monitor.stories.relation import Relation
from monitor.stories.sketch import packed, unpacked
from monitor.stories.statements import Statement, hashed, statements

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
# SQLite's limit on bound variables was 999 for a long time.
_AT_ONCE = 900

# Built once, as all statements that are run for every article.
_HOLDERS = select(SentenceMarkRow.mark, SentenceMarkRow.article_id, SentenceMarkRow.number).where(
    SentenceMarkRow.mark.in_(bindparam("values", expanding=True))
)
_SPREAD = select(ClauseSpreadRow.clause, ClauseSpreadRow.subject).where(
    ClauseSpreadRow.clause.in_(bindparam("values", expanding=True))
)
_SKETCHES = select(SentenceSketchRow.article_id, SentenceSketchRow.sketch).where(
    SentenceSketchRow.article_id.in_(bindparam("values", expanding=True))
)
_ADD_MARKS = insert(SentenceMarkRow)
_ADD_SKETCHES = insert(SentenceSketchRow)
_ADD_CLAUSES = insert(ClauseSpreadRow)
_ADD_NOVELTY = insert(NoveltyRow)

Place = tuple[int, int]  # an article, and the number of one of its sentences


class Sentences:
    """The known sentences as a batch of articles sees them: what the batch adds is seen by its
    later articles, and stored by `write`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._held: dict[int, list[Place]] = {}
        self._spread: dict[int, set[int]] = {}
        self._sketches: dict[int, list[Earlier]] = {}
        self._marks: list[dict[str, int]] = []
        self._clauses: list[dict[str, int]] = []
        self._rows: list[dict[str, Any]] = []
        self._novelties: list[dict[str, Any]] = []

    def take(self, event: Event, arrival: Arrival, found: Found) -> Event:
        """Learn the sentences of a new article; give its event, with what is new in it if it
        opened a story.

        A copy says nothing new, and its sentences are known; only what a partial one has more
        than its story is learned."""
        article_id = event.article_id
        if found.joins and found.likeness.relation is not Relation.PARTIAL:
            return event
        novelty = self.judge(arrival, found)
        if novelty is None or article_id is None:
            return event
        self._learn(article_id, novelty, _salts(arrival))
        if found.joins:
            return event
        self._novelties.append(_row(article_id, novelty))
        return replace(event, details={**event.details, "novelty": details(novelty)})

    def judge(self, arrival: Arrival, found: Found) -> Novelty | None:
        """Say what is new in an article; None when it is about no platform and no topic."""
        salts = _salts(arrival)
        if not salts:
            return None
        texts = arrival.texts
        article = statements(texts.title.folded.text, texts.body.folded, arrival.matches)
        return judge(article, self._known(article, salts, found), arrival.understood.farm)

    def write(self) -> None:
        """Store what was kept."""
        for statement, rows in (
            (_ADD_MARKS, self._marks),
            (_ADD_SKETCHES, self._rows),
            (_ADD_CLAUSES, self._clauses),
            (_ADD_NOVELTY, self._novelties),
        ):
            if rows:
                self._connection.execute(statement, rows)
                rows.clear()

    def _known(self, article: Sequence[Statement], salts: Sequence[int], found: Found) -> Known:
        """What earlier stories have of an article about `salts`; the text it is a swapped or
        reshaped copy of counts as one of them, though it is about another platform."""
        facts = frozenset(chain.from_iterable(each.facts for each in article))
        marks = {mark for each in article for mark in each.marks} | facts
        self._hold({mark ^ salt for mark in marks for salt in salts} | set(salts))
        clauses = {clause for each in article for clause, _ in each.clauses}
        self._hold_clauses(clauses)
        of = () if found.known is None else (found.known.article_id, found.known.lead_id)
        places = [self._places(each, salts) for each in article]
        sketches = self._load(of, places)
        copied = [each for article_id in of for each in sketches.get(article_id, ())]
        return Known(
            any=bool(copied) or any(self._held.get(salt) for salt in salts),
            sentences={
                number: _candidates(statement, held, sketches, copied)
                for number, (statement, held) in enumerate(zip(article, places, strict=True))
            },
            facts=frozenset(each for each in facts if any(self._held.get(each ^ s) for s in salts))
            | frozenset(chain.from_iterable(each.facts for each in copied)),
            spread={each: len(self._spread[each] - set(salts)) for each in clauses},
        )

    def _places(self, statement: Statement, salts: Sequence[int]) -> Counter[Place]:
        """How many of a sentence's marks each earlier sentence has."""
        return Counter(
            place
            for mark in statement.marks
            for salt in salts
            for place in self._held[mark ^ salt]
            if place[1] != _NO_SENTENCE
        )

    def _load(
        self, of: Iterable[int], places: Iterable[Counter[Place]]
    ) -> Mapping[int, Sequence[Earlier]]:
        """The sketches of the articles most sentences lead to, and of those the text is from."""
        votes: Counter[int] = Counter()
        for each in places:
            votes.update({article_id for article_id, _ in each})
        wanted = {*of, *(article_id for article_id, _ in votes.most_common(ARTICLES))}
        for article_id, sketch in self._fetch(_SKETCHES, wanted - self._sketches.keys()):
            self._sketches[article_id] = list(unpacked(article_id, sketch))
        return {each: self._sketches[each] for each in wanted & self._sketches.keys()}

    def _learn(self, article_id: int, novelty: Novelty, salts: Sequence[int]) -> None:
        """Keep an article's sentences. Of one that is known only marks are added that lead
        nowhere yet: it may be known of another of the article's platforms only."""
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
            for clause, _ in each.statement.clauses:
                self._add_clause(clause, salts[0])
        article = [each.statement for each in novelty.sentences]
        sketch = packed(article)
        self._rows.append({"article_id": article_id, "sketch": sketch})
        self._sketches[article_id] = list(unpacked(article_id, sketch))

    def _add(self, mark: int, article_id: int, number: int, most: int) -> None:
        held = self._held.setdefault(mark, [])
        if len(held) < most and (article_id, number) not in held:
            held.append((article_id, number))
            self._marks.append({"mark": mark, "article_id": article_id, "number": number})

    def _add_clause(self, clause: int, subject: int) -> None:
        """Note that a platform's stories have a clause, until it is everybody's."""
        subjects = self._spread.setdefault(clause, set())
        if len(subjects) <= EVERYBODYS and subject not in subjects:
            subjects.add(subject)
            self._clauses.append({"clause": clause, "subject": subject})

    def _hold(self, marks: Collection[int]) -> None:
        unknown = {each for each in marks if each not in self._held}
        self._held.update((each, []) for each in unknown)
        for mark, article_id, number in self._fetch(_HOLDERS, unknown):
            self._held[mark].append((article_id, number))

    def _hold_clauses(self, clauses: AbstractSet[int]) -> None:
        unknown = clauses - self._spread.keys()
        self._spread.update((each, set()) for each in unknown)
        for clause, subject in self._fetch(_SPREAD, unknown):
            self._spread[clause].add(subject)

    def _fetch(self, statement: Any, values: Collection[int]) -> Iterator[Any]:
        """The rows for any number of values, in statements that SQLite takes."""
        ordered = sorted(values)
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            yield from self._connection.execute(statement, {"values": part}).all()


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


def _salts(arrival: Arrival) -> list[int]:
    return [hashed(each) for each in subjects_of(arrival)]


def details(novelty: Novelty) -> dict[str, Any]:
    """What the event of an opened story tells of it."""
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


def _candidates(
    statement: Statement,
    held: Counter[Place],
    sketches: Mapping[int, Sequence[Earlier]],
    copied: Sequence[Earlier],
) -> list[Earlier]:
    """The earlier sentences one is compared with: those with most of its marks, and of a text it
    may be a copy of the nearest."""
    found = [
        sketches[article_id][number]
        for (article_id, number), _ in held.most_common(CANDIDATES)
        if article_id in sketches
    ]
    nearest = sorted(copied, key=lambda each: -len(each.pairs & statement.pairs))
    return found + nearest[:CANDIDATES]
