"""Tries of policies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trials",
        sa.Column("id", ID, nullable=False),
        sa.Column("policy", ID, nullable=False),
        sa.Column("against", ID, nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("looked", ID, nullable=False),
        sa.Column("expected", ID, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trials"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trials_policy_id", "trials", ["policy", "id"])


def downgrade() -> None:
    op.drop_table("trials")
