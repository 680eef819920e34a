"""What is said to everybody, and the messages in a chat for moderators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")
UNSETTLED = sa.text("NOT settled")
OF_BROADCAST = sa.text("broadcast_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("people", ID, nullable=False),
        sa.Column("last_user", ID, nullable=False),
        sa.Column("given_to", ID, nullable=False),
        sa.Column("progress_id", ID, nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("begun_at", sa.Double(), nullable=True),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_broadcasts_running",
        "broadcasts",
        ["state"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.add_column("outbound", sa.Column("broadcast_id", ID, nullable=True))
    op.create_index(
        "ix_outbound_broadcast",
        "outbound",
        ["broadcast_id", "state"],
        sqlite_where=OF_BROADCAST,
        postgresql_where=OF_BROADCAST,
    )
    op.create_table(
        "moderators_chats",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("digest_at", sa.Double(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("error_at", sa.Double(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("channel", "account", "chat", name="pk_moderators_chats"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cards",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("flag_id", ID, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        sqlite_autoincrement=True,
    )
    op.create_index("uq_cards_flag", "cards", ["flag_id", "kind"], unique=True)
    op.create_index(
        "ix_cards_unsettled",
        "cards",
        ["id"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )


def downgrade() -> None:
    op.drop_table("cards")
    op.drop_table("moderators_chats")
    op.drop_index("ix_outbound_broadcast", "outbound")
    op.drop_column("outbound", "broadcast_id")
    op.drop_table("broadcasts")
