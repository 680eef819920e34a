"""PostgreSQL by asyncpg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import URL, CursorResult, Executable
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncTransaction,
    create_async_engine,
)

from storage.connection import FAILURES, Parameters, translated


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
        async with _ended(self._connection.begin_nested()):
            yield


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
        async with _connected(self._engine) as connection, _ended(connection.begin()):
            yield PostgresConnection(connection, writable=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[PostgresConnection]:
        """A transaction over one state of the database that cannot write."""
        async with _connected(self._reading) as connection, _ended(connection.begin()):
            yield PostgresConnection(connection, writable=False)


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        connection = await engine.connect()
    except FAILURES as error:
        raise translated(error) from error
    try:
        yield connection
    finally:
        await asyncio.shield(connection.close())


@asynccontextmanager
async def _ended(transaction: AsyncTransaction) -> AsyncIterator[None]:
    """Begin, then commit, or roll back on any error."""
    try:
        await transaction.start()
    except FAILURES as error:
        raise translated(error) from error
    try:
        yield
    except BaseException:
        with suppress(*FAILURES):  # a connection that is lost has rolled back, too
            await transaction.rollback()
        raise
    try:
        await transaction.commit()
    except FAILURES as error:
        raise translated(error) from error
