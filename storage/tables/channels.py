"""What concerns our accounts on messengers: updates seen, waits asked for, leases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class UpdateRow(Base):
    """An update that was recorded."""

    __tablename__ = "updates"
    __table_args__: Any = (Index(None, "seen_at"), {"sqlite_with_rowid": False})

    channel: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    update_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[float]


class WaitRow(Base):
    """Until when no calls are to be made; the chat "" is the whole account."""

    __tablename__ = "waits"
    __table_args__: Any = {"sqlite_with_rowid": False}  # noqa: RUF012

    channel: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    chat: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[float]


class LeaseRow(Base):
    """Who alone may do something, and until when."""

    __tablename__ = "leases"
    __table_args__: Any = {"sqlite_with_rowid": False}  # noqa: RUF012

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[float]
