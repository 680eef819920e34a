"""When a conversation fell silent, and where people were told that their words go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "conversations", sa.Column("quiet_since", sa.Double(), nullable=False, server_default="0")
    )
    op.add_column(
        "conversations", sa.Column("told_places", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("conversations", "told_places")
    op.drop_column("conversations", "quiet_since")
