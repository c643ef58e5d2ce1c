"""The story that another one went into."""

import sqlalchemy as sa
from alembic import op

revision = "0006_v0_2_0"
down_revision = "0002_v0_2_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("story") as story:
        story.add_column(sa.Column("merged_into", BIG, nullable=True))
        story.create_foreign_key("story_merged_into_fkey", "story", ["merged_into"], ["id"])
