"""The near-duplicate index in the store: only writer of `fingerprint`; its entries are in `runs`.

An entry says that an article holds a shingle. Entries are only added: after an edit the old text's
shingles stay, because a repost of the old text belongs to the story as well. What the index
answers are candidates; `relation` decides on the full texts."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, delete, insert, select, update

from monitor.store.models import Base, FingerprintRow, IndexPageRow, IndexRunRow
from monitor.stories.entries import (
    CROWDED,
    LONGEST,
    NO_ENTRIES,
    Entries,
    article_of,
    crowded,
    length_of,
    merge,
    texts_of,
)
from monitor.stories.fingerprint import Fingerprint
from monitor.stories.likely import Answer, Likely, ask, likely
from monitor.stories.runs import Runs

__all__ = ["CROWDED", "EQUALS", "TABLES", "IndexBatch", "LookUp", "replace_index"]

# What the index is stored in.
TABLES = [
    Base.metadata.tables[row.__tablename__] for row in (FingerprintRow, IndexRunRow, IndexPageRow)
]
# How many candidates are named, the likeliest first. The finder compares a dozen of them, and of no
# story more than a few.
CANDIDATES = 48
# Rows of it that are copied at a time.
_COPIED = 5_000
# Texts that are asked for in one statement.
_AT_ONCE = 900


# The earliest articles with each of these texts, no more than are compared. Past SQLAlchemy, which
# takes ten times as long to name the texts as the store to look.
EQUALS = """
SELECT folded_hash, article_id FROM (
    SELECT folded_hash, article_id,
        row_number() OVER (PARTITION BY folded_hash ORDER BY article_id) AS place
    FROM fingerprint WHERE folded_hash IN ({})
) AS ranked WHERE place <= {} ORDER BY article_id
"""
_ADD_FINGERPRINTS = insert(FingerprintRow)


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the index knows of a text: the articles most likely to carry it, the likeliest first,
    and whether one of them carries exactly it."""

    articles: Sequence[int]
    equal: bool


class IndexBatch:
    """The index as a batch of texts sees it: what the store holds for any of them is fetched at
    once, what the batch adds is seen by its later texts, and stored by `write`.

    Answered from keys and sorted runs, at the same cost whatever the size of the store."""

    def __init__(self, connection: Connection, fingerprints: Sequence[Fingerprint]) -> None:
        self._connection = connection
        self._runs = Runs(connection)
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._likely: dict[Fingerprint, Likely] = {}  # articles in the store
        self._fellows: dict[Fingerprint, Likely] = {}  # texts of the batch, by their place in it
        self._places: dict[Fingerprint, int] = {}
        self._articles: dict[int, int] = {}  # of the texts that were added, by place
        self._own = NO_ENTRIES  # of the batch's texts, by place
        self._fingerprints: list[dict[str, Any]] = []
        self._added: list[int] = []  # places
        for text, article_id in self._equals({each.folded_hash for each in fingerprints}):
            self._equal[text].append(article_id)
        # A text that is known word for word is looked up by that alone.
        self._ask([each for each in fingerprints if not self._equal.get(each.folded_hash)])

    def look_up(self, fingerprint: Fingerprint) -> LookUp:
        """Look a text up. Where an equal one is known, only articles with that text are named."""
        if equal := self._equal.get(fingerprint.folded_hash):
            return LookUp(equal[:CANDIDATES], equal=True)
        if fingerprint not in self._places:
            self._ask([fingerprint])
        scores = dict(self._likely[fingerprint])
        for place, score in self._fellows[fingerprint].items():
            if place in self._articles:
                scores[self._articles[place]] = score
        ranked = sorted(scores, key=lambda each: (-scores[each], each))
        return LookUp(ranked[:CANDIDATES], equal=False)

    def add(self, article_id: int, fingerprint: Fingerprint) -> None:
        """Put a new article's fingerprint into the index.

        A text that equals one already there adds no shingles: look-ups find the first one."""
        self._fingerprints.append({"article_id": article_id, **_columns(fingerprint)})
        if not self._equal.get(fingerprint.folded_hash):
            self._add_shingles(article_id, fingerprint)
        insort(self._equal[fingerprint.folded_hash], article_id)

    def renew(self, article_id: int, fingerprint: Fingerprint) -> None:
        """Add an edited article's new text; the old text's shingles stay."""
        self._connection.execute(
            update(FingerprintRow)
            .where(FingerprintRow.article_id == article_id)
            .values(**_columns(fingerprint))
        )
        for holders in self._equal.values():
            if article_id in holders:
                holders.remove(article_id)
        self._add_shingles(article_id, fingerprint)
        insort(self._equal[fingerprint.folded_hash], article_id)

    def write(self) -> None:
        """Store what was added."""
        if self._fingerprints:
            self._connection.execute(_ADD_FINGERPRINTS, self._fingerprints)
        if self._added:
            places = article_of(self._own.texts)
            articles = np.zeros(len(self._places), np.int64)
            articles[self._added] = [self._articles[each] for each in self._added]
            added = np.isin(places, self._added)
            texts = texts_of(articles[places], length_of(self._own.texts))
            self._runs.add(Entries(self._own.hashes[added], texts[added]))
        self._fingerprints, self._added = [], []

    def _ask(self, fingerprints: Sequence[Fingerprint]) -> None:
        """Know who is likely to carry these texts, in the store and in the batch."""
        unknown = [each for each in fingerprints if each not in self._places]
        if not unknown:
            return
        asked = ask(unknown)
        answer = self._runs.look_up(asked)
        self._likely.update(zip(unknown, likely(asked, answer), strict=True))
        first = len(self._places)
        self._places.update({each: first + place for place, each in enumerate(unknown)})
        # What is crowded is not added: a look-up names CROWDED articles for it as it is.
        lengths = np.minimum(asked.lengths, LONGEST)
        own = Entries(asked.hashes, texts_of(first + asked.owners, lengths[asked.owners]))
        self._own = merge([self._own, own.without(answer.crowded)])
        repeated = self._own.repeated()
        fellows = likely(asked, Answer(repeated, crowded(repeated)))
        self._fellows.update(zip(unknown, fellows, strict=True))

    def _add_shingles(self, article_id: int, fingerprint: Fingerprint) -> None:
        if fingerprint not in self._places:
            self._ask([fingerprint])
        place = self._places[fingerprint]
        self._articles[place] = article_id
        self._added.append(place)

    def _equals(self, texts: AbstractSet[str]) -> Iterator[Any]:
        """The articles with any number of texts, in statements that the store takes."""
        ordered = sorted(texts)
        for start in range(0, len(ordered), _AT_ONCE):
            # Digests of our own: nothing in them needs quoting.
            listed = ",".join(f"'{each}'" for each in ordered[start : start + _AT_ONCE])
            yield from self._connection.exec_driver_sql(EQUALS.format(listed, CANDIDATES))


def replace_index(connection: Connection, other: Connection) -> None:
    """Put a scratch store's index in place of this one's, in the caller's transaction."""
    for table in TABLES:
        connection.execute(delete(table))
        ordered = select(table).order_by(*table.primary_key)
        rows = other.execute(ordered, execution_options={"yield_per": _COPIED})
        for chunk in rows.partitions():
            _insert_rows(connection, table, [tuple(each) for each in chunk])


def _insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows past SQLAlchemy, which takes three times as long for a shingle as the store."""
    into = f"{table.name} ({', '.join(table.columns.keys())})"
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join("?" * len(table.columns))
        connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({places})", rows)  # noqa: S608


def _columns(fingerprint: Fingerprint) -> dict[str, Any]:
    return {
        "folded_hash": fingerprint.folded_hash,
        "shingle_count": fingerprint.shingle_count,
        "sampled_count": len(fingerprint.sampled),
        "method": fingerprint.method,
    }
