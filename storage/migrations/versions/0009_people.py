"""Names to look for, what staff are called by colleagues, notes, and what a timeline reads."""

from __future__ import annotations

import secrets
import unicodedata

import sqlalchemy as sa
from alembic import op

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTES = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # in the order of bytes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PAGE = 10_000
OF_USERS = (("folded", "id"), ("role", "id"), ("access", "id"))
USERS = sa.table(
    "users",
    *(sa.column(name) for name in ("id", "name", "role", "folded", "pseudonym")),
)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _fold_names(connection: sa.Connection) -> None:
    """A page at a time, so that memory stays flat."""
    page = sa.select(USERS.c.id, USERS.c.name).order_by(USERS.c.id).limit(PAGE)
    change = (
        sa.update(USERS)
        .where(USERS.c.id == sa.bindparam("it"))
        .values(folded=sa.bindparam("name_to_find"))
    )
    last = 0
    while rows := connection.execute(page.where(USERS.c.id > last)).all():
        changes = [{"it": id_, "name_to_find": _folded(name)} for id_, name in rows if name]
        if changes:
            connection.execute(change, changes)
        last = rows[-1][0]


def _name_staff(connection: sa.Connection) -> None:
    staff = connection.execute(sa.select(USERS.c.id).where(USERS.c.role != "member")).scalars()
    for user_id in staff.all():
        code = secrets.token_hex(3).upper()
        connection.execute(sa.update(USERS).where(USERS.c.id == user_id).values(pseudonym=code))


def upgrade() -> None:
    op.add_column("users", sa.Column("folded", BYTES, nullable=False, server_default=""))
    op.add_column("users", sa.Column("pseudonym", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    _fold_names(connection)
    _name_staff(connection)
    for columns in OF_USERS:
        op.create_index(f"ix_users_{'_'.join(columns)}", "users", list(columns))
    for table in ("appeals", "reports"):
        op.create_index(f"ix_{table}_user_id_id", table, ["user_id", "id"])
    op.create_table(
        "notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("author_id", ID),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_notes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_user_id_id", "notes", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("notes")
    for table in ("reports", "appeals"):
        op.drop_index(f"ix_{table}_user_id_id", table_name=table)
    for columns in OF_USERS:
        op.drop_index(f"ix_users_{'_'.join(columns)}", table_name="users")
    op.drop_column("users", "pseudonym")
    op.drop_column("users", "folded")
