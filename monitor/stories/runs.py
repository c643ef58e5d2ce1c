"""The index's entries in the store, as sorted runs: only writer of `index_run` and `index_page`.

As rows of a B-tree an article's hundred entries dirty a hundred pages of the file: 780 kB written
and 9 ms an article at a million (measured). Instead each batch is stored as a small sorted run, and
runs are merged into larger ones, level by level (a log-structured merge tree, O'Neil et al. 1996),
in the transaction that adds the articles: a kill leaves both or neither.

A run never changes and is named by chance, so what a process remembers of it stays true whatever
others do and whatever is rolled back. Whoever adds holds the intake's lock."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select

from monitor.store.models import IndexPageRow, IndexRunRow
from monitor.stories.agreement import agreeing, tagged
from monitor.stories.entries import (
    CROWDED,
    LONGEST,
    NO_ENTRIES,
    PAGE,
    Entries,
    crowded,
    fences_from,
    first_texts,
    merge,
    pages,
    read_pages,
    texts_of,
    to_bytes,
)
from monitor.stories.filters import (
    NO_FILTER,
    Filter,
    FilterMaker,
    article_in,
    by_segment,
    filter_from,
    level_of,
)
from monitor.stories.fingerprint import SAMPLE, Hashes, distinct, levels
from monitor.stories.likely import Answer, Asked

# When the runs with fewer entries than a level have as many together, they become one: up to
# seven runs a level of the small ones and of the largest, three between them. A run above the last
# level is never merged again: 180,000 articles of a hundred entries, the most that one transaction
# should write (300 MB, 9 s), since others wait for it.
LEVELS = (2**11, 2**14, 2**17, 2**19, 2**21, 2**24)
# A run with fewer entries is kept in memory whole. All of them together have less than this as
# well (20 to 24 bytes each, 3 MB), since LEVELS has the number. Of larger ones 6 to 7 bytes an entry
# are.
LARGE = 2**17
# Pages that are merged at a time: 120,000 entries, a few megabytes while they are sorted.
_SLICE = 512
# Built once: building a statement with hundreds of values costs more than running it.
_RANGE = (
    select(IndexPageRow.content)
    .where(IndexPageRow.id.between(bindparam("first"), bindparam("last")))
    .order_by(IndexPageRow.id)
)
# Asked for every batch: past SQLAlchemy, which takes longer than the store.
_RUNS = "SELECT id, first_page, pages, entries FROM index_run ORDER BY first_page"
# How many shingles articles have: of the few that a look-up is about to name.
LENGTHS = """
SELECT article_id, shingle_count FROM fingerprint WHERE article_id IN ({}) ORDER BY article_id
"""
_MEMORY = select(IndexRunRow.fences, IndexRunRow.filter).where(IndexRunRow.id == bindparam("run"))
_ENTRIES = select(func.sum(IndexRunRow.entries))
_ADD_RUN = insert(IndexRunRow)
_ADD_PAGES = insert(IndexPageRow)
_DROP_RUN = delete(IndexRunRow).where(IndexRunRow.id == bindparam("run"))
_DROP_PAGES = delete(IndexPageRow).where(
    IndexPageRow.id.between(bindparam("first"), bindparam("last"))
)


def count_entries(connection: Connection) -> int:
    """How many entries a store's runs have together."""
    return connection.scalar(_ENTRIES) or 0


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Entries in sorted order on pages with consecutive ids, and what is remembered of them:
    of a small run all (`held`) and which of the lowest bits of a shingle are there at all (`sieve`),
    of a large one the first shingle of each page and a filter."""

    id: int
    first_page: int
    pages: int
    entries: int
    held: Entries | None
    sieve: NDArray[np.bool_]
    fences: Hashes
    filter: Filter

    def of(self, wanted: Hashes) -> Entries:
        """The entries of these shingles, which are sorted, in a small run."""
        if self.held is None:
            return NO_ENTRIES
        return self.held.of(wanted[self.sieve[wanted & (len(self.sieve) - 1)]])


# What this process remembers of each store. Two threads at once would at worst read a run twice.
_REMEMBERED: WeakKeyDictionary[Engine, dict[int, Run]] = WeakKeyDictionary()


class Runs:
    """The runs as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._memory = _REMEMBERED.setdefault(connection.engine, {})
        listed = connection.exec_driver_sql(_RUNS).all()
        self._runs = [self._memory.get(row.id) or self._recall(*row) for row in listed]
        for gone in self._memory.keys() - {each.id for each in self._runs}:
            self._memory.pop(gone, None)

    def look_up(self, asked: Asked) -> Answer:
        """Find the entries of texts' shingles and headings, CROWDED a shingle at most: in small
        runs all, in large ones, without reading a page, those whose texts are likely to have more
        in common with a text that is asked for (`monitor.stories.agreement`)."""
        hashes = asked.distinct
        held = first_texts([*(run.of(hashes) for run in self._runs if run.held), NO_ENTRIES])
        large = [run for run in self._runs if run.held is None]
        if not large:
            return Answer(held, crowded(held))
        known = tagged([each.filter for each in large], hashes)
        which, tags = agreeing(asked, known)
        common = Entries(hashes[which], texts_of(article_in(tags), self._lengths(tags)))
        counts = np.bincount(known.which, minlength=len(hashes)) + held.ranges(hashes)[1]
        return Answer(first_texts([held, common]), hashes[counts >= CROWDED])

    def add(self, entries: Entries) -> None:
        """Store entries, sorted, and merge the runs that have become many."""
        if not len(entries.hashes):
            return
        self._write([entries], by_segment(entries.hashes))
        for level in reversed(LEVELS):
            smaller = [each for each in self._runs if each.entries < level]
            if len(smaller) > 1 and sum(each.entries for each in smaller) >= level:
                self._merge(smaller)
                break

    def _lengths(self, tags: Hashes) -> Hashes:
        """How many shingles the texts with these tags have: an earlier text of an edited article as
        many as its level has at least."""
        wanted, lengths = article_in(tags), SAMPLE << level_of(tags)
        listed = ",".join(map(str, distinct(np.sort(wanted)).tolist()))
        # Hundreds of bound values take longer than the reading; these are numbers of our own.
        rows = self._connection.exec_driver_sql(LENGTHS.format(listed)).all() if listed else []
        if not rows:
            return lengths
        articles, now = (np.array(each, np.int64) for each in zip(*rows, strict=True))
        places = np.searchsorted(articles, wanted).clip(max=len(articles) - 1)
        same = (articles[places] == wanted) & (levels(now[places]) == level_of(tags))
        return np.where(same, np.minimum(now[places], LONGEST), lengths)

    def _recall(self, run_id: int, first_page: int, page_count: int, entries: int) -> Run:
        """Read what is remembered of a run."""
        fences, words = self._connection.execute(_MEMORY, {"run": run_id}).one()
        held = None if words else self._pages(first_page, first_page + page_count - 1)
        run = Run(
            run_id,
            first_page,
            page_count,
            entries,
            held,
            _sieve(held),
            fences_from(fences),
            filter_from(words, entries),
        )
        self._memory[run_id] = run
        return run

    def _pages(self, first: int, last: int) -> Entries:
        found = self._connection.scalars(_RANGE, {"first": first, "last": last})
        return read_pages(found.all())

    def _write(self, slices: Iterable[Entries], segments: Hashes) -> None:
        """Store one run of slices that follow each other; `segments` counts their entries, or some
        more (`filters.by_segment`).

        Its pages come after those of every other run: no page's id is used twice."""
        first_page = max((each.first_page + each.pages for each in self._runs), default=1)
        fences: list[int] = []
        written: list[Entries] = []
        most = int(segments.sum())
        maker = FilterMaker(segments, most) if most >= LARGE else None
        count = 0
        for entries in slices:
            rows = []
            for fence, content in pages(entries):
                rows.append({"id": first_page + len(fences), "content": content})
                fences.append(fence)
            if rows:
                self._connection.execute(_ADD_PAGES, rows)
            count += len(entries.hashes)
            if maker:
                maker.add(entries)
            else:
                written.append(entries)
        held = None if maker else merge([*written, NO_ENTRIES])
        run = Run(
            id=secrets.randbits(63),
            first_page=first_page,
            pages=len(fences),
            entries=count,
            held=held,
            sieve=_sieve(held),
            fences=np.array(fences if maker else [], np.int64),
            filter=maker.made() if maker else NO_FILTER,
        )
        self._connection.execute(_ADD_RUN, _columns(run))
        self._memory[run.id] = run
        self._runs.append(run)

    def _merge(self, runs: Sequence[Run]) -> None:
        """Make one run of several, the oldest first."""
        slices = (
            merge([self._between(each, low, high) for each in runs]) for low, high in _bounds(runs)
        )
        self._write(slices, sum(map(_segments, runs), by_segment(NO_ENTRIES.hashes)))
        for each in runs:
            last = each.first_page + each.pages - 1
            self._connection.execute(_DROP_RUN, {"run": each.id})
            self._connection.execute(_DROP_PAGES, {"first": each.first_page, "last": last})
            self._runs.remove(each)
            self._memory.pop(each.id, None)

    def _between(self, run: Run, low: int, high: int | None) -> Entries:
        if run.held is not None:
            return run.held.between(low, high)
        start = max(0, int(np.searchsorted(run.fences, low, "right")) - 1)
        end = run.pages if high is None else int(np.searchsorted(run.fences, high))
        if end <= start:
            return NO_ENTRIES
        return self._pages(run.first_page + start, run.first_page + end - 1).between(low, high)


def _sieve(held: Entries | None) -> NDArray[np.bool_]:
    """Of each of so many lowest bits whether a shingle has them, one in four to one in eight: most
    shingles that are asked for need not be sought."""
    hashes = NO_ENTRIES.hashes if held is None else held.hashes
    found = np.zeros(1 << (4 * len(hashes)).bit_length(), bool)
    found[hashes & (len(found) - 1)] = True
    return found


def _segments(run: Run) -> Hashes:
    """How many entries of a run are in each segment, of a large one as far as its pages tell."""
    if run.held is not None:
        return by_segment(run.held.hashes)
    found = by_segment(run.fences) * PAGE
    # A page may have a few more for a shingle that many texts have.
    found[0] += max(0, run.entries - int(found.sum()))
    return found


def _bounds(runs: Sequence[Run]) -> Iterator[tuple[int, int | None]]:
    """Cut the range of shingles so that of large runs a slice has some pages together."""
    fences = np.sort(np.concatenate([each.fences for each in runs]))
    cuts = np.unique(fences[::_SLICE])[1:].tolist()
    yield from zip([0, *cuts], [*cuts, None], strict=True)


def _columns(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "first_page": run.first_page,
        "pages": run.pages,
        "entries": run.entries,
        "fences": to_bytes(run.fences),
        "filter": run.filter.block,
    }
