"""Looks at the addresses of known articles, by which edits, removals and returns are judged."""

import sqlalchemy as sa
from alembic import op

revision = "0009_v0_3_0"
down_revision = "0008_v0_3_0"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Stays empty: what was seen before says nothing about how often a page changes.
    op.create_table(
        "look",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("log_id", _BIG, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_look_site", "look", ["site", "looked_at"])
    op.create_index("ix_look_url", "look", ["url", "id"])
    op.add_column("seen_url", sa.Column("text_hash", sa.Text(), nullable=True))
    op.add_column(
        "seen_url", sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    # An article that failed since is still one that is known.
    seen, logged = (
        sa.table("seen_url", sa.column("url"), sa.column("outcome"), sa.column("kept")),
        sa.table("article_log", sa.column("url")),
    )
    known = sa.or_(seen.c.outcome == "kept", seen.c.url.in_(sa.select(logged.c.url)))
    op.execute(sa.update(seen).where(known).values(kept=sa.true()))
