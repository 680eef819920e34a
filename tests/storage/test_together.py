"""Small changes that share a transaction: each has its own result, and its own fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from storage.database import Database, Transaction
from storage.errors import DatabaseUnavailable, NotFound
from storage.together import SharedWrites

Change = Callable[[Transaction], Awaitable[bool]]


def seen(number: int) -> Change:
    """Record an update; False where it was recorded before."""
    return lambda tx: tx.updates.add("telegram", "bot", "message", str(number))


async def missing(tx: Transaction) -> bool:
    await tx.users.get(999_999)
    return True


class Counted:
    """Counts the transactions of a database."""

    def __init__(self, database: Database) -> None:
        self.transactions = 0
        self._database = database

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        self.transactions += 1
        async with self._database.write() as tx:
            yield tx


async def test_a_hundred_at_once_share_a_few_transactions(database: Database) -> None:
    counted = Counted(database)
    shared = SharedWrites(counted.write)
    assert all(await asyncio.gather(*(shared.run(seen(number)) for number in range(100))))
    assert counted.transactions == 2
    assert not any(await asyncio.gather(*(shared.run(seen(number)) for number in range(100))))


async def test_one_alone_is_committed_at_once(database: Database) -> None:
    assert await database.write_together(seen(1))
    async with database.write() as tx:
        assert not await tx.updates.add("telegram", "bot", "message", "1")


async def test_one_that_fails_takes_no_other_with_it(database: Database) -> None:
    results = await asyncio.gather(
        *(database.write_together(each) for each in (seen(1), missing, seen(2))),
        return_exceptions=True,
    )
    assert isinstance(results[1], NotFound)
    assert (results[0], results[2]) == (True, True)
    async with database.write() as tx:
        for number in (1, 2):
            assert not await tx.updates.add("telegram", "bot", "message", str(number))


async def test_who_has_stopped_waiting_changes_nothing(database: Database) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(tx: Transaction) -> bool:
        entered.set()
        await leave.wait()
        return True

    first = asyncio.create_task(database.write_together(slow))
    await entered.wait()
    second = asyncio.create_task(database.write_together(seen(2)))
    third = asyncio.create_task(database.write_together(seen(3)))
    await asyncio.sleep(0)
    second.cancel()
    leave.set()
    assert await first
    assert await third
    async with database.write() as tx:
        assert await tx.updates.add("telegram", "bot", "message", "2"), "it was not made"


async def test_a_database_that_is_away_is_told_of_to_all() -> None:
    tries = 0

    @asynccontextmanager
    async def away() -> AsyncIterator[Transaction]:
        nonlocal tries
        tries += 1
        raise DatabaseUnavailable("away")
        yield

    shared = SharedWrites(away)
    results = await asyncio.gather(
        *(shared.run(seen(number)) for number in range(30)), return_exceptions=True
    )
    assert all(isinstance(result, DatabaseUnavailable) for result in results)
    assert tries == 1, "nobody waits thirty times as long"


async def test_closing_waits_for_what_was_begun(sqlite_url: str) -> None:
    async with Database.from_url(sqlite_url) as database:
        writing = asyncio.create_task(database.write_together(seen(1)))
        await asyncio.sleep(0)
    assert await writing
    async with Database.from_url(sqlite_url) as database, database.write() as tx:
        assert not await tx.updates.add("telegram", "bot", "message", "1")


async def test_a_transaction_that_is_cancelled_leaves_nobody_waiting(database: Database) -> None:
    shared = SharedWrites(database.write)

    async def cancelled(tx: Transaction) -> bool:
        raise asyncio.CancelledError

    with pytest.raises(DatabaseUnavailable):
        await shared.run(cancelled)
    assert await shared.run(seen(1)), "and the next one begins anew"
