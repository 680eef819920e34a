"""The audit log: what was done, by whom, to what, each entry chained to the one before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id


class AuditRow(Base):
    """An entry; see storage.chain.Entry. Without foreign keys: it outlives what it speaks of.

    Its key is no `id` that the database counts up: numbers are given without a gap.
    """

    __tablename__ = "audit"
    __table_args__: Any = (Index(None, "object_kind", "object_id"),)

    number: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    time: Mapped[int]
    actor_id: Mapped[int | None]
    actor: Mapped[str]
    role: Mapped[str]
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[str]
    details: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class AuditHeadRow(Base):
    """The one row that writers lock: the last entry's number and hash."""

    __tablename__ = "audit_heads"
    __table_args__: Any = ()

    chain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str]
