"""Budgets of one's own, invitations with a role, and how the running system is set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("budget", sa.Text(), nullable=False, server_default=""))
    op.add_column("codes", sa.Column("role", sa.Text(), nullable=False, server_default=""))
    op.add_column("codes", sa.Column("made_by", ID))
    op.create_table(
        "operations",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_by", ID),
        sa.Column("changed_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_operations"),
    )


def downgrade() -> None:
    op.drop_table("operations")
    op.drop_column("codes", "made_by")
    op.drop_column("codes", "role")
    op.drop_column("users", "budget")
