"""Stories that turned out to be one story, and which site is usually first."""

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
    # These answer which site is usually first without reading a text.
    op.create_index("ix_story_site_count", "story", ["site_count", "opened_at"])
    op.create_index("ix_article_story_site", "article", ["story_id", "site", "first_seen_at"])
    # The new one begins with its column and answers all that it answered.
    op.drop_index("ix_article_story", "article")
