"""How those who operate the assistant have set the running system."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class OperationRow(Base):
    """One thing that was set by its name, as JSON; `changed_by`, without a foreign key, is who set
    it."""

    __tablename__ = "operations"
    __table_args__: Any = ()

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    changed_by: Mapped[int | None]
    changed_at: Mapped[float]
