"""A bank of known pictures, holds on what would be deleted, and when each kind of data was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_pictures",
        sa.Column("id", ID, nullable=False),
        sa.Column("pdq", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by", ID, nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_known_pictures"),
        sa.UniqueConstraint("pdq", name="uq_known_pictures_pdq"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_known_pictures_category_id", "known_pictures", ["category", "id"])
    op.create_table(
        "bank_versions",
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.PrimaryKeyConstraint("bank", name="pk_bank_versions"),
    )
    op.create_table(
        "holds",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("released_by", ID, nullable=True),
        sa.Column("released_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_holds_in_force",
        "holds",
        ["kind", "object_id"],
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "postponed",
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_postponed"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name="fk_postponed_message_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_postponed_user_id", "postponed", ["user_id"])
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ran_at", sa.Double(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("gone", ID, nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_retention"),
    )


def downgrade() -> None:
    for table in ("retention", "postponed", "holds", "bank_versions", "known_pictures"):
        op.drop_table(table)
