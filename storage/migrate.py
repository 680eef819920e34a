"""Bring the tables to a revision, forth and back, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.connection import FAILURES, translated
from storage.errors import StorageError
from storage.sqlite import connect, raw

T = TypeVar("T")

_FOLDER = Path(__file__).parent / "migrations"
_LOCK_SECONDS = 60.0
_ADVISORY_LOCK = 0x77686D62  # any number, as long as nobody else takes it
_HAS_COUNTS = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")
_COUNTS = text("SELECT name, seq FROM sqlite_sequence")
_COUNT_ON = text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :table")
_alembic = threading.Lock()  # Alembic's `op` and `context` are global to the process


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate up; nothing happens when the tables are there. Safe to run in several processes.

    One transaction for all: it happens as a whole or not at all. Raises StorageError.
    """
    within(url, lambda connection: upgrade_within(connection, revision))


def downgrade(url: str, revision: str) -> None:
    """Migrate down to a revision, `base` being an empty database. Raises StorageError."""
    within(url, lambda connection: downgrade_within(connection, revision))


def current(url: str) -> str | None:
    """The revision the database is at, None when it has no tables of ours. Raises StorageError."""
    parsed = parsed_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return None
    return within(url, revision_of)


def is_current(url: str) -> bool:
    """Whether the tables are those of this version. Raises StorageError."""
    return current(url) == revisions()[-1]


def revisions() -> list[str]:
    """Every revision that this version knows, oldest first."""
    walk = ScriptDirectory(str(_FOLDER)).walk_revisions()
    return [script.revision for script in walk][::-1]


def revision_of(connection: Connection) -> str | None:
    """The revision that the tables behind the connection are at."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Migrate up inside a transaction of `within`."""
    with _counts_kept(connection):
        command.upgrade(_config(connection), revision)


def downgrade_within(connection: Connection, revision: str) -> None:
    """Migrate down inside a transaction of `within`."""
    with _counts_kept(connection):
        command.downgrade(_config(connection), revision)


@contextmanager
def _counts_kept(connection: Connection) -> Iterator[None]:
    """Let no id be given a second time: SQLite counts anew from the highest id that is left where
    a table is copied to change it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = last_ids(connection)
    yield
    for table, last in before.items():
        connection.execute(_COUNT_ON, {"table": table, "last": last})


def last_ids(connection: Connection) -> dict[str, int]:
    """The last id that SQLite has given, by table."""
    if connection.execute(_HAS_COUNTS).first() is None:
        return {}
    return {str(name): int(last) for name, last in connection.execute(_COUNTS)}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def parsed_url(url: str) -> URL:
    """The URL, when it is one of a database that we keep. Raises StorageError."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError("the database URL cannot be read") from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise StorageError("the database URL must begin with sqlite:///FILE or postgresql://")
    return parsed


def within(url: str, work: Callable[[Connection], T]) -> T:
    """Work in a transaction that keeps all other migrations away, in whichever process."""
    parsed = parsed_url(url)
    with _alembic:
        try:
            if parsed.get_backend_name() == "sqlite":
                return _within_sqlite(Path(str(parsed.database)), work)
            return _within_postgres(parsed.set(drivername="postgresql+asyncpg"), work)
        except CommandError as error:
            raise StorageError(str(error)) from error
        except FAILURES as error:
            raise translated(error) from error


def _within_sqlite(path: Path, work: Callable[[Connection], T]) -> T:
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path, timeout=_LOCK_SECONDS), poolclass=NullPool
    )
    with engine.connect() as connection:
        driver = raw(connection)
        driver.execute("PRAGMA foreign_keys=OFF")  # tables are copied and renamed
        driver.execute("BEGIN IMMEDIATE")
        with connection.begin():
            return work(connection)


def _within_postgres(url: URL, work: Callable[[Connection], T]) -> T:
    async def run() -> T:
        engine = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 10})
        try:
            async with engine.begin() as connection:
                await connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
                )
                return await connection.run_sync(work)
        finally:
            await engine.dispose()

    with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one
        return thread.submit(asyncio.run, run()).result()
