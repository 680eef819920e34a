"""Users, and the identities that messengers know them by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowId, UserId


class UserRow(Base):
    """A person. After erasure a nameless row without identities stays.

    `folded` is the name as it is looked for (storage.folding), in the order of bytes on both
    databases, so that a beginning is a range of the index. `pseudonym` is what staff are called
    before colleagues who are not to know their names; it stays for good. `budget` is their own, as
    chat.budgets reads it, empty where the usual one is theirs.
    """

    __tablename__ = "users"
    __table_args__: Any = (
        Index(None, "folded", "id"),
        Index(None, "role", "id"),
        Index(None, "access", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    name: Mapped[str]
    language: Mapped[str]
    role: Mapped[str]
    access: Mapped[str]
    created_at: Mapped[float]
    # They were offered a password with their first link, and said "not now".
    password_declined: Mapped[bool] = mapped_column(server_default=false())
    region: Mapped[str] = mapped_column(server_default="")  # a country, ISO 3166, where it is known
    restricted: Mapped[bool] = mapped_column(server_default=false())  # of a protected age
    folded: Mapped[str] = mapped_column(
        Text().with_variant(Text(collation="C"), "postgresql"), server_default=""
    )
    pseudonym: Mapped[str] = mapped_column(server_default="")
    budget: Mapped[str] = mapped_column(server_default="")


class IdentityRow(Base):
    """A person's name for one channel; several may be one user."""

    __tablename__ = "identities"
    __table_args__: Any = (
        UniqueConstraint("channel", "external_id"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    channel: Mapped[str]
    external_id: Mapped[str]
    created_at: Mapped[float]
