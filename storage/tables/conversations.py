"""Conversations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowId, UserId


class ConversationRow(Base):
    """A chat with its memory. Turns up to `begun_turn` are not part of prompts any more.

    A deleted one keeps its row, since the chat may begin again under the same key.
    """

    __tablename__ = "conversations"
    __table_args__: Any = (
        UniqueConstraint("channel", "account", "chat", "thread"),
        Index(None, "user_id", "updated_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    channel: Mapped[str]
    account: Mapped[str]
    chat: Mapped[str]
    thread: Mapped[str]
    user_id: Mapped[UserId]
    title: Mapped[str]
    revision: Mapped[int]
    begun_turn: Mapped[int]
    reachable: Mapped[bool]
    deleted: Mapped[bool]
    created_at: Mapped[float]
    updated_at: Mapped[float]
    # When it was said last that a program answers, and the place that words go to which the
    # people here were told of; "" is the operator's own machine.
    disclosed_at: Mapped[float] = mapped_column(server_default="0")
    told_place: Mapped[str] = mapped_column(server_default="")
