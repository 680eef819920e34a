"""A look at the whole database in one state, while others write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.backup.format import BackupError
from storage.connection import FAILURES, translated
from storage.migrate import parsed_url
from storage.sqlite import connect, raw

T = TypeVar("T")

_LOCK_SECONDS = 60.0


def snapshot(url: str, work: Callable[[Connection], T]) -> T:
    """Read over one state of the database. Blocks; raises StorageError."""
    parsed = parsed_url(url)
    try:
        if parsed.get_backend_name() == "sqlite":
            return _of_sqlite(Path(str(parsed.database)), work)
        return _of_postgres(parsed.set(drivername="postgresql+asyncpg"), work)
    except FAILURES as error:
        raise translated(error) from error


def _of_sqlite(path: Path, work: Callable[[Connection], T]) -> T:
    if not path.exists():
        raise BackupError(f"there is nothing to back up: {path} does not exist")
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path, timeout=_LOCK_SECONDS), poolclass=NullPool
    )
    with engine.connect() as connection:
        raw(connection).execute("PRAGMA query_only=ON")
        raw(connection).execute("BEGIN")
        with connection.begin() as transaction:
            try:
                return work(connection)
            finally:
                transaction.rollback()


def _of_postgres(url: URL, work: Callable[[Connection], T]) -> T:
    async def run() -> T:
        engine = create_async_engine(
            url,
            poolclass=NullPool,
            connect_args={"timeout": 10},
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
        )
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one
        return thread.submit(asyncio.run, run()).result()
