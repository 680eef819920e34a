"""Replies that people are to see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, ConversationId, Id, RowId, only_where

OF_BROADCAST = "broadcast_id IS NOT NULL"
WAITING = "state IN ('pending', 'sending') AND kind <> 'answer'"


class OutboundRow(Base):
    """A notice, by key and arguments (JSON), or one part of a turn's answer."""

    __tablename__ = "outbound"
    __table_args__: Any = (
        Index(
            "uq_outbound_part",
            "turn_id",
            "generation",
            "part",
            unique=True,
            **only_where("kind = 'answer'"),
        ),
        Index("ix_outbound_waiting", "id", **only_where(WAITING)),
        Index("ix_outbound_waiting_chat", "conversation_id", "id", **only_where(WAITING)),
        Index(None, "conversation_id", "id"),
        Index("ix_outbound_broadcast", "broadcast_id", "state", **only_where(OF_BROADCAST)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    turn_id: Mapped[int | None] = mapped_column(Id, ForeignKey("turns.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str]
    generation: Mapped[int]
    part: Mapped[int]
    notice: Mapped[str | None]
    buttons: Mapped[str]
    text: Mapped[str]
    platform_id: Mapped[str]
    reply_to: Mapped[str]
    error: Mapped[str]
    tries: Mapped[int]
    not_before: Mapped[float]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float]
    created_at: Mapped[float]
    broadcast_id: Mapped[int | None]
