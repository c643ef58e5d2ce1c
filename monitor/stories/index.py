"""The near-duplicate index in the store: only writer of `fingerprint` and `shingle`.

A shingle's row says which article holds it. Rows are only added: after an edit the old text's
shingles stay, because a repost of the old text belongs to the story as well. What the index
answers are candidates; `relation` decides on the full texts."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from monitor.store.models import Base, FingerprintRow, ShingleRow
from monitor.stories.fingerprint import Fingerprint, level

# No shingle is stored for more articles than this: a stock phrase or a disclaimer would make
# every look-up walk half the index. 64 copies are enough to meet a story again, and a text that
# equals an earlier one is not stored twice at all.
CROWDED = 64
# How many candidates are compared in full. Behind the first dozen stand texts that share a phrase.
CANDIDATES = 48
# A candidate's sample must show this containment (half of what `relation` looks at, because a
# sample of 8 strays that far), and more than one shingle, or this many headings.
LIKELY = 0.06
LIKELY_SHINGLES = 2
LIKELY_HEADINGS = 3
# What the index consists of, those that others refer to first.
INDEX: Sequence[Table] = (
    Base.metadata.tables[FingerprintRow.__tablename__],
    Base.metadata.tables[ShingleRow.__tablename__],
)
# Rows of it that are copied at a time.
_COPIED = 5_000
# SQLite's limit on bound variables was 999 for a long time.
_AT_ONCE = 900


# Built once: building a statement with a hundred values costs more than running it.
HOLDERS = select(ShingleRow.hash, ShingleRow.article_id).where(
    ShingleRow.hash.in_(bindparam("hashes", expanding=True))
)
_RANKED = (
    select(
        FingerprintRow.folded_hash,
        FingerprintRow.article_id,
        func.row_number()
        .over(partition_by=FingerprintRow.folded_hash, order_by=FingerprintRow.article_id)
        .label("place"),
    )
    .where(FingerprintRow.folded_hash.in_(bindparam("texts", expanding=True)))
    .subquery()
)
# The earliest articles with each of these texts, no more than are compared.
EQUALS = (
    select(_RANKED.c.folded_hash, _RANKED.c.article_id)
    .where(_RANKED.c.place <= CANDIDATES)
    .order_by(_RANKED.c.article_id)
)
_COUNTS = select(FingerprintRow.article_id, FingerprintRow.shingle_count).where(
    FingerprintRow.article_id.in_(bindparam("ids", expanding=True))
)
_ADD_FINGERPRINTS = insert(FingerprintRow)
_ADD_SHINGLES = insert(ShingleRow)


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the index knows of a text: the articles most likely to carry it, the likeliest first,
    and whether one of them carries exactly it."""

    articles: Sequence[int]
    equal: bool


class IndexBatch:
    """The index as a batch of texts sees it: what the store holds for any of them is fetched at
    once, what the batch adds is seen by its later texts, and stored by `write`.

    Answered from the primary keys and one index, whatever the size of the store."""

    def __init__(self, connection: Connection, fingerprints: Sequence[Fingerprint]) -> None:
        self._connection = connection
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._held: dict[int, list[int]] = defaultdict(list)
        self._asked: set[int] = set()  # shingles whose holders are known; most have none
        self._counts: dict[int, int] = {}
        self._fingerprints: list[dict[str, Any]] = []
        self._shingles: list[dict[str, int]] = []
        for text, article_id in self._fetch(EQUALS, "texts", {f.folded_hash for f in fingerprints}):
            self._equal[text].append(article_id)
        # A text that is known word for word is looked up by that alone.
        new = [each for each in fingerprints if not self._equal.get(each.folded_hash)]
        self._hold({each for fingerprint in new for each in _hashes(fingerprint)})

    def look_up(self, fingerprint: Fingerprint) -> LookUp:
        """Look a text up. Where an equal one is known, only articles with that text are named."""
        if equal := self._equal.get(fingerprint.folded_hash):
            return LookUp(equal[:CANDIDATES], equal=True)
        self._hold(_hashes(fingerprint))
        headings = self._count(fingerprint.headings)
        siblings = {each for each, hits in headings.items() if hits >= LIKELY_HEADINGS}
        shingles = self._count(fingerprint.sampled)
        likely = {each: hits for each, hits in shingles.items() if hits >= LIKELY_SHINGLES}
        scores = self._containments(fingerprint, likely)
        kept = {each for each, score in scores.items() if score >= LIKELY} | siblings
        ranked = sorted(kept, key=lambda each: (-scores.get(each, 0.0), each))
        return LookUp(ranked[:CANDIDATES], equal=False)

    def add(self, article_id: int, fingerprint: Fingerprint) -> None:
        """Put a new article's fingerprint into the index.

        A text that equals one already there adds no shingles: look-ups find the first one."""
        self._fingerprints.append({"article_id": article_id, **_columns(fingerprint)})
        if not self._equal.get(fingerprint.folded_hash):
            self._add_shingles(article_id, fingerprint)
        self._know(article_id, fingerprint)

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
        self._know(article_id, fingerprint)

    def write(self) -> None:
        """Store what was added."""
        for statement, rows in (
            (_ADD_FINGERPRINTS, self._fingerprints),
            (_ADD_SHINGLES, self._shingles),
        ):
            if rows:
                self._connection.execute(statement, rows)
        self._fingerprints, self._shingles = [], []

    def _know(self, article_id: int, fingerprint: Fingerprint) -> None:
        insort(self._equal[fingerprint.folded_hash], article_id)
        self._counts[article_id] = fingerprint.shingle_count

    def _hold(self, hashes: AbstractSet[int]) -> None:
        """Know the articles that hold each of these shingles, at most CROWDED for each."""
        unknown = hashes - self._asked
        self._asked |= unknown
        for shingle, article_id in self._fetch(HOLDERS, "hashes", unknown):
            self._held[shingle].append(article_id)

    def _add_shingles(self, article_id: int, fingerprint: Fingerprint) -> None:
        self._hold(_hashes(fingerprint))
        for each in sorted(_hashes(fingerprint)):
            holders = self._held[each]
            if len(holders) < CROWDED and article_id not in holders:
                holders.append(article_id)
                self._shingles.append({"hash": each, "article_id": article_id})

    def _containments(self, fingerprint: Fingerprint, hits: Mapping[int, int]) -> dict[int, float]:
        """Estimate from shared samples how much of the shorter text each candidate shares.

        Of two samples only what lies below the sparser one's threshold is comparable."""
        ids = sorted(hits, key=hits.__getitem__, reverse=True)[:_AT_ONCE]
        self._counts.update(self._fetch(_COUNTS, "ids", set(ids) - self._counts.keys()))
        own = level(fingerprint.shingle_count)
        found: dict[int, float] = {}
        for article_id, count in ((each, self._counts[each]) for each in ids):
            shorter = min(fingerprint.shingle_count, count)
            found[article_id] = hits[article_id] / max(1.0, shorter / 2 ** max(own, level(count)))
        return found

    def _count(self, hashes: Sequence[int]) -> Counter[int]:
        """How many of these shingles each article holds."""
        held = filter(None, map(self._held.get, hashes))
        return Counter(chain.from_iterable(held))

    def _fetch(
        self, statement: Any, name: str, values: AbstractSet[Any]
    ) -> Iterator[tuple[Any, Any]]:
        """The rows for any number of values, in statements that SQLite takes."""
        ordered = sorted(values)
        for start in range(0, len(ordered), _AT_ONCE):
            found = self._connection.execute(statement, {name: ordered[start : start + _AT_ONCE]})
            yield from found.all()


def replace_index(connection: Connection, other: Connection) -> None:
    """Put a scratch store's index in place of this one's, in the caller's transaction."""
    for table in INDEX:
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


def _hashes(fingerprint: Fingerprint) -> set[int]:
    return {*fingerprint.sampled, *fingerprint.headings}


def _columns(fingerprint: Fingerprint) -> dict[str, Any]:
    return {
        "folded_hash": fingerprint.folded_hash,
        "shingle_count": fingerprint.shingle_count,
        "sampled_count": len(fingerprint.sampled),
        "method": fingerprint.method,
    }
