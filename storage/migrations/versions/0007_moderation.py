"""Flags with what a queue needs, versions of the policy, restrictions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
IN_FORCE = sa.text("lifted_at IS NULL")
NO = sa.false()

OF_FLAGS: tuple[tuple[str, Any, Any], ...] = (
    ("user_id", ID, None),
    ("turn_id", ID, None),
    ("side", sa.Text(), "question"),
    ("score", sa.Double(), "0"),
    ("rank", ID, "-2"),
    ("findings", sa.Text(), "[]"),
    ("proposed", sa.Text(), "[]"),
    ("confirmed_by", sa.Text(), ""),
    ("policy", ID, "0"),
    ("reports", ID, "0"),
    ("state", sa.Text(), "open"),
    ("level", sa.Text(), "reviewer"),
    ("locked", sa.Boolean(), NO),
    ("held", sa.Boolean(), NO),
    ("claimed_by", ID, None),
    ("claimed_until", sa.Double(), "0"),
    ("snoozed_until", sa.Double(), "0"),
    ("decided_at", sa.Double(), None),
)
OF_PEOPLE: tuple[tuple[str, Any, Any], ...] = (
    ("region", sa.Text(), ""),
    ("restricted", sa.Boolean(), NO),
)


def _column(name: str, kind: Any, default: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=default is None, server_default=default)


def upgrade() -> None:
    for name, kind, default in OF_FLAGS:
        op.add_column("flags", _column(name, kind, default))
    op.create_index(
        "ix_flags_queue",
        "flags",
        ["rank", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "uq_flags_open_message",
        "flags",
        ["message_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_flags_user_id_id", "flags", ["user_id", "id"])
    op.create_index("ix_flags_message_id", "flags", ["message_id"])
    for name, kind, default in OF_PEOPLE:
        op.add_column("users", _column(name, kind, default))
    op.add_column("turns", _column("cleared_up_to", ID, "0"))
    op.create_table(
        "policies",
        sa.Column("id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author_id", ID),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("live_at", sa.Double()),
        sa.PrimaryKeyConstraint("id", name="pk_policies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_policies_live_at", "policies", ["live_at"])
    op.create_table(
        "restrictions",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("policy", ID, nullable=False),
        sa.Column("flag_id", ID),
        sa.Column("decision_id", ID),
        sa.Column("decided_by", ID),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("until", sa.Double()),
        sa.Column("lifted_at", sa.Double()),
        sa.Column("lifted_by", ID),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_restrictions_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_restrictions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_restrictions_user_id_id", "restrictions", ["user_id", "id"])
    op.create_index(
        "ix_restrictions_in_force",
        "restrictions",
        ["user_id"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table("restrictions")
    op.drop_table("policies")
    op.drop_column("turns", "cleared_up_to")
    for name, *_ in OF_PEOPLE:
        op.drop_column("users", name)
    for index in ("message_id", "user_id_id"):
        op.drop_index(f"ix_flags_{index}", table_name="flags")
    op.drop_index("uq_flags_open_message", table_name="flags")
    op.drop_index("ix_flags_queue", table_name="flags")
    for name, *_ in OF_FLAGS:
        op.drop_column("flags", name)
