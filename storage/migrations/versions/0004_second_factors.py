"""Second factors, whose cookie has which name, and who declined a password."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("last_step", ID, nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        _of_user("second_factors"),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factors"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        _of_user("recovery_codes"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
        sa.UniqueConstraint("user_id", "hash", name="uq_recovery_codes_user_id_hash"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "first_steps",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        _of_user("first_steps"),
        sa.PrimaryKeyConstraint("id", name="pk_first_steps"),
        sa.UniqueConstraint("hash", name="uq_first_steps_hash"),
        sqlite_autoincrement=True,
    )
    declined: sa.Column[bool] = sa.Column(
        "password_declined", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("users", declined)
    old_name: sa.Column[bool] = sa.Column(
        "old_name", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("web_sessions", old_name)
    op.execute(sa.update(sa.table("web_sessions", sa.column("old_name"))).values(old_name=True))


def downgrade() -> None:
    op.drop_column("web_sessions", "old_name")
    op.drop_column("users", "password_declined")
    op.drop_table("first_steps")
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
