"""What a reviewer should see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, ConversationId, Id, RowId, only_where

OPEN = "state = 'open'"


class FlagRow(Base):
    """A conversation, and mostly a message in it, that somebody should look at.

    What is found or reported of the same message while its flag is open is added to it, so that
    nobody looks twice. `findings` and `proposed` are JSON; `user_id` is whose message it is,
    `claimed_by` who looks at it, without foreign keys since the flag outlives both. `level` is the
    least role that may decide it, `locked` ones are for those with that right alone. `held` says
    that an answer waits for the decision.
    """

    __tablename__ = "flags"
    __table_args__: Any = (
        Index(None, "conversation_id"),
        Index("ix_flags_queue", "rank", "id", **only_where(OPEN)),
        Index("uq_flags_open_message", "message_id", unique=True, **only_where(OPEN)),
        Index(None, "user_id", "id"),
        Index(None, "message_id"),
        Index(None, "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    message_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("messages.id", ondelete="SET NULL")
    )
    reason: Mapped[str]  # its leading category
    created_at: Mapped[float]
    user_id: Mapped[int | None]
    turn_id: Mapped[int | None]
    side: Mapped[str] = mapped_column(server_default="question")
    score: Mapped[float] = mapped_column(server_default="0")
    rank: Mapped[int] = mapped_column(server_default="-2")  # minus the priority
    findings: Mapped[str] = mapped_column(server_default="[]")
    proposed: Mapped[str] = mapped_column(server_default="[]")
    confirmed_by: Mapped[str] = mapped_column(server_default="")
    policy: Mapped[int] = mapped_column(server_default="0")
    reports: Mapped[int] = mapped_column(server_default="0")
    state: Mapped[str] = mapped_column(server_default="open")
    level: Mapped[str] = mapped_column(server_default="reviewer")
    locked: Mapped[bool] = mapped_column(server_default=false())
    held: Mapped[bool] = mapped_column(server_default=false())
    claimed_by: Mapped[int | None]
    claimed_until: Mapped[float] = mapped_column(server_default="0")
    snoozed_until: Mapped[float] = mapped_column(server_default="0")
    decided_at: Mapped[float | None]
