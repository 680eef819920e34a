"""What every repository has: a connection inside a transaction, and a clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Executable, Row, Select, Table
from sqlalchemy.dialects import postgresql

from storage.connection import Connection, Parameters
from storage.errors import NotFound

insert = postgresql.insert  # SQLite's ON CONFLICT is spelled alike and compiled from the same words

AnyRow = Row[*tuple[Any, ...]]


class Lockable(NamedTuple):
    """A query, and the same query that keeps its rows from being changed by others until the end.

    Kept in two so that neither is compiled anew; SQLite ignores the difference."""

    plain: Select[*tuple[Any, ...]]
    locking: Select[*tuple[Any, ...]]


def lockable(query: Select[*tuple[Any, ...]], table: Table) -> Lockable:
    """Lock rows of `table` when the query is asked inside a write."""
    return Lockable(query, query.with_for_update(key_share=True, of=table))


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which PostgreSQL or UTF-8 cannot hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Repository:
    """Queries about one noun within one transaction. Times are epoch seconds.

    Statements are built once, at import, so that asking costs neither building nor compiling.
    """

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    async def _execute(
        self, statement: Executable | Lockable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        if isinstance(statement, Lockable):
            locks = self._connection.locks_rows and self._connection.writable
            statement = statement.locking if locks else statement.plain
        return await self._connection.execute(statement, parameters)

    async def _rows(
        self, statement: Executable | Lockable, parameters: Parameters | None = None
    ) -> list[AnyRow]:
        return list((await self._execute(statement, parameters)).all())

    async def _one(self, statement: Executable | Lockable, **parameters: Any) -> AnyRow:
        """The row; raises NotFound where there is none."""
        row = (await self._execute(statement, parameters)).first()
        if row is None:
            raise NotFound
        return row

    async def _change_one(self, statement: Executable, **parameters: Any) -> None:
        """Change a row; raises NotFound where there is none."""
        if not await self._changed(statement, **parameters):
            raise NotFound

    async def _changed(self, statement: Executable, **parameters: Any) -> int:
        """Change rows; how many."""
        return (await self._execute(statement, parameters)).rowcount
