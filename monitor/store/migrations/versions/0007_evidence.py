"""What is kept of each logged page, chained."""

import sqlalchemy as sa
from alembic import op

revision = "0007_v0_3_0"
down_revision = "0006_v0_3_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Pages logged before have none: nothing of them but the text was kept.
    op.create_table(
        "evidence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("log_id", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("start", BIG, nullable=False),
        sa.Column("length", BIG, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_evidence_log", "evidence", ["log_id"])
    op.create_index("ix_evidence_file", "evidence", ["file"])
