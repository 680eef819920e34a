"""Conversations that staff have opened."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.tables.base import Base, ConversationId, RowId, UserId


class OpeningRow(Base):
    """Somebody may read a conversation for a while. `ground` is what permits it: a `flag`, or `two`
    people who agreed; `reason` is what they gave for it."""

    __tablename__ = "openings"
    __table_args__: Any = (
        Index(None, "user_id", "conversation_id"),
        Index(None, "conversation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    conversation_id: Mapped[ConversationId]
    ground: Mapped[str]
    reason: Mapped[str]
    opened_at: Mapped[float]
    until: Mapped[float]
