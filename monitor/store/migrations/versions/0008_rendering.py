"""Which sites' pages need a browser, for sources with `browser: auto`."""

import sqlalchemy as sa
from alembic import op

revision = "0008_v0_3_0"
down_revision = "0007_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Stays empty: it is learned crawl by crawl.
    op.create_table(
        "rendering",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "site", "role"),
    )
