"""How those who review want to work, and what they may see by name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id


class ReviewerRow(Base):
    """One of staff. `pictures` is how pictures are shown to them at first, `left_out` (JSON) the
    categories that they are not offered, `unlocked` whether the owner lets them see what is locked.
    """

    __tablename__ = "reviewers"
    __table_args__: Any = ()

    user_id: Mapped[int] = mapped_column(
        Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    pictures: Mapped[str] = mapped_column(server_default="both")
    left_out: Mapped[str] = mapped_column(server_default="[]")
    unlocked: Mapped[bool] = mapped_column(server_default=false())
