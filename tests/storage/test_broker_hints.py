"""Hints reach one worker each, and outlive whatever happens to Redis as far as they can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from chat.turns import TurnHint
from storage.broker import Broker
from storage.broker.hints import ABANDONED, GROUP, STREAM, UNREAD
from storage.errors import BrokerUnavailable
from tests.waiting import eventually


@pytest.fixture
async def broker(any_broker_url: str) -> AsyncIterator[Broker]:
    async with Broker.from_url(any_broker_url) as broker:
        yield broker


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


async def take(broker: Broker, consumer: str = "one", block: float = 0) -> list[int]:
    hints = await broker.hints(consumer, count=10, block=block)
    return [hint.conversation_id for hint in hints]


async def someone_is_blocked(redis: Redis) -> bool:
    found: dict[str, Any] = await redis.info("clients")
    return bool(found["blocked_clients"])


async def test_a_hint_reaches_one_worker_once(broker: Broker) -> None:
    await broker.hint([3, 1, 2])

    assert await broker.hints("one", count=2, block=0) == [TurnHint(3), TurnHint(1)]
    assert await take(broker, "two") == [2]
    assert await take(broker, "one") == []


async def test_nothing_is_left_of_a_hint_that_was_read(broker: Broker, redis: Redis) -> None:
    await broker.hint([1, 2])
    await take(broker)

    assert await redis.xlen(STREAM) == 0
    assert await redis.scard(UNREAD) == 0
    assert (await redis.xpending(STREAM, GROUP))["pending"] == 0


async def test_hints_repeated_by_the_sweep_do_not_pile_up(broker: Broker, redis: Redis) -> None:
    for _ in range(50):
        await broker.hint(range(20))

    assert await redis.xlen(STREAM) == 20


async def test_a_conversation_can_be_hinted_again_once_its_hint_was_read(broker: Broker) -> None:
    for _ in range(3):
        await broker.hint([7])
        assert await take(broker) == [7]


async def test_hinting_at_nothing_is_no_error(broker: Broker) -> None:
    await broker.hint([])

    assert await take(broker) == []


async def test_a_waiting_worker_is_woken(broker: Broker, redis: Redis) -> None:
    waiting = asyncio.create_task(take(broker, block=30))
    await eventually(lambda: someone_is_blocked(redis))

    await broker.hint([5])

    async with asyncio.timeout(2):
        assert await waiting == [5]


async def test_waiting_ends_in_time_where_nothing_comes(broker: Broker) -> None:
    began = time.monotonic()

    assert await take(broker, block=0.2) == []
    assert 0.15 < time.monotonic() - began < 2


async def test_a_hint_that_died_with_its_worker_is_given_to_another(
    broker: Broker, redis: Redis
) -> None:
    await take(broker)
    await broker.hint([8])
    taken: Any = await redis.xreadgroup(GROUP, "dead", {STREAM: ">"})
    [entry] = [entry for entry, _ in taken[0][1]]
    idle = int(ABANDONED * 1000) + 1
    await redis.xclaim(STREAM, GROUP, "dead", 0, [entry], idle=idle)

    async with Broker.from_url(await url_of(redis)) as another:
        assert await take(another) == [8]
        await another.hint([8])
        assert await take(another) == [8]


async def url_of(redis: Redis) -> str:
    settings = redis.connection_pool.connection_kwargs
    return f"unix://{settings['path']}?password={settings.get('password') or ''}"


async def test_what_is_no_hint_is_dropped(broker: Broker, redis: Redis) -> None:
    await broker.hint([1])
    await redis.xadd(STREAM, {"c": "not a number"})
    await redis.xadd(STREAM, {"other": "1"})
    await broker.hint([2])

    assert await take(broker) == [1, 2]
    assert await redis.xlen(STREAM) == 0


async def test_a_waiting_worker_survives_the_loss_of_all_data(broker: Broker, redis: Redis) -> None:
    waiting = asyncio.create_task(take(broker, block=30))
    await eventually(lambda: someone_is_blocked(redis))

    await redis.flushall()
    await broker.hint([5])

    async with asyncio.timeout(5):
        assert await waiting == [5]


async def test_a_lost_stream_does_not_swallow_later_hints(broker: Broker, redis: Redis) -> None:
    await broker.hint([5])
    await redis.delete(STREAM)

    assert await take(broker) == []
    await broker.hint([5])
    assert await take(broker) == [5]


async def test_a_waiting_worker_survives_a_lost_connection(broker: Broker, redis: Redis) -> None:
    waiting = asyncio.create_task(take(broker, block=30))
    await eventually(lambda: someone_is_blocked(redis))

    await redis.client_kill_filter(_type="normal", skipme=True)
    await broker.hint([5])

    async with asyncio.timeout(5):
        assert await waiting == [5]


async def test_a_worker_that_withdraws_is_forgotten_as_a_consumer(
    broker: Broker, redis: Redis
) -> None:
    await broker.hint([1])
    await take(broker, "one")

    await broker.withdraw("one")

    assert await redis.xinfo_consumers(STREAM, GROUP) == []


async def test_withdrawing_keeps_what_was_taken_and_never_confirmed(
    broker: Broker, redis: Redis
) -> None:
    await take(broker, "one")
    await broker.hint([1])
    await redis.xreadgroup(GROUP, "one", {STREAM: ">"})

    await broker.withdraw("one")

    assert (await redis.xpending(STREAM, GROUP))["pending"] == 1


async def test_withdrawing_from_an_empty_broker_is_no_error(broker: Broker) -> None:
    await broker.withdraw("one")


async def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    async with Broker.from_url("unix:///nonexistent/socket?password=secret") as broker:
        with pytest.raises(BrokerUnavailable) as caught:
            await broker.hints("one", count=1, block=0.2)
        assert "secret" not in str(caught.value)
        with pytest.raises(BrokerUnavailable):
            await broker.ping()
