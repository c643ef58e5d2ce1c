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

# As monitor/stories/entries.py and runs.py had it when this was written.
PAGE, FILTER_BITS, LARGE, ID_BITS, LONGEST = 240, 12, 2**20, 47, 2**16 - 1
SPREAD = np.uint64(0x9E3779B97F4A7C15)
# Rows in memory at a time; beside them 16 bytes an article, and the new run's filter.
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
    words = np.zeros(count * FILTER_BITS // 64 + 1 if count >= LARGE else 0, np.uint64)
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
        if len(words):
            _mark(words, hashes)
    add_run = sa.text(
        "INSERT INTO index_run (id, first_page, pages, entries, fences, filter)"
        " VALUES (:id, 1, :pages, :entries, :fences, :filter)"
    )
    kept = np.array(fences if len(words) else [], "<i8")
    run = {"id": secrets.randbits(63), "pages": len(fences), "entries": entries}
    connection.execute(add_run, run | {"fences": kept.tobytes(), "filter": words.tobytes()})


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


def _mark(words: np.ndarray, hashes: np.ndarray) -> None:
    mixed = hashes.astype(np.uint64) * SPREAD
    masks = np.uint64(1) << (mixed & np.uint64(63))
    for shift in (6, 12, 18):
        masks |= np.uint64(1) << ((mixed >> np.uint64(shift)) & np.uint64(63))
    half = np.uint64(32)
    np.bitwise_or.at(words, ((mixed >> half) * np.uint64(len(words))) >> half, masks)
