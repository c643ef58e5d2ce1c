"""In how many stories of a site each line stood."""

import sqlalchemy as sa
from alembic import op

revision = "0005_v0_3_0"
down_revision = "0004_v0_3_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Stays empty: it is learned from what is taken in from now on.
    op.create_table(
        "line_count",
        sa.Column("hash", BIG, autoincrement=False, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "site"),
        sqlite_with_rowid=False,
    )
