"""What the Live page counts: the time to the first text, pictures, and turns by their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDED = sa.text("ended_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("turns", sa.Column("first_text_seconds", sa.Double(), nullable=True))
    op.add_column("turns", sa.Column("pictures", WHOLE, nullable=True))
    op.create_index(
        "ix_turns_ended", "turns", ["ended_at"], sqlite_where=ENDED, postgresql_where=ENDED
    )


def downgrade() -> None:
    op.drop_index("ix_turns_ended", table_name="turns")
    op.drop_column("turns", "pictures")
    op.drop_column("turns", "first_text_seconds")
