"""How those who review want to work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviewers",
        sa.Column("user_id", ID, autoincrement=False, nullable=False),
        sa.Column("pictures", sa.Text(), nullable=False, server_default="both"),
        sa.Column("left_out", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("unlocked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("user_id", name="pk_reviewers"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_reviewers_user_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("reviewers")
