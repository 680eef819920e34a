"""What lets people in: codes and signed-in browsers. Of secrets only a SHA-256 is kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, RowId, UserId


class CodeRow(Base):
    """A code with the uses that are left."""

    __tablename__ = "codes"
    __table_args__: Any = (
        UniqueConstraint("hash"),
        Index(None, "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    kind: Mapped[str]
    hash: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"))
    uses: Mapped[int]
    wrong_tries: Mapped[int]
    expires_at: Mapped[float | None]
    created_at: Mapped[float]


class WebSessionRow(Base):
    """A signed-in browser; it ends `lifetime` seconds after it was last seen."""

    __tablename__ = "web_sessions"
    __table_args__: Any = (
        UniqueConstraint("hash"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    hash: Mapped[str]
    lifetime: Mapped[float]
    seen_at: Mapped[float]
    created_at: Mapped[float]
