"""The database: transactions and the repositories in them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.repositories import (
    Attachments,
    Codes,
    Conversations,
    Flags,
    Leases,
    Messages,
    OutboundRows,
    Turns,
    Updates,
    Users,
    Waits,
    WebSessions,
)


class Transaction:
    """One SQL transaction and the repositories in it."""

    def __init__(
        self, connection: AsyncConnection, *, clock: Callable[[], float], writable: bool
    ) -> None:
        self._connection = connection
        self.users = Users(connection, clock=clock, writable=writable)
        self.conversations = Conversations(connection, clock=clock, writable=writable)
        self.messages = Messages(connection, clock=clock, writable=writable)
        self.attachments = Attachments(connection, clock=clock, writable=writable)
        self.updates = Updates(connection, clock=clock, writable=writable)
        self.turns = Turns(connection, clock=clock, writable=writable)
        self.outbound = OutboundRows(connection, clock=clock, writable=writable)
        self.waits = Waits(connection, clock=clock, writable=writable)
        self.flags = Flags(connection, clock=clock, writable=writable)
        self.codes = Codes(connection, clock=clock, writable=writable)
        self.web_sessions = WebSessions(connection, clock=clock, writable=writable)
        self.leases = Leases(connection, clock=clock, writable=writable)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo only what happens inside when it raises."""
        async with self._connection.begin_nested():
            yield


class Database:
    """SQLite or PostgreSQL, opened as an async context manager."""

    @classmethod
    def from_url(cls, url: str, *, clock: Callable[[], float] = time.time) -> Database:
        """`sqlite:///FILE` or `postgresql://...`; the drivers are added here."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that commits when left, and rolls back on any error."""
        raise NotImplementedError
        yield

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that can only read, over one state of the database."""
        raise NotImplementedError
        yield

    async def ping(self) -> None:
        """Raises DatabaseUnavailable unless the database can be written to."""
        raise NotImplementedError
