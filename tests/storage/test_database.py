"""Transactions: whole or not at all, one after the other, and in our words when they fail."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
from contextlib import suppress
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from chat.conversations import Conversation
from chat.messages import Speaker, TextPart
from chat.people import Access, Role, User
from storage.database import Database, Transaction
from storage.errors import (
    DatabaseUnavailable,
    NotFound,
    SchemaOutdated,
    StorageError,
    WriteConflict,
)
from storage.sqlite import Sqlite, raw


async def test_what_is_written_is_read_after_the_commit(database: Database) -> None:
    async with database.write() as t:
        user = await t.users.add("Ada", "en", Role.MEMBER, Access.ALLOWED)
    async with database.read() as t:
        assert await t.users.get(user.id) == user


async def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    async def fail(t: Transaction) -> None:
        await t.updates.add("telegram", "bot", "message", "1")
        raise TimeoutError("on purpose")  # an OSError, but none of the database's

    with pytest.raises(TimeoutError, match="on purpose"):
        async with database.write() as t:
            await fail(t)
    async with database.write() as t:
        assert await t.updates.add("telegram", "bot", "message", "1")


async def test_a_cancelled_transaction_is_undone_and_lets_others_in(database: Database) -> None:
    inside = asyncio.Event()

    async def stay() -> None:
        async with database.write() as t:
            await t.updates.add("telegram", "bot", "message", "1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stay())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), database.write() as t:
        assert await t.updates.add("telegram", "bot", "message", "1")


async def test_a_savepoint_undoes_only_its_own_part(database: Database) -> None:
    async def fail(t: Transaction) -> None:
        await t.updates.add("telegram", "bot", "message", "2")
        raise RuntimeError

    async with database.write() as t:
        await t.updates.add("telegram", "bot", "message", "1")
        with pytest.raises(RuntimeError):
            async with t.savepoint():
                await fail(t)
        async with t.savepoint():
            await t.updates.add("telegram", "bot", "message", "3")
    async with database.write() as t:
        seen = [await t.updates.add("telegram", "bot", "message", str(n)) for n in (1, 2, 3)]
    assert seen == [False, True, False]


async def test_a_savepoint_survives_a_constraint(database: Database, chat: Conversation) -> None:
    async with database.write() as t:
        with pytest.raises(WriteConflict):
            async with t.savepoint():
                await t.messages.add(
                    10**12, speaker=Speaker.PERSON, parts=[TextPart("hi")], turn_id=None
                )
        kept = await t.messages.add(
            chat.id, speaker=Speaker.PERSON, parts=[TextPart("hi")], turn_id=None
        )
    async with database.read() as t:
        assert await t.messages.transcript(chat.id) == [kept]


async def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(StorageError):
        async with database.read() as t:
            await t.updates.add("telegram", "bot", "message", "1")


async def test_reading_sees_one_state_while_others_write(
    database: Database, chat: Conversation
) -> None:
    async with database.read() as reading:
        before = await reading.conversations.get(chat.id)
        async with database.write() as t:
            await t.conversations.rename(chat.id, "Birds")
        assert await reading.conversations.get(chat.id) == before
    async with database.read() as t:
        assert (await t.conversations.get(chat.id)).title == "Birds"


async def test_concurrent_read_then_write_increments_all_count(
    database: Database, chat: Conversation
) -> None:
    async def increment() -> None:
        async with database.write() as t:
            number = int((await t.conversations.get(chat.id)).title or "0")
            await asyncio.sleep(0)
            await t.conversations.rename(chat.id, str(number + 1))

    await asyncio.gather(*(increment() for _ in range(8)))
    async with database.read() as t:
        assert (await t.conversations.get(chat.id)).title == "8"


async def _increment_often(url: str, conversation_id: int, times: int) -> None:
    async with Database.from_url(url) as database:
        for _ in range(times):
            async with database.write() as t:
                number = int((await t.conversations.get(conversation_id)).title or "0")
                await t.conversations.rename(conversation_id, str(number + 1))


def _process(url: str, conversation_id: int, times: int) -> None:
    asyncio.run(_increment_often(url, conversation_id, times))


async def test_increments_of_several_processes_all_count(
    database: Database, database_url: str, chat: Conversation
) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_process, args=(database_url, chat.id, 50)) for _ in range(2)]
    for worker in workers:
        worker.start()
    await _increment_often(database_url, chat.id, 50)
    for worker in workers:
        await asyncio.to_thread(worker.join, 60)
        assert worker.exitcode == 0
    async with database.read() as t:
        assert (await t.conversations.get(chat.id)).title == "150"


async def test_ping_tells_that_the_database_can_be_written_to(database: Database) -> None:
    await database.ping()


async def test_a_full_disk_is_unavailability_and_nothing_is_confirmed(sqlite_url: str) -> None:
    async with Database.from_url(sqlite_url) as database:
        _limit_pages(database)
        with pytest.raises(DatabaseUnavailable, match="full"):
            async with database.write() as t:
                await _write_much(t)
        async with database.write() as t:
            assert await t.updates.add("telegram", "bot", "message", f"{0:0100}")


async def test_a_full_disk_that_somebody_swallowed_is_still_raised(sqlite_url: str) -> None:
    async def swallow(t: Transaction) -> None:
        with suppress(DatabaseUnavailable):
            await _write_much(t)

    async with Database.from_url(sqlite_url) as database:
        _limit_pages(database)
        with pytest.raises(DatabaseUnavailable):
            async with database.write() as t:
                await swallow(t)


async def _write_much(t: Transaction) -> None:
    for number in range(20_000):
        await t.updates.add("telegram", "bot", "message", f"{number:0100}")


def _limit_pages(database: Database) -> None:
    assert isinstance(database._engine, Sqlite)
    assert database._engine._writer is not None
    raw(database._engine._writer).execute("PRAGMA max_page_count=60")


async def test_a_lock_that_stays_is_unavailability(sqlite_url: str, tmp_path: Path) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    other = sqlite3.connect(path, isolation_level=None)
    database = Database(Sqlite(path, busy_seconds=0.2), clock=lambda: 0.0)
    async with database:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            await database.ping()
        async with database.read() as t:  # readers do not mind
            assert await t.turns.waiting() == 0
        other.rollback()
        await database.ping()
    other.close()


async def test_a_file_that_is_no_database_is_unavailability(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite3"
    path.write_text("certainly no database, but long enough to look like one" * 20)
    with pytest.raises(DatabaseUnavailable, match="not a database"):
        async with Database.from_url(f"sqlite:///{path}"):
            pass


async def test_missing_tables_are_named(empty_database_url: str) -> None:
    async with Database.from_url(empty_database_url) as database:
        with pytest.raises(SchemaOutdated):
            await database.ping()


async def test_a_server_that_is_not_there_is_unavailability(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with Database.from_url(f"postgresql://nobody@/nothing?host={tmp_path}"):
            pass


async def test_connections_that_the_server_has_cut_are_made_anew(postgres_url: str) -> None:
    async with Database.from_url(postgres_url) as database:
        await database.ping()
        other = await asyncpg.connect(postgres_url)
        await other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await other.close()
        await database.ping()


@pytest.mark.parametrize("url", ["mysql://there", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_other_urls_are_refused_in_words(url: str) -> None:
    with pytest.raises(StorageError, match="database URL"):
        Database.from_url(url)


async def test_the_file_is_its_owners_only(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    async with Database.from_url(f"sqlite:///{path}"):
        assert path.stat().st_mode & 0o777 == 0o600


async def test_the_log_is_folded_into_the_file_while_writing(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    size = os.stat(path).st_size
    async with Database.from_url(sqlite_url) as database, asyncio.timeout(60):
        number = 0
        while os.stat(path).st_size == size:
            async with database.write() as t:
                await t.updates.add("telegram", "bot", "message", f"{number:0200}")
            number += 1
            await asyncio.sleep(0)


async def test_not_found_is_our_own_word(database: Database, ada: User) -> None:
    async with database.read() as t:
        with pytest.raises(NotFound):
            await t.users.get(ada.id + 1)
        with pytest.raises(NotFound):
            await t.conversations.get(1)


async def test_a_write_inside_a_write_is_a_mistake_and_not_a_deadlock(sqlite_url: str) -> None:
    async with Database.from_url(sqlite_url) as database, database.write():
        with pytest.raises(AssertionError, match="wait for itself"):
            await database.ping()
