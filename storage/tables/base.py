"""The base of all tables: how ids, times and constraints are made and named."""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import BigInteger, Double, ForeignKey, Integer, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, mapped_column

Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up INTEGER keys only

RowId = Annotated[int, mapped_column(Id, primary_key=True)]
ConversationId = Annotated[
    int, mapped_column(Id, ForeignKey("conversations.id", ondelete="CASCADE"))
]
UserId = Annotated[int, mapped_column(Id, ForeignKey("users.id", ondelete="CASCADE"))]


def only_where(condition: str) -> dict[str, Any]:
    """Arguments that make an index partial."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Base(DeclarativeBase):
    """Constraints have names by rule, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {int: Id, float: Double(), str: Text()}  # noqa: RUF012
    __table_args__: Any = {"sqlite_autoincrement": True}  # noqa: RUF012
