"""What a reviewer should see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, ConversationId, Id, RowId


class FlagRow(Base):
    """A conversation, and mostly a message in it, that somebody should look at."""

    __tablename__ = "flags"
    __table_args__: Any = (Index(None, "conversation_id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    message_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("messages.id", ondelete="SET NULL")
    )
    reason: Mapped[str]
    created_at: Mapped[float]
