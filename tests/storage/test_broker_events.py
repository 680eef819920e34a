"""Events are told to whoever listens, and who lives is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec import msgpack
from redis.asyncio import Redis

from chat.turns import BrokerEvent, OutboundAdded, TurnCancelled, TurnEnded, TurnStarted, WorkerInfo
from storage.broker import Broker
from storage.errors import BrokerUnavailable
from tests.waiting import eventually

CHANNEL = "whimbrel:events:0"


@pytest.fixture
async def broker(any_broker_url: str) -> AsyncIterator[Broker]:
    async with Broker.from_url(any_broker_url) as broker:
        yield broker


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


async def test_everybody_who_listens_is_told_in_order(broker: Broker) -> None:
    sent: list[BrokerEvent] = [TurnStarted(1, 2), TurnCancelled(3), OutboundAdded(4), TurnEnded(1)]
    async with broker.events() as one, broker.events() as two, asyncio.timeout(5):
        await broker.publish(*sent[:3])
        await broker.publish(sent[3])

        assert [await anext(one) for _ in sent] == sent
        assert [await anext(two) for _ in sent] == sent


async def test_only_what_comes_after_listening_began_is_told(broker: Broker) -> None:
    await broker.publish(TurnEnded(1))
    async with broker.events() as events, asyncio.timeout(5):
        await broker.publish(TurnEnded(2))

        assert await anext(events) == TurnEnded(2)


async def test_what_is_no_event_is_passed_over(broker: Broker, redis: Redis) -> None:
    async with broker.events() as events, asyncio.timeout(5):
        await redis.publish(CHANNEL, b"\xc1 no msgpack")
        await redis.publish(CHANNEL, msgpack.encode({"type": "started"}))
        unknown = {"type": "of a newer version"}
        await redis.publish(CHANNEL, msgpack.encode([unknown, TurnEnded(3)]))

        assert await anext(events) == TurnEnded(3)


async def test_listening_goes_on_after_a_lost_connection(broker: Broker, redis: Redis) -> None:
    async with broker.events() as events, asyncio.timeout(10):
        waiting = asyncio.ensure_future(anext(events))
        await redis.client_kill_filter(_type="pubsub")

        async def someone_listens() -> bool:
            found: Any = await redis.pubsub_numsub(CHANNEL)
            return bool(found[0][1])

        await eventually(someone_listens)
        await broker.publish(TurnEnded(5))

        assert await waiting == TurnEnded(5)


async def test_another_database_hears_nothing(broker: Broker, any_broker_url: str) -> None:
    separator = "&" if "?" in any_broker_url else "?"
    async with (
        Broker.from_url(f"{any_broker_url}{separator}db=1") as other,
        other.events() as events,
        asyncio.timeout(5),
    ):
        await broker.publish(TurnEnded(1))
        await other.publish(TurnEnded(2))

        assert await anext(events) == TurnEnded(2)


async def test_listening_may_begin_while_the_broker_is_away() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker, broker.events() as events:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anext(events)


async def test_publishing_says_when_the_broker_is_away() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        with pytest.raises(BrokerUnavailable):
            await broker.publish(TurnEnded(1))


def worker(worker_id: str) -> WorkerInfo:
    return WorkerInfo(worker_id, "llama", "bfloat16", 8192, 4, demonstration=True, llama=True)


async def test_workers_are_known_while_they_say_so(broker: Broker) -> None:
    await broker.announce(worker("two"))
    await broker.announce(worker("one"))
    assert await broker.workers() == [worker("one"), worker("two")]

    await broker.withdraw("one")
    assert await broker.workers() == [worker("two")]


async def test_a_worker_that_falls_silent_is_forgotten(broker: Broker, redis: Redis) -> None:
    await broker.announce(worker("silent"), ttl=0.05)
    await broker.announce(worker("well"))

    async def only_one() -> bool:
        return await broker.workers() == [worker("well")]

    await eventually(only_one)
    assert await redis.smembers("whimbrel:workers") == {b"well"}


async def test_what_is_no_worker_is_passed_over(broker: Broker, redis: Redis) -> None:
    await broker.announce(worker("one"))
    await broker.announce(worker("two"))
    await redis.set("whimbrel:worker:one", b"\xc1 no msgpack")

    assert await broker.workers() == [worker("two")]


async def test_a_ping_finds_a_broker_that_takes_no_writes(broker: Broker, redis: Redis) -> None:
    await broker.ping()
    await redis.config_set("maxmemory", "1")
    try:
        with pytest.raises(BrokerUnavailable):
            await broker.ping()
    finally:
        await redis.config_set("maxmemory", "0")
