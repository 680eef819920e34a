"""Many claimers at once, on connections and in processes of their own."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections import defaultdict

from chat.conversations import ConversationKey
from chat.people import User
from chat.turns import TurnResult, TurnState
from storage.database import Database

CHATS, TURNS = 10, 8


async def _fill(database: Database, user: User) -> None:
    async with database.write() as t:
        for chat in range(CHATS):
            key = ConversationKey("telegram", "bot", f"many{chat}")
            conversation = await t.conversations.ensure(key, user.id)
            for _ in range(TURNS):
                await t.turns.open(conversation.id, state=TurnState.QUEUED)


async def _work(database: Database, worker: str) -> list[tuple[float, int, int]]:
    """Claim and finish until nothing is left; (time, conversation, turn) of each claim."""
    log: list[tuple[float, int, int]] = []
    while True:
        async with database.write() as t:
            claimed = await t.turns.claim(worker, limit=2, lease_seconds=1000)
        now = time.monotonic()
        log += [(now, turn.conversation_id, turn.id) for turn in claimed]
        await asyncio.sleep(0)
        for turn in claimed:
            async with database.write() as t:
                result = TurnResult(turn.id, turn.attempt, TurnState.ANSWERED, f"by {worker}")
                assert await t.turns.finish(result)
        if not claimed:
            async with database.read() as t:
                if await t.turns.waiting() == 0:
                    return log


def _check(logs: list[list[tuple[float, int, int]]]) -> None:
    claims = sorted(claim for log in logs for claim in log)
    assert len(claims) == CHATS * TURNS
    assert len({turn for _, _, turn in claims}) == CHATS * TURNS
    order: dict[int, list[int]] = defaultdict(list)
    for _, conversation, turn in claims:
        order[conversation].append(turn)
    assert all(turns == sorted(turns) for turns in order.values())


async def test_eight_connections_never_claim_the_same(
    database: Database, database_url: str, ada: User
) -> None:
    await _fill(database, ada)

    async def one(number: int) -> list[tuple[float, int, int]]:
        async with Database.from_url(database_url) as own:
            return await _work(own, f"w{number}")

    _check(await asyncio.gather(*(one(number) for number in range(8))))


async def _one(url: str, worker: str) -> list[tuple[float, int, int]]:
    async with Database.from_url(url) as database:
        return await _work(database, worker)


def _process(arguments: tuple[str, str]) -> list[tuple[float, int, int]]:
    return asyncio.run(_one(*arguments))


async def test_processes_never_claim_the_same(
    database: Database, database_url: str, ada: User
) -> None:
    await _fill(database, ada)
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        jobs = [(database_url, f"w{number}") for number in range(3)]
        logs = await asyncio.to_thread(pool.map, _process, jobs, 1)
        pool.close()
        pool.join()
    _check(logs)
