"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
# The revision names the lendwatch version that brings it: NNNN_vMAJOR_MINOR_PATCH.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
