"""SQLite in WAL mode: one writer, whose transactions begin IMMEDIATE, and a few readers.

Statements run in the event loop's own thread: they wait for no lock, since only BEGIN IMMEDIATE
can, and that is asked again and again instead. Each takes some 50 us this way; by aiosqlite's
thread it was ten times that, since every call is handed to and fro five times.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy
import structlog
from sqlalchemy import CursorResult, Executable, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.connection import FAILURES, Parameters, translated
from storage.errors import DatabaseUnavailable

log = structlog.get_logger()

_COMMITS_BETWEEN_CHECKPOINTS = 500
_SPARE_READERS = 4


def connect(path: Path, *, timeout: float = 0.0) -> sqlite3.Connection:
    """Open the file, made readable for its owner only when new; `timeout` (s) is for locks."""
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        _write_ahead(connection, timeout)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection, timeout: float) -> None:
    """Write ahead from now on. SQLite does not wait for locks when a new file is switched to that,
    whatever its timeout: two processes that begin at once would not both begin."""
    until = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() >= until:
                raise
        time.sleep(0.01)


class SqliteConnection:
    """A connection inside a transaction (see storage.connection.Connection)."""

    locks_rows = False

    def __init__(self, connection: sqlalchemy.Connection, *, writable: bool) -> None:
        self._connection = connection
        self.writable = writable

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        try:
            return self._connection.execute(statement, parameters)
        except FAILURES as error:
            raise translated(error) from error

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        nested = self._connection.begin_nested()
        try:
            yield
            nested.commit()
        except BaseException:
            self._undo(nested)
            raise

    def _undo(self, nested: sqlalchemy.NestedTransaction) -> None:
        try:
            nested.rollback()
        except FAILURES as error:  # SQLite has given up the whole transaction
            raise translated(error) from error


class Sqlite:
    """A SQLite file. Writers of this process queue on a lock, those of others by asking again."""

    def __init__(self, path: Path, *, busy_seconds: float = 10.0) -> None:
        self._path = path
        self._busy_seconds = busy_seconds
        self._engine = create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        self._turnstile = asyncio.Lock()
        self._inside: asyncio.Task[Any] | None = None
        self._writer: sqlalchemy.Connection | None = None
        self._readers: list[sqlalchemy.Connection] = []
        self._commits = 0
        self._checkpoint: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Raises DatabaseUnavailable."""
        deadline = asyncio.get_running_loop().time() + self._busy_seconds
        while self._writer is None:
            try:
                self._writer = self._engine.connect()
            except FAILURES as error:
                await self._again(error, deadline)
        raw(self._writer).execute("PRAGMA wal_autocheckpoint=20000")  # see _checkpointed

    async def close(self) -> None:
        """Close all connections; the last one of all processes folds the log into the file."""
        if self._checkpoint:
            await asyncio.wait([self._checkpoint])
        for connection in (*self._readers, *filter(None, [self._writer])):
            connection.close()
        self._readers, self._writer = [], None
        self._engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqliteConnection]:
        """A transaction that holds SQLite's write lock from its beginning."""
        me = asyncio.current_task()
        assert self._inside is not me, "a write inside a write would wait for itself"
        async with self._turnstile:
            assert self._writer is not None, "the database is not open"
            await self._begin_immediate(raw(self._writer))
            self._inside = me
            try:
                with _ended(self._writer):
                    yield SqliteConnection(self._writer, writable=True)
            finally:
                self._inside = None
        self._checkpointed()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[SqliteConnection]:
        """A transaction over one state of the file that cannot write."""
        connection = self._readers.pop() if self._readers else self._reader()
        try:
            raw(connection).execute("BEGIN")
            with _ended(connection):
                yield SqliteConnection(connection, writable=False)
        finally:
            if len(self._readers) < _SPARE_READERS:
                self._readers.append(connection)
            else:
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        return connect(self._path)

    def _reader(self) -> sqlalchemy.Connection:
        try:
            connection = self._engine.connect()
            raw(connection).execute("PRAGMA query_only=ON")
            raw(connection).execute("PRAGMA busy_timeout=2000")  # only while a log is recovered
        except FAILURES as error:
            raise translated(error) from error
        return connection

    async def _begin_immediate(self, connection: sqlite3.Connection) -> None:
        deadline = asyncio.get_running_loop().time() + self._busy_seconds
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                await self._again(error, deadline)
            else:
                return

    async def _again(self, error: Exception, deadline: float) -> None:
        """Wait a little where the file is only locked, else raise."""
        cause = error.__cause__ if isinstance(error, DBAPIError) else error
        locked = getattr(cause, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        )
        if not locked or asyncio.get_running_loop().time() > deadline:
            raise translated(error) from error
        # a pause, no secret
        await asyncio.sleep(random.uniform(0.0005, 0.004))  # nosec B311

    def _checkpointed(self) -> None:
        """Fold the log into the file now and then, in a thread: it waits for the disk."""
        self._commits += 1
        if self._commits >= _COMMITS_BETWEEN_CHECKPOINTS and self._checkpoint is None:
            self._commits = 0
            self._checkpoint = asyncio.create_task(self._fold())

    async def _fold(self) -> None:
        try:
            await asyncio.to_thread(_checkpoint, self._path)
        except sqlite3.Error as error:
            log.warning("checkpoint failed", error=str(error))
        finally:
            self._checkpoint = None


@contextmanager
def _ended(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Commit a transaction that has begun already, or roll it back on any error."""
    transaction = connection.begin()
    try:
        yield
        _commit(connection, transaction)
    except BaseException:
        transaction.rollback()
        raise


def _commit(connection: sqlalchemy.Connection, transaction: sqlalchemy.RootTransaction) -> None:
    if not raw(connection).in_transaction:  # SQLite gives it up by itself when the disk is full
        raise DatabaseUnavailable("the transaction was rolled back")
    try:
        transaction.commit()
    except FAILURES as error:
        raise translated(error) from error


def raw(connection: sqlalchemy.Connection) -> sqlite3.Connection:
    """The driver's connection underneath."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _checkpoint(path: Path) -> None:
    connection = connect(path, timeout=5.0)
    try:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
    finally:
        connection.close()
