"""Turns: one prompt and its answer."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, ConversationId, RowId, only_where

UNFINISHED = "state IN ('collecting', 'queued', 'running')"


class TurnRow(Base):
    """A turn. Its conditions below stand in queries word for word: SQLite finds the index by them.

    `asked_at` is when it was opened, or asked for anew. `delivery_until` 0 means that nobody shows
    it; `generation` counts the messages it was shown in. `answer_id` has no foreign key, since
    messages refer to turns.
    """

    __tablename__ = "turns"
    __table_args__: Any = (
        Index(
            "uq_turns_running", "conversation_id", unique=True, **only_where("state = 'running'")
        ),
        Index(
            "uq_turns_collecting",
            "conversation_id",
            unique=True,
            **only_where("state = 'collecting'"),
        ),
        Index("ix_turns_queued", "id", **only_where("state = 'queued'")),
        Index("ix_turns_unfinished", "conversation_id", "id", **only_where(UNFINISHED)),
        Index("ix_turns_leased", "lease_until", **only_where("state = 'running'")),
        Index("ix_turns_unshown", "id", **only_where("NOT shown")),
        Index("ix_turns_failed", "ended_at", **only_where("state = 'failed'")),
        Index("ix_turns_ended", "ended_at", **only_where("ended_at IS NOT NULL")),
        Index(None, "conversation_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    state: Mapped[str]
    attempt: Mapped[int]
    crashes: Mapped[int]
    reason: Mapped[str]
    finish_reason: Mapped[str]
    answer_id: Mapped[int | None]
    cancel_requested: Mapped[bool]
    due_at: Mapped[float | None]
    not_before: Mapped[float]
    postponed_since: Mapped[float | None]
    worker_id: Mapped[str | None]
    lease_until: Mapped[float | None]
    pulled: Mapped[bool]
    shown: Mapped[bool]
    delivery_owner: Mapped[str | None]
    delivery_until: Mapped[float]
    generation: Mapped[int]
    prompt_tokens: Mapped[int]
    cached_tokens: Mapped[int]
    generated_tokens: Mapped[int]
    created_at: Mapped[float]
    asked_at: Mapped[float]
    ended_at: Mapped[float | None]
    # Seconds from the finished prompt to the answer's first text, and how many pictures the
    # question had; not known of turns that ended in older releases.
    first_text_seconds: Mapped[float | None]
    pictures: Mapped[int | None]
    # The last message of the question that somebody has looked at and let through.
    cleared_up_to: Mapped[int] = mapped_column(server_default="0")
    model: Mapped[str] = mapped_column(server_default="")  # that its last attempt was answered by
