"""What sites' robots.txt answered, for a day and for all processes."""

import sqlalchemy as sa
from alembic import op

revision = "0011_v0_3_0"
down_revision = "0010_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty: every site is asked once more.
    op.create_table(
        "robots_file",
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
    )
