"""PostgreSQL by asyncpg."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, CursorResult, Executable
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.connection import Parameters, translated

FAILURES = (SQLAlchemyError, OSError)  # TimeoutError is an OSError


class PostgresConnection:
    """A connection inside a transaction (see storage.connection.Connection)."""

    locks_rows = True

    def __init__(self, connection: AsyncConnection, *, writable: bool) -> None:
        self._connection = connection
        self.writable = writable

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        try:
            return await self._connection.execute(statement, parameters)
        except FAILURES as error:
            raise translated(error) from error

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        savepoint = await self._guarded_begin()
        try:
            yield
        except BaseException:
            await savepoint.rollback()
            raise
        else:
            await savepoint.commit()

    async def _guarded_begin(self) -> Any:
        try:
            return await self._connection.begin_nested()
        except FAILURES as error:
            raise translated(error) from error


class Postgres:
    """A PostgreSQL database; connections that broke are noticed before they are used."""

    def __init__(self, url: URL, *, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=5,
            pool_timeout=10,
            pool_pre_ping=True,
            connect_args={"timeout": 10, "command_timeout": 30},
        )
        self._reading = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def open(self) -> None:
        """Raises DatabaseUnavailable."""
        async with self.read():
            pass

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[PostgresConnection]:
        """A READ COMMITTED transaction."""
        try:
            async with self._engine.begin() as connection:
                yield PostgresConnection(connection, writable=True)
        except FAILURES as error:
            raise translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresConnection]:
        """A transaction over one state of the database that cannot write."""
        try:
            async with self._reading.begin() as connection:
                yield PostgresConnection(connection, writable=False)
        except FAILURES as error:
            raise translated(error) from error
