"""How articles stand at their addresses: live, suspect or removed, and when to look again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from crawler.log.tables import UtcDateTime

revision = "0010_v0_3_0"
down_revision = "0009_v0_3_0"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
# Articles that are given a life at once.
_TOGETHER = 5_000


def upgrade() -> None:
    op.create_table(
        "article_life",
        sa.Column("article_id", _BIG, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("site", "source", "state")),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("first_strike_at", _TIME, nullable=True),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("blocked_since", _TIME, nullable=True),
        sa.Column("blocked_reason", sa.Text(), nullable=False),
        sa.Column("sightings", sa.Integer(), nullable=False),
        sa.Column("returns", sa.Integer(), nullable=False),
        sa.Column("restored_at", _TIME, nullable=True),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("found", "kept", "kept_reason", "kept_quoted")
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("last_look_at", _TIME, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("last_change_at", _TIME, nullable=True),
        sa.Column("next_look_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "life_step",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("article_id", _BIG, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("happened_at", _TIME, nullable=False),
        sa.Column("look_id", _BIG, nullable=False),
        sa.Column("log_id", _BIG, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("address", "reason", "quoted")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "site_pace",
        sa.Column("site", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Double(), nullable=False)
            for name in ("changes", "expected", "price")
        ),
        sa.Column("asked_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("site"),
    )
    _give_lives()
    op.create_index("ix_article_life_due", "article_life", ["source", "next_look_at"])
    op.create_index("ix_article_life_site", "article_life", ["site", "last_look_at"])
    op.create_index("ix_life_step_article", "life_step", ["article_id", "id"])


def _give_lives() -> None:
    """Give every article a life. The first looks are spread over a day: all at once would be a
    burst that no budget was made for."""
    connection = op.get_bind()
    article = sa.table(
        "article",
        sa.column("id", _BIG),
        sa.column("site", sa.Text()),
        sa.column("source", sa.Text()),
        sa.column("first_seen_at", UtcDateTime()),
        sa.column("last_seen_at", UtcDateTime()),
        sa.column("revision_count", sa.Integer()),
    )
    now, done = datetime.now(UTC), 0
    while True:
        query = sa.select(article).where(article.c.id > done).order_by(article.c.id)
        rows = connection.execute(query.limit(_TOGETHER)).all()
        if not rows:
            return
        connection.execute(sa.insert(_life()), [_born(row, now) for row in rows])
        done = rows[-1].id


def _life() -> sa.TableClause:
    times = ("since", "first_seen_at", "last_look_at", "next_look_at")
    texts = ("site", "source", "state", "held", "blocked_reason")
    found = ("found", "kept", "kept_reason", "kept_quoted")
    numbers = ("strikes", "sightings", "returns", "revision", "looks", "changes")
    return sa.table(
        "article_life",
        sa.column("article_id", _BIG),
        *(sa.column(name, sa.Text()) for name in (*texts, *found)),
        *(sa.column(name, sa.Integer()) for name in numbers),
        *(sa.column(name, UtcDateTime()) for name in times),
    )


def _born(row: Any, now: datetime) -> dict[str, object]:
    return {
        "article_id": row.id, "site": row.site, "source": row.source, "state": "live",
        "since": row.first_seen_at, "strikes": 0, "held": "", "blocked_reason": "",
        "sightings": 0, "returns": 0, "found": "here", "kept": "here", "kept_reason": "",
        "kept_quoted": "", "revision": row.revision_count, "first_seen_at": row.first_seen_at,
        "last_look_at": row.last_seen_at, "looks": 0, "changes": 0,
        "next_look_at": now + timedelta(minutes=row.id % 1_440),
    }  # fmt: skip
