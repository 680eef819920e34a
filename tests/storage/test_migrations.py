"""Migrations up and down, from several processes, and their agreement with the tables."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from storage import migrate
from storage.database import Database
from storage.errors import StorageError
from storage.migrate import within
from storage.sqlite import connect
from storage.tables import metadata


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def _names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _indexes(connection: Connection) -> set[str]:
    found = inspect(connection)
    return {str(index["name"]) for table in metadata.tables for index in found.get_indexes(table)}


def test_the_migrations_lead_to_the_tables(empty_database_url: str) -> None:
    assert migrate.current(empty_database_url) is None
    assert not migrate.is_current(empty_database_url)
    migrate.upgrade(empty_database_url)
    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)
    assert within(empty_database_url, _differences) == []
    expected = {index.name for table in metadata.tables.values() for index in table.indexes}
    assert expected <= within(empty_database_url, _indexes)


def test_they_lead_down_again(empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    migrate.downgrade(empty_database_url, "base")
    assert within(empty_database_url, _names) == {"alembic_version"}
    assert migrate.current(empty_database_url) is None
    migrate.upgrade(empty_database_url)
    assert migrate.is_current(empty_database_url)


def test_two_processes_may_migrate_at_once(empty_database_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(migrate.upgrade, [empty_database_url] * 4, 1)
        pool.close()
        pool.join()
    assert migrate.is_current(empty_database_url)


async def test_migrating_beside_a_running_loop_works(empty_database_url: str) -> None:
    await asyncio.to_thread(migrate.upgrade, empty_database_url)
    migrate.upgrade(empty_database_url)
    async with Database.from_url(empty_database_url) as database:
        await database.ping()


def test_an_unknown_revision_is_named(empty_database_url: str) -> None:
    with pytest.raises(StorageError, match="9999"):
        migrate.upgrade(empty_database_url, "9999")
    assert migrate.current(empty_database_url) is None


def test_a_failed_migration_leaves_nothing_behind(empty_database_url: str) -> None:
    def fail(connection: Connection) -> None:
        metadata.create_all(connection)
        raise StorageError("on purpose")

    with pytest.raises(StorageError, match="on purpose"):
        within(empty_database_url, fail)
    assert within(empty_database_url, _names) == set()


@pytest.mark.parametrize("url", ["mysql://there/x", "nonsense"])
def test_other_urls_are_refused_in_words(url: str) -> None:
    with pytest.raises(StorageError, match="database URL"):
        migrate.upgrade(url)


def test_a_new_file_is_begun_by_several_at_once(tmp_path: Path) -> None:
    """Switching it to write ahead is nothing that SQLite waits for by itself."""
    together = threading.Barrier(4)

    def begin(number: int) -> None:
        together.wait()
        connect(tmp_path / f"{number}.sqlite3", timeout=60).close()

    with ThreadPoolExecutor(4) as threads:
        for number in range(100):
            list(threads.map(begin, [number] * 4))
