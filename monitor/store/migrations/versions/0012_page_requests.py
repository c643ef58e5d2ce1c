"""What pages in the browser asked for, and which asked for too much."""

import sqlalchemy as sa
from alembic import op

revision = "0012_v0_3_0"
down_revision = "0011_v0_3_0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody counted them before.
    for name in ("page_requests", "cut_pages"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("politeness", column)
    op.add_column("politeness", sa.Column("cut_by", sa.Text(), nullable=False, server_default=""))
