"""Which messages are pieces of one album."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_A_GROUP = sa.text("group_id <> ''")


def upgrade() -> None:
    group_id: sa.Column[str] = sa.Column(
        "group_id", sa.Text(), nullable=False, server_default=sa.text("''")
    )
    op.add_column("messages", group_id)
    op.create_index(
        "ix_messages_group",
        "messages",
        ["conversation_id", "group_id"],
        sqlite_where=OF_A_GROUP,
        postgresql_where=OF_A_GROUP,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_group", table_name="messages")
    op.drop_column("messages", "group_id")
