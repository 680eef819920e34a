"""Passwords, and what browser a session belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passwords",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_passwords_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_passwords"),
        sa.UniqueConstraint("name", name="uq_passwords_name"),
    )
    op.add_column("web_sessions", sa.Column("agent", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("web_sessions", "agent")
    op.drop_table("passwords")
