"""What moderation rests on: versions of the policy, tries of them, and restrictions of people."""

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


class TrialRow(Base):
    """A version of the policy tried on what was said lately, beside the one that was in force.

    `seen_at` is moved on while it runs; `outcome` is JSON, empty until there is one.
    """

    __tablename__ = "trials"
    __table_args__: Any = (Index(None, "policy", "id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    policy: Mapped[int]
    against: Mapped[int]
    asked_by: Mapped[int | None]
    state: Mapped[str]
    looked: Mapped[int]
    expected: Mapped[int]
    outcome: Mapped[str]
    created_at: Mapped[float]
    seen_at: Mapped[float]


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
