"""Pictures that are known already: their hashes, never the pictures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowId


class KnownPictureRow(Base):
    """A PDQ hash as 64 hexadecimal digits, small letters, and what it is the hash of.

    `source` says how it came in; `added_by`, without a foreign key, by whom.
    """

    __tablename__ = "known_pictures"
    __table_args__: Any = (Index(None, "category", "id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    pdq: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    source: Mapped[str]
    note: Mapped[str]
    added_by: Mapped[int | None]
    created_at: Mapped[float]


class BankVersionRow(Base):
    """A number that moves on with each change of the bank, for those who keep it in memory."""

    __tablename__ = "bank_versions"
    __table_args__: Any = ()

    bank: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
