"""The database: transactions and the repositories in them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.connection import Connection
from storage.errors import StorageError
from storage.postgres import Postgres
from storage.repositories import (
    Appeals,
    Attachments,
    Audit,
    Broadcasts,
    Codes,
    Conversations,
    Decisions,
    Desk,
    Feedback,
    Flags,
    Holds,
    KnownPictures,
    Leases,
    Messages,
    Notes,
    Openings,
    Operations,
    OutboundRows,
    Passwords,
    People,
    Policies,
    Quality,
    Reports,
    Restrictions,
    Retention,
    Reviewers,
    ReviewQueue,
    SecondFactors,
    Spoken,
    Timeline,
    Trials,
    Turns,
    Updates,
    Users,
    Waits,
    WebSessions,
)
from storage.sqlite import Sqlite
from storage.together import SharedWrites

T = TypeVar("T")


class Transaction:
    """One SQL transaction and the repositories in it."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self.users = Users(connection, clock)
        self.conversations = Conversations(connection, clock)
        self.messages = Messages(connection, clock)
        self.attachments = Attachments(connection, clock)
        self.updates = Updates(connection, clock)
        self.turns = Turns(connection, clock)
        self.outbound = OutboundRows(connection, clock)
        self.waits = Waits(connection, clock)
        self.flags = Flags(connection, clock)
        self.review_queue = ReviewQueue(connection, clock)
        self.reviewers = Reviewers(connection, clock)
        self.policies = Policies(connection, clock)
        self.trials = Trials(connection, clock)
        self.spoken = Spoken(connection, clock)
        self.decisions = Decisions(connection, clock)
        self.appeals = Appeals(connection, clock)
        self.reports = Reports(connection, clock)
        self.feedback = Feedback(connection, clock)
        self.restrictions = Restrictions(connection, clock)
        self.notes = Notes(connection, clock)
        self.openings = Openings(connection, clock)
        self.desk = Desk(connection, clock)
        self.broadcasts = Broadcasts(connection, clock)
        self.people = People(connection, clock)
        self.timeline = Timeline(connection, clock)
        self.quality = Quality(connection, clock)
        self.known_pictures = KnownPictures(connection, clock)
        self.holds = Holds(connection, clock)
        self.retention = Retention(connection, clock)
        self.codes = Codes(connection, clock)
        self.web_sessions = WebSessions(connection, clock)
        self.passwords = Passwords(connection, clock)
        self.second_factors = SecondFactors(connection, clock)
        self.leases = Leases(connection, clock)
        self.operations = Operations(connection, clock)
        self.audit = Audit(connection, clock)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo only what happens inside when it raises."""
        waiting = self.audit.waiting
        try:
            async with self._connection.savepoint():
                yield
        except BaseException:
            self.audit.waiting = waiting
            raise


class Database:
    """SQLite or PostgreSQL, opened as an async context manager.

    Whatever the database does wrong is raised as a StorageError: DatabaseUnavailable where it may
    go away by itself, WriteConflict where two transactions collided, SchemaOutdated where tables
    are missing.
    """

    def __init__(self, engine: Sqlite | Postgres, *, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._clock = clock
        self._shared = SharedWrites(self.write)

    @classmethod
    def from_url(cls, url: str, *, clock: Callable[[], float] = time.time) -> Database:
        """`sqlite:///FILE` or `postgresql://...`. Raises StorageError for anything else."""
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StorageError("the database URL cannot be read") from error
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            return cls(Sqlite(Path(str(parsed.database))), clock=clock)
        if parsed.get_backend_name() in ("postgresql", "postgres"):
            return cls(Postgres(parsed.set(drivername="postgresql+asyncpg")), clock=clock)
        raise StorageError("the database URL must begin with sqlite:///FILE or postgresql://")

    async def __aenter__(self) -> Self:
        await self._engine.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._shared.aclose()
        await self._engine.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """A transaction that commits when left, and rolls back on any error.

        On SQLite it holds the one write lock from its beginning: await nothing slow inside. On
        PostgreSQL the rows that a decision is based on are locked as they are read."""
        async with self._engine.write() as connection:
            transaction = Transaction(connection, self._clock)
            yield transaction
            await transaction.audit.write_down()

    async def write_together(self, change: Callable[[Transaction], Awaitable[T]]) -> T:
        """What a small change returns, once it is committed, with others of the same moment; see
        SharedWrites."""
        return await self._shared.run(change)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that can only read, over one state of the database."""
        async with self._engine.read() as connection:
            yield Transaction(connection, self._clock)

    async def ping(self) -> None:
        """Raises DatabaseUnavailable unless the database can be written to."""
        async with self.write() as transaction:
            await transaction.leases.acquire("ping", "ping", 1.0)
