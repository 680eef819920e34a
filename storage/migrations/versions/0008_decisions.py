"""Decisions, appeals, reports, feedback."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

DUE = sa.text("state IN ('counting', 'waiting')")
UNDECIDED = sa.text("state = 'open'")


def _id(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, ID, nullable=not needed)


def _text(name: str, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _time(name: str, *, needed: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Double(), nullable=not needed)


def _no(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "decisions",
        _id("id", needed=True),
        _id("flag_id"),
        _id("user_id"),
        _id("conversation_id"),
        _id("message_id"),
        _id("decided_by"),
        _text("verdict"),
        _time("seconds", needed=False),
        _text("category"),
        _id("policy", needed=True),
        _text("note"),
        _text("state"),
        _no("alone"),
        _time("created_at"),
        _time("due_at"),
        _id("seconded_by"),
        _id("reversed_by"),
        _time("ended_at", needed=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_decisions_due", "decisions", ["due_at"], sqlite_where=DUE, postgresql_where=DUE
    )
    op.create_index("ix_decisions_flag_id", "decisions", ["flag_id"])
    op.create_index("ix_decisions_user_id_id", "decisions", ["user_id", "id"])
    op.create_index("ix_decisions_decided_by_id", "decisions", ["decided_by", "id"])
    op.create_table(
        "appeals",
        _id("id", needed=True),
        _id("user_id", needed=True),
        _id("conversation_id"),
        _id("restriction_id", needed=True),
        _text("text"),
        _text("state", "open"),
        _time("created_at"),
        _id("decided_by"),
        _time("decided_at", needed=False),
        _text("note", ""),
        _no("same_person"),
        _of_user("appeals"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sqlite_autoincrement=True,
    )
    for name, column, unique in (
        ("uq_appeals_open", "restriction_id", True),
        ("ix_appeals_queue", "id", False),
    ):
        op.create_index(
            name,
            "appeals",
            [column],
            unique=unique,
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        )
    op.create_table(
        "reports",
        _id("id", needed=True),
        _id("user_id", needed=True),
        _id("conversation_id", needed=True),
        _id("message_id", needed=True),
        _id("flag_id", needed=True),
        _text("reason"),
        _text("note"),
        _time("created_at"),
        _time("told_at", needed=False),
        _of_user("reports"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("message_id", "user_id", name="uq_reports_message_id_user_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_flag_id", "reports", ["flag_id"])
    op.create_table(
        "feedback",
        _id("id", needed=True),
        _id("user_id", needed=True),
        _id("turn_id", needed=True),
        sa.Column("liked", sa.Boolean(), nullable=False),
        _text("reason", ""),
        _time("created_at"),
        _of_user("feedback"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("turn_id", "user_id", name="uq_feedback_turn_id_user_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in ("feedback", "reports", "appeals", "decisions"):
        op.drop_table(table)
