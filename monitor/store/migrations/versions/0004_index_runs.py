"""Near-duplicate index as sorted runs: what the `shingle` table held becomes one run."""

import secrets
from collections.abc import Iterator

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0004_v0_3_0"
down_revision = "0003_v0_3_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# As monitor/stories/entries.py, filters.py and runs.py had it when this was written.
PAGE, LARGE, ID_BITS, LONGEST = 240, 2**17, 47, 2**16 - 1
EDGES = 1 << np.arange(59, 63, dtype=np.int64)
BASES = np.concatenate((np.zeros(1, np.int64), EDGES))
WIDTHS = np.append(np.diff(BASES), EDGES[-1])
SAMPLE, COARSEST, LEVEL_BITS, BUCKET, EIGHT = 64, 4, 3, 4, 8
# Rows in memory at a time; beside them 16 bytes an article, and 12 an entry.
AT_ONCE = 200_000


def upgrade() -> None:
    op.create_table(
        "index_run",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("first_page", BIG, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("fences", sa.LargeBinary(), nullable=False),
        sa.Column("filter", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "index_page",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _move_entries(op.get_bind())
    op.drop_table("shingle")


def _move_entries(connection: sa.Connection) -> None:
    """Write one run: the table gives its rows in the order that a run has."""
    count = connection.exec_driver_sql("SELECT count(*) FROM shingle").scalar_one()
    if not count:
        return
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    lengths = _lengths(connection)
    add_page = sa.text("INSERT INTO index_page (id, content) VALUES (:id, :content)")
    fences: list[int] = []
    entries = 0
    for hashes, articles in _groups(connection):
        known = np.searchsorted(lengths[0], articles).clip(max=len(lengths[0]) - 1)
        texts = (np.minimum(lengths[1][known], LONGEST) << ID_BITS) | articles
        starts = np.unique(np.searchsorted(hashes, hashes[::PAGE])).tolist()
        rows = []
        stored = np.column_stack((hashes, texts))
        for start, end in zip(starts, [*starts[1:], len(hashes)], strict=True):
            rows.append({"id": 1 + len(fences), "content": stored[start:end].tobytes()})
            fences.append(int(hashes[start]))
        connection.execute(add_page, rows)
        entries += len(hashes)
        if count >= LARGE:
            parts.append((hashes, _tags(texts)))
    add_run = sa.text(
        "INSERT INTO index_run (id, first_page, pages, entries, fences, filter)"
        " VALUES (:id, 1, :pages, :entries, :fences, :filter)"
    )
    kept = np.array(fences if parts else [], "<i8")
    run = {"id": secrets.randbits(63), "pages": len(fences), "entries": entries}
    connection.execute(add_run, run | {"fences": kept.tobytes(), "filter": _filter(parts)})


def _lengths(connection: sa.Connection) -> tuple[np.ndarray, np.ndarray]:
    """The articles' ids and lengths in shingles."""
    query = sa.text(
        "SELECT article_id, shingle_count FROM fingerprint WHERE article_id > :after"
        " ORDER BY article_id LIMIT :most"
    )
    parts = [np.array([(-1, 0)], "<i8")]
    while rows := connection.execute(
        query, {"after": int(parts[-1][-1, 0]), "most": AT_ONCE}
    ).all():
        parts.append(np.array([tuple(row) for row in rows], "<i8"))
    both = np.concatenate(parts)
    return both[:, 0], both[:, 1]


def _groups(connection: sa.Connection) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The table's rows in order, all of a shingle together."""
    query = sa.text(
        "SELECT hash, article_id FROM shingle WHERE hash > :after ORDER BY hash, article_id"
        " LIMIT :most"
    )
    after = -1
    while True:
        rows = connection.execute(query, {"after": after, "most": AT_ONCE}).all()
        if not rows:
            return
        both = np.array([tuple(row) for row in rows], "<i8")
        whole = len(both)
        if whole == AT_ONCE:
            # The last shingle may go on: it comes first the next time.
            whole = int(np.searchsorted(both[:, 0], both[-1, 0]))
        yield np.ascontiguousarray(both[:whole, 0]), np.ascontiguousarray(both[:whole, 1])
        after = int(both[whole - 1, 0])


def _tags(texts: np.ndarray) -> np.ndarray:
    """The texts' tags: the lowest bits of the article, and the level."""
    found = np.log2(np.maximum((texts >> ID_BITS) // SAMPLE, 1)).astype(np.int64)
    articles = (texts & ((1 << 32 - LEVEL_BITS) - 1)) << LEVEL_BITS
    tags: np.ndarray = (articles | np.minimum(found, COARSEST)).astype("<u4")
    return tags


def _filter(parts: list[tuple[np.ndarray, np.ndarray]]) -> bytes:
    """The run's filter: how each segment's shingles are shifted to their buckets, where buckets
    begin, the tags, the lowest byte of each shingle."""
    if not parts:
        return b""
    hashes = np.concatenate([each for each, _ in parts])
    ends = np.searchsorted(hashes, EDGES)
    segments = np.diff(ends, prepend=0, append=len(hashes))
    widths = np.log2(WIDTHS).astype(np.int64)
    powers = widths - np.ceil(np.log2(np.maximum(segments, 1) / BUCKET)).astype(np.int64)
    shifts = np.minimum(powers, widths)
    counts = WIDTHS >> shifts
    at = np.searchsorted(EDGES, hashes, "right")
    buckets = (np.cumsum(counts) - counts)[at] + ((hashes - BASES[at]) >> shifts[at])
    found = np.bincount(buckets, minlength=int(counts.sum()))
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(found)))
    lowest = np.append(hashes.astype(np.uint8), np.zeros(EIGHT, np.uint8))
    tags = np.concatenate([each for _, each in parts])
    return b"".join(
        (
            shifts.astype("<i8").tobytes(),
            offsets.astype("<u4").tobytes(),
            tags.tobytes(),
            lowest.tobytes(),
        )
    )
