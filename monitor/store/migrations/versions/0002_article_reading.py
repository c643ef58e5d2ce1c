"""What an article was read with, and how likely a content farm made it."""

import sqlalchemy as sa
from alembic import op

revision = "0002_v0_2_0"
down_revision = "0001_v0_1_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Stays empty: `lendwatch rematch` reads the stored texts again and fills it.
    op.create_table(
        "article_reading",
        sa.Column("article_id", BIG, nullable=False),
        sa.Column("watchlist", sa.Text(), nullable=False),
        sa.Column("farm_score", sa.Double(), nullable=False),
        sa.Column("farm_reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.PrimaryKeyConstraint("article_id"),
    )
