"""Stories that turned out to be one story."""

import sqlalchemy as sa
from alembic import op

revision = "0003_v0_3_0"
down_revision = "0002_v0_2_0"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("story") as story:
        story.add_column(
            sa.Column(
                "merged_into",
                BIG,
                sa.ForeignKey("story.id", name="fk_story_merged_into_story"),
                nullable=True,
            )
        )
