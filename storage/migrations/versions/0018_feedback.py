"""Thumbs for each answer with words of one's own, and which model said it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CARRIED = ("id", "user_id", "turn_id", "liked", "reason", "created_at")


def upgrade() -> None:
    rows = _taken("SELECT f.*, t.attempt FROM feedback f JOIN turns t ON t.id = f.turn_id")
    op.drop_table("feedback")
    table = op.create_table(
        "feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("turn_id", ID, nullable=False),
        sa.Column("attempt", ID, nullable=False, server_default="0"),
        sa.Column("liked", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("model", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Double(), nullable=False),
        _of_user(),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint(
            "turn_id", "attempt", "user_id", name="uq_feedback_turn_id_attempt_user_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_user_id", "feedback", ["user_id"])
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])
    _put_back(table, rows, (*CARRIED, "attempt"))
    op.add_column("turns", sa.Column("model", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("turns", "model")
    rows = _taken(
        "SELECT * FROM feedback f WHERE f.liked IS NOT NULL AND f.id = (SELECT max(o.id) FROM"
        " feedback o WHERE o.turn_id = f.turn_id AND o.user_id = f.user_id"
        " AND o.liked IS NOT NULL)"
    )
    op.drop_table("feedback")
    table = op.create_table(
        "feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("turn_id", ID, nullable=False),
        sa.Column("liked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Double(), nullable=False),
        _of_user(),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("turn_id", "user_id", name="uq_feedback_turn_id_user_id"),
        sqlite_autoincrement=True,
    )
    _put_back(table, rows, CARRIED)


def _of_user() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name="fk_feedback_user_id", ondelete="CASCADE"
    )


def _taken(query: str) -> list[dict[str, object]]:
    """Rows to be carried into a table of another shape."""
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def _put_back(table: sa.Table, rows: list[dict[str, object]], columns: tuple[str, ...]) -> None:
    """The same rows, and new ones counted on from them."""
    if not rows:
        return
    kept = [{name: row[name] for name in columns} for row in rows]
    for row in kept:
        row["liked"] = bool(row["liked"])
    op.bulk_insert(table, kept)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('feedback', 'id'),"
            " (SELECT max(id) FROM feedback))"
        )
