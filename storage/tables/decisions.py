"""What was decided about flags and people, by whom, and what people say of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowId, UserId, only_where

DUE = "state IN ('counting', 'waiting')"
UNDECIDED = "state = 'open'"


class DecisionRow(Base):
    """A decision with the rule it rests on. Numbers of others' rows are kept without foreign keys:
    a decision outlives what it was about.

    It can be undone until `due_at` while `counting`; a `waiting` one needs a second person, or
    where there is none (`alone`) the time until then.
    """

    __tablename__ = "decisions"
    __table_args__: Any = (
        Index("ix_decisions_due", "due_at", **only_where(DUE)),
        Index(None, "flag_id"),
        Index(None, "user_id", "id"),
        Index(None, "decided_by", "id"),
        Index(None, "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    flag_id: Mapped[int | None]
    user_id: Mapped[int | None]
    conversation_id: Mapped[int | None]
    message_id: Mapped[int | None]
    decided_by: Mapped[int | None]
    verdict: Mapped[str]
    seconds: Mapped[float | None]
    category: Mapped[str]
    policy: Mapped[int]
    note: Mapped[str]
    state: Mapped[str]
    alone: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[float]
    due_at: Mapped[float]
    seconded_by: Mapped[int | None]
    reversed_by: Mapped[int | None]
    ended_at: Mapped[float | None]


class AppealRow(Base):
    """Somebody disagrees with a restriction; another person than who decided it looks again."""

    __tablename__ = "appeals"
    __table_args__: Any = (
        Index("uq_appeals_open", "restriction_id", unique=True, **only_where(UNDECIDED)),
        Index("ix_appeals_queue", "id", **only_where(UNDECIDED)),
        Index(None, "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    conversation_id: Mapped[int | None]
    restriction_id: Mapped[int]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    created_at: Mapped[float]
    decided_by: Mapped[int | None]
    decided_at: Mapped[float | None]
    note: Mapped[str] = mapped_column(server_default="")
    # Decided by who had decided before, since there was nobody else.
    same_person: Mapped[bool] = mapped_column(server_default=false())


class ReportRow(Base):
    """Somebody says that a message is not all right; told of the outcome when there is one."""

    __tablename__ = "reports"
    __table_args__: Any = (
        UniqueConstraint("message_id", "user_id"),
        Index(None, "flag_id"),
        Index(None, "user_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    conversation_id: Mapped[int]
    message_id: Mapped[int]
    flag_id: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[float]
    told_at: Mapped[float | None]


class FeedbackRow(Base):
    """A thumb up or down under an answer, and why. The answer is that of the turn's `attempt`;
    `liked` is None where there are only `words`, and `model` the one that answered."""

    __tablename__ = "feedback"
    __table_args__: Any = (
        UniqueConstraint("turn_id", "attempt", "user_id"),
        Index(None, "user_id"),
        Index(None, "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    turn_id: Mapped[int]
    attempt: Mapped[int] = mapped_column(server_default="0")
    liked: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(server_default="")
    words: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[float]
