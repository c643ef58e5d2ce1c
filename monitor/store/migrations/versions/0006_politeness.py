"""What sites asked for, how we kept to it, and all that a crawl counts."""

import sqlalchemy as sa
from alembic import op

revision = "0006_v0_3_0"
down_revision = "0005_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty: what sites asked for before, the process that was asked has forgotten.
    op.create_table(
        "site_turn",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site"),
    )
    op.create_table(
        "politeness",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("smallest_gap", sa.Double(), nullable=True),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=False),
        sa.Column("crawl_delay", sa.Double(), nullable=False),
        sa.Column("throttled", sa.Integer(), nullable=False),
        sa.Column("unavailable", sa.Integer(), nullable=False),
        sa.Column("challenges", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "site"),
    )
    for name in ("skipped", "unchanged", "known"):
        op.add_column("crawl", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    # A path's budget asks for a source's addresses by the day they were first seen.
    op.drop_index("ix_seen_url_source", table_name="seen_url")
    op.create_index("ix_seen_url_source_first_seen", "seen_url", ["source", "first_seen_at"])
