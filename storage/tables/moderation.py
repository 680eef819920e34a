"""What moderation rests on: versions of the policy, and what people may not do for a time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.tables.base import Base, RowId, UserId, only_where

IN_FORCE = "lifted_at IS NULL"


class PolicyRow(Base):
    """A version of the policy, as it was written. The last one that went live is in force."""

    __tablename__ = "policies"
    __table_args__: Any = (Index(None, "live_at"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]  # its number
    text: Mapped[str]
    note: Mapped[str]
    author_id: Mapped[int | None]
    created_at: Mapped[float]
    live_at: Mapped[float | None]


class RestrictionRow(Base):
    """A warning, a strike, a mute or a ban; `until` None stands for good.

    `category` and `policy` name the rule; `flag_id`, `decision_id` and `decided_by`, without
    foreign keys, what it rests on: none of the last two where the policy itself did it.
    """

    __tablename__ = "restrictions"
    __table_args__: Any = (
        Index(None, "user_id", "id"),
        Index("ix_restrictions_in_force", "user_id", **only_where(IN_FORCE)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    kind: Mapped[str]
    category: Mapped[str]
    reason: Mapped[str]
    policy: Mapped[int]
    flag_id: Mapped[int | None]
    decision_id: Mapped[int | None]
    decided_by: Mapped[int | None]
    created_at: Mapped[float]
    until: Mapped[float | None]
    lifted_at: Mapped[float | None]
    lifted_by: Mapped[int | None]
