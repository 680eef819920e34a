"""Updates seen, waits asked for, leases held, flags raised."""

from __future__ import annotations

import asyncio

from storage.database import Database
from tests.storage.conftest import Clock


async def test_the_same_update_five_times_at_once_is_new_once(database: Database) -> None:
    async def add() -> bool:
        async with database.write() as t:
            return await t.updates.add("telegram", "bot", "message", "1")

    assert sorted(await asyncio.gather(*(add() for _ in range(5)))) == [False] * 4 + [True]


async def test_updates_differ_by_channel_account_kind_and_id(
    database: Database, clock: Clock
) -> None:
    async with database.write() as t:
        for one in ("abcd", "xbcd", "axcd", "abxd", "abcx"):
            assert await t.updates.add(*one)
        clock.advance(100)
        assert await t.updates.add("later", "", "", "")
        assert await t.updates.forget_before(clock.now) == 5
        assert await t.updates.add(*"abcd")
        assert not await t.updates.add("later", "", "", "")


async def test_the_longer_wait_is_kept_until_it_is_over(database: Database, clock: Clock) -> None:
    now = clock.now
    async with database.write() as t:
        await t.waits.set("telegram", "bot", "", now + 30)
        await t.waits.set("telegram", "bot", "", now + 10)
        await t.waits.set("telegram", "bot", "7", now + 5)
        await t.waits.set("telegram", "other", "8", now + 5)
    async with database.read() as t:
        assert await t.waits.get("telegram", "bot") == {"": now + 30, "7": now + 5}
    clock.advance(5)
    async with database.write() as t:
        assert await t.waits.get("telegram", "bot") == {"": now + 30}
        await t.waits.set("telegram", "bot", "", now + 40)
        assert await t.waits.get("telegram", "bot") == {"": now + 40}


async def test_a_lease_has_one_holder(database: Database, clock: Clock) -> None:
    async def acquire(owner: str) -> bool:
        async with database.write() as t:
            return await t.leases.acquire("poller", owner, 10)

    won = await asyncio.gather(*(acquire(f"bot{number}") for number in range(6)))
    assert won.count(True) == 1
    winner, loser = f"bot{won.index(True)}", f"bot{won.index(False)}"
    clock.advance(9)
    assert await acquire(winner)
    clock.advance(9)
    assert not await acquire(loser)
    async with database.write() as t:
        await t.leases.release("poller", loser)
    assert not await acquire(loser)
    clock.advance(1)
    assert await acquire(loser)
    async with database.write() as t:
        await t.leases.release("poller", loser)
    assert await acquire(winner)
