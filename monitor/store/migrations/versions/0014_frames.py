"""What a known article's page is told by when only its surroundings differ."""

import sqlalchemy as sa
from alembic import op

revision = "0014_v0_3_0"
down_revision = "0013_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled as pages are read: until then each is read at every look, as it was before.
    op.add_column("seen_url", sa.Column("frame", sa.Text(), nullable=True))
