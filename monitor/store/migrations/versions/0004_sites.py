"""Indexes that answer which site is usually first without reading a text."""

from alembic import op

revision = "0004_v0_2_0"
down_revision = "0002_v0_2_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_story_site_count", "story", ["site_count", "opened_at"])
    op.create_index("ix_article_story_site", "article", ["story_id", "site", "first_seen_at"])
    # The new one begins with its column and answers all that it answered.
    op.drop_index("ix_article_story", "article")
