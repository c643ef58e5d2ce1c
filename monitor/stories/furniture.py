"""Learn which lines are site furniture, and say so: the only writer of `line_count`.

A line is furniture of a site when it stood in several of its stories, and everywhere when it
stood in more of any sites. Only stories that something opens are counted: the copies of a text
repeat it by nature. What is furniture is counted no further, so a line has a handful of rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import Connection

from crawler.log.dialect import insert_into
from crawler.log.tables import Base
from monitor.store.furniture_tables import LineCountRow
from monitor.stories.finder import Found
from monitor.stories.fingerprint import Fingerprint
from monitor.stories.index import IndexBatch
from monitor.stories.lines import countable
from monitor.stories.reading import Reading
from monitor.stories.relation import Relation

# What is learned is stored in it.
TABLE = Base.metadata.tables[LineCountRow.__tablename__]
# Two articles of a site may share an edge by accident (a follow-up, a correction).
ON_SITE = 3
# No site vouches for these, so more have to agree.
ANYWHERE = 5
# These open stories with prose of their own; a swap's is another's.
_COUNTED = frozenset({Relation.NEW, Relation.TEMPLATE_SIBLING})
# Less of a page than this does not hide its copies from the index.
HIDING = 0.25
# Values in one statement: it stays far under the length that SQLite takes.
_AT_ONCE = 5_000

# Past SQLAlchemy, which takes ten times as long to name the hashes as the store to look.
_COUNTS = "SELECT hash, site, stories FROM line_count WHERE hash IN ({})"


class FurnitureBatch:
    """What is furniture as a batch of texts sees it, with what the batch itself teaches.

    The counts of the batch's own lines are fetched at once, by primary key."""

    def __init__(self, connection: Connection, readings: Iterable[Reading]) -> None:
        self._connection = connection
        self._counts: dict[int, dict[str, int]] = defaultdict(dict)  # by hash, then site
        self._asked: set[int] = set()
        self._taught: set[tuple[int, str]] = set()
        self._hold(frozenset().union(*(each.keys for each in readings)))

    def at(self, site: str) -> "SiteFurniture":
        """The furniture as a text of `site` meets it."""
        return SiteFurniture(self, site)

    def lines(self, texts: Iterable[tuple[str, Reading]]) -> frozenset[int]:
        """The keys of all lines that are furniture of any of these texts, given with their sites."""
        sited = list(texts)
        self._hold(frozenset().union(*(reading.keys for _, reading in sited)))
        return frozenset(
            key
            for site, reading in sited
            for key in reading.keys & self._counts.keys()
            if self._is_furniture(key, site)
        )

    def learn(self, site: str, reading: Reading, found: Found) -> None:
        """Count the lines of a new text in its site; of one that opens no story of its own, none."""
        if found.likeness.relation not in _COUNTED or found.quotes:
            return
        known = reading.keys & self._counts.keys()
        template = found.likeness.relation is Relation.TEMPLATE_SIBLING
        furniture = self.lines([(site, reading)])
        for key in countable(reading.lines, known, furniture, template=template):
            counts = self._counts[key]
            counts[site] = counts.get(site, 0) + 1
            self._taught.add((key, site))

    def write(self) -> None:
        """Store what was learned."""
        if not self._taught:
            return
        adding = insert_into(self._connection, LineCountRow)
        upsert = adding.on_conflict_do_update(
            index_elements=["hash", "site"], set_={"stories": adding.excluded.stories}
        )
        rows = [
            {"hash": key, "site": site, "stories": self._counts[key][site]}
            for key, site in sorted(self._taught)
        ]
        self._connection.execute(upsert, rows)
        self._taught.clear()

    def _is_furniture(self, key: int, site: str) -> bool:
        counts = self._counts[key]
        return bool(site and counts.get(site, 0) >= ON_SITE) or sum(counts.values()) >= ANYWHERE

    def _hold(self, hashes: AbstractSet[int]) -> None:
        unknown = sorted(hashes - self._asked)
        self._asked.update(unknown)
        for start in range(0, len(unknown), _AT_ONCE):
            listed = ",".join(map(str, unknown[start : start + _AT_ONCE]))
            counts = self._connection.exec_driver_sql(_COUNTS.format(listed))
            for key, site, stories in counts:
                self._counts[key][site] = stories


@dataclass(frozen=True, slots=True)
class SiteFurniture:
    """Furniture as a text of one site meets it: see `monitor.stories.finder.Furniture`."""

    _batch: FurnitureBatch
    site: str

    def lines(self, texts: Iterable[tuple[str, Reading]]) -> frozenset[int]:
        """The keys of all lines that are furniture of any of these texts, given with their sites."""
        return self._batch.lines(texts)


def candidates(
    index: IndexBatch, reading: Reading, fingerprint: Fingerprint, furniture: SiteFurniture
) -> Sequence[int]:
    """The articles most likely to carry a text, the likeliest first, looked up without what is
    furniture of its site: else all pages of the site would stand before its copies elsewhere."""
    looked_up = index.look_up(fingerprint)
    if looked_up.equal:
        return looked_up.articles
    lines = furniture.lines([(furniture.site, reading)])
    hiding = sum(len(line.text) for line in reading.lines if line.key in lines)
    if hiding < HIDING * len(reading.prose):
        return looked_up.articles
    own = reading.without(lines)
    return index.look_up(own.fingerprint()).articles if own.prose else looked_up.articles
