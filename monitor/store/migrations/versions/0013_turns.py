"""Captchas in a row outlive a process too."""

import sqlalchemy as sa
from alembic import op

revision = "0013_v0_3_0"
down_revision = "0012_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was counted before, the process that counted has forgotten.
    column = sa.Column("challenges", sa.Integer(), nullable=False, server_default="0")
    op.add_column("site_turn", column)
