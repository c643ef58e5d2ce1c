"""Remember which URLs were fetched and how that ended. The only writer of `seen_url`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, and_, bindparam, case, or_, select

from crawler.log.dialect import insert_for
from crawler.log.tables import SeenUrlRow

KEPT = "kept"  # appended to the article log
SKIPPED = "skipped"  # mentions no watched platform
NOINDEX = "noindex"  # asks not to be kept: read, and nothing of it stored
LISTED = "listed"  # a feed, sitemap or listing page, all of whose links were dealt with
UNCHANGED = "unchanged"  # as it was when it was kept; what is remembered of it stays `kept`
SUCCESSES = frozenset({KEPT, SKIPPED, NOINDEX, LISTED})

# SQLite takes 32,766 variables a statement and PostgreSQL 65,535; beyond 500 nothing is gained.
LOOKUP_BATCH = 500


@dataclass(frozen=True, slots=True)
class SeenUrl:
    """What is remembered of a URL. `failures` counts fetches failed in a row.

    `kept` says that an article was logged from it once, whatever stood there later: then the
    validators, the hashes and the frame are those of what was kept last."""

    url: str
    outcome: str
    fetched_at: datetime
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None
    raw_hash: str | None = None
    text_hash: str | None = None
    frame: str | None = None
    kept: bool = False


# Built once: each takes longer to build than to run, and every crawl asks.
_OF_URLS = select(*(getattr(SeenUrlRow, name) for name in SeenUrl.__dataclass_fields__)).where(
    SeenUrlRow.url.in_(bindparam("urls", expanding=True))
)
_FAILED = (
    select(SeenUrlRow.url)
    .where(
        SeenUrlRow.source == bindparam("of"), SeenUrlRow.failures > 0, SeenUrlRow.kept.is_(False)
    )
    .limit(1)
)
_FIRST_SEEN = select(SeenUrlRow.url).where(
    SeenUrlRow.source == bindparam("of"), SeenUrlRow.first_seen_at >= bindparam("since")
)


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch of a canonical URL to remember; `outcome` is a success or a failure's name."""

    url: str
    source: str
    fetched_at: datetime
    outcome: str
    etag: str | None = None
    last_modified: str | None = None
    raw_hash: str | None = None
    text_hash: str | None = None
    frame: str | None = None


def find_seen(connection: Connection, urls: Sequence[str]) -> dict[str, SeenUrl]:
    """What is remembered of these canonical URLs; unknown ones are absent."""
    found: dict[str, SeenUrl] = {}
    for start in range(0, len(urls), LOOKUP_BATCH):
        batch = urls[start : start + LOOKUP_BATCH]
        for row in connection.execute(_OF_URLS, {"urls": batch}):
            found[row.url] = SeenUrl(*row)
    return found


def has_failed(connection: Connection, source: str) -> bool:
    """Whether any URL of `source` failed when it was last fetched, known articles' apart: those
    are looked at again without a list that names them."""
    return connection.scalar(_FAILED, {"of": source}) is not None


def has_read(connection: Connection, source: str) -> bool:
    """Whether an article of `source` was ever read, kept or not."""
    row = SeenUrlRow
    query = select(row.url).where(row.source == source, row.outcome.in_((KEPT, SKIPPED)))
    return connection.execute(query.limit(1)).first() is not None


def first_seen_since(connection: Connection, source: str, since: datetime) -> list[str]:
    """The addresses of `source` that were fetched for the first time since then (aware)."""
    return list(connection.scalars(_FIRST_SEEN, {"of": source, "since": since}))


def record_visits(connection: Connection, visits: Sequence[Visit]) -> None:
    """Remember `visits` within the caller's transaction; of one URL's visits the last counts."""
    newest = {visit.url: visit for visit in visits}
    if not newest:
        return
    statement = _remember(connection.dialect.name)
    # In one order everywhere: two crawls that meet the same URLs must not lock each other out.
    connection.execute(statement, [_row(newest[url]) for url in sorted(newest)])


@cache
def _remember(dialect: str) -> Insert:
    """The statement, which takes longer to build than to run."""
    table = SeenUrlRow.__table__
    assert isinstance(table, Table)
    statement = insert_for(dialect, table)
    new = statement.excluded
    # Of an article that is gone for a while, what was kept last is what its page is told by.
    stays = and_(table.c.kept, new.outcome != KEPT, new.outcome != LISTED)
    content = ("etag", "last_modified", "raw_hash", "text_hash", "frame")
    remembered: Insert = statement.on_conflict_do_update(
        index_elements=[table.c.url],
        set_={
            "fetched_at": new.fetched_at,
            "outcome": new.outcome,
            "failures": case((new.failures == 0, 0), else_=table.c.failures + 1),
            "kept": or_(table.c.kept, new.kept),
            **{name: case((stays, table.c[name]), else_=new[name]) for name in content},
        },
    )
    return remembered


def _row(visit: Visit) -> Mapping[str, Any]:
    return {
        "url": visit.url,
        "source": visit.source,
        "first_seen_at": visit.fetched_at,
        "fetched_at": visit.fetched_at,
        "outcome": visit.outcome,
        "failures": 0 if visit.outcome in SUCCESSES else 1,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "raw_hash": visit.raw_hash,
        "text_hash": visit.text_hash,
        "frame": visit.frame,
        "kept": visit.outcome == KEPT,
    }
