"""What is not deleted for now though it is time, and when each kind of data was looked through."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, RowId, only_where

UNRELEASED = "released_at IS NULL"


class HoldRow(Base):
    """Somebody says that what is kept of a person, conversation or flag must stay until then.

    `kind` is user, conversation or flag; `object_id`, without a foreign key, which one.
    """

    __tablename__ = "holds"
    __table_args__: Any = (
        Index("ix_holds_in_force", "kind", "object_id", **only_where(UNRELEASED)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    kind: Mapped[str]
    object_id: Mapped[int]
    reason: Mapped[str]
    until: Mapped[float]
    created_by: Mapped[int | None]
    created_at: Mapped[float]
    released_by: Mapped[int | None]
    released_at: Mapped[float | None]


class PostponedRow(Base):
    """A message that was to be deleted and is kept by a hold: gone when nothing holds it."""

    __tablename__ = "postponed"
    __table_args__: Any = (Index(None, "user_id"),)

    message_id: Mapped[int] = mapped_column(
        Id, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int | None]
    asked_at: Mapped[float]


class RetentionRow(Base):
    """When a kind of data was last looked through for what is too old, and how much of it is gone
    in all."""

    __tablename__ = "retention"
    __table_args__: Any = ()

    kind: Mapped[str] = mapped_column(primary_key=True)
    ran_at: Mapped[float]
    next_at: Mapped[float]
    gone: Mapped[int]
