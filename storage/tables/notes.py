"""What staff write down about people for each other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.tables.base import Base, RowId, UserId


class NoteRow(Base):
    """A note about a person; it goes with them. `author_id`, without a foreign key, is who wrote
    it."""

    __tablename__ = "notes"
    __table_args__: Any = (Index(None, "user_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[RowId]
    user_id: Mapped[UserId]
    author_id: Mapped[int | None]
    text: Mapped[str]
    created_at: Mapped[float]
