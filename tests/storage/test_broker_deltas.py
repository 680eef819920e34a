"""Deltas reach every follower from the first one on, whatever happens to Redis meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from redis.asyncio import Redis

from chat.turns import TurnDelta, TurnResult, TurnState
from storage.broker import Broker, DeltaFollower
from storage.broker.deltas import stream_name
from storage.errors import BrokerUnavailable
from tests.waiting import eventually

Value = TurnDelta | TurnResult


@pytest.fixture
async def broker(any_broker_url: str) -> AsyncIterator[Broker]:
    async with Broker.from_url(any_broker_url) as broker:
        yield broker


@pytest.fixture
async def follower(broker: Broker) -> AsyncIterator[DeltaFollower]:
    async with broker.follower() as follower:
        yield follower


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


def delta(offset: int, text: str, turn: int = 1, attempt: int = 1) -> TurnDelta:
    return TurnDelta(turn, attempt, offset, text)


def result(text: str, turn: int = 1, attempt: int = 1) -> TurnResult:
    return TurnResult(turn, attempt, TurnState.ANSWERED, text, finish_reason="stop")


async def everything(follower: DeltaFollower, turn: int = 1, attempt: int = 1) -> list[Value]:
    async with asyncio.timeout(20):
        return [value async for value in follower.follow(turn, attempt)]


async def reader_is_blocked(redis: Redis) -> bool:
    found: dict[str, Any] = await redis.info("clients")
    return bool(found["blocked_clients"])


async def test_an_answer_is_followed_from_its_first_word_to_its_end(
    broker: Broker, follower: DeltaFollower
) -> None:
    await broker.write(delta(0, "one "), delta(4, "two"))
    following = asyncio.create_task(everything(follower))
    await broker.write(delta(7, " three"))
    await broker.write(result("one two three"))

    assert await following == [
        delta(0, "one "),
        delta(4, "two"),
        delta(7, " three"),
        result("one two three"),
    ]


async def test_what_comes_after_the_reader_waits_is_seen_at_once(
    broker: Broker, follower: DeltaFollower, redis: Redis
) -> None:
    async with aclosing(follower.follow(1, 1)) as values:
        first = asyncio.ensure_future(anext(values))
        await eventually(lambda: reader_is_blocked(redis))
        await broker.write(delta(0, "a"))
        async with asyncio.timeout(2):
            assert await first == delta(0, "a")


async def test_a_turn_joined_while_the_reader_waits_is_read_at_once(
    broker: Broker, follower: DeltaFollower, redis: Redis
) -> None:
    other = asyncio.create_task(everything(follower, turn=99))
    await eventually(lambda: reader_is_blocked(redis))
    await broker.write(result("here", turn=2))

    async with asyncio.timeout(2):
        assert await everything(follower, turn=2) == [result("here", turn=2)]
    other.cancel()


async def test_attempts_are_apart(broker: Broker, follower: DeltaFollower) -> None:
    await broker.write(delta(0, "old"), result("old"))
    await broker.write(result("new", attempt=2))

    assert await everything(follower, attempt=2) == [result("new", attempt=2)]
    assert await everything(follower) == [delta(0, "old"), result("old")]


async def test_many_turns_at_once(broker: Broker, follower: DeltaFollower) -> None:
    turns = range(60)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(everything(follower, turn)) for turn in turns]
        for offset in range(20):
            await broker.write(*(delta(offset, "x", turn) for turn in turns))
        await broker.write(*(result("x" * 20, turn) for turn in turns))

    for turn, task in zip(turns, tasks, strict=True):
        assert task.result() == [
            *(delta(offset, "x", turn) for offset in range(20)),
            result("x" * 20, turn),
        ]


async def test_two_see_the_same_though_one_comes_later(
    broker: Broker, follower: DeltaFollower
) -> None:
    await broker.write(delta(0, "a"))
    async with aclosing(follower.follow(1, 1)) as values:
        assert await anext(values) == delta(0, "a")
        late = asyncio.create_task(everything(follower))
        await broker.write(delta(1, "b"), result("ab"))

        assert [value async for value in values] == [delta(1, "b"), result("ab")]
    assert await late == [delta(0, "a"), delta(1, "b"), result("ab")]


async def test_a_turn_that_was_left_is_read_from_its_beginning_again(
    broker: Broker, follower: DeltaFollower
) -> None:
    await broker.write(delta(0, "a"))
    for _ in range(3):
        async with aclosing(follower.follow(1, 1)) as values:
            assert await anext(values) == delta(0, "a")


async def test_closing_the_follower_ends_what_it_follows(broker: Broker) -> None:
    async with broker.follower() as follower:
        following = asyncio.create_task(everything(follower))
        await broker.write(delta(0, "a"))
        await asyncio.sleep(0)

    assert await following in ([], [delta(0, "a")])


async def test_nothing_is_left_of_a_follower_that_was_closed(broker: Broker, redis: Redis) -> None:
    async with broker.follower() as follower:
        await broker.write(result("a"))
        await everything(follower)

    assert await redis.keys("*") == [stream_name(1, 1)]


async def test_streams_are_forgotten_within_an_hour(broker: Broker, redis: Redis) -> None:
    await broker.write(delta(0, "a"))

    assert 3500 < await redis.ttl(stream_name(1, 1)) <= 3600


async def test_an_ended_one_is_forgotten_soon(broker: Broker, redis: Redis) -> None:
    await broker.write(delta(0, "a"), result("a"))

    assert 0 < await redis.ttl(stream_name(1, 1)) <= 120


async def test_what_is_no_delta_of_this_turn_is_dropped(
    broker: Broker, follower: DeltaFollower, redis: Redis
) -> None:
    await redis.xadd(stream_name(1, 1), {"v": b"\xc1 no msgpack"})
    await redis.xadd(stream_name(1, 1), {"other": "field"})
    await broker.write(result("of another", turn=2))
    found: Any = await redis.xrange(stream_name(2, 1))
    await redis.xadd(stream_name(1, 1), found[0][1])
    await broker.write(delta(0, "a"), result("a"))

    assert await everything(follower) == [delta(0, "a"), result("a")]


async def test_followers_survive_the_loss_of_all_data(
    broker: Broker, follower: DeltaFollower, redis: Redis
) -> None:
    await broker.write(delta(0, "lost"))
    async with aclosing(follower.follow(1, 1)) as values:
        assert await anext(values) == delta(0, "lost")
        await redis.flushall()
        await broker.write(delta(4, " and found"), result("lost and found"))

        async with asyncio.timeout(10):
            assert [value async for value in values] == [
                delta(4, " and found"),
                result("lost and found"),
            ]


async def test_followers_survive_a_lost_connection(
    broker: Broker, follower: DeltaFollower, redis: Redis
) -> None:
    following = asyncio.create_task(everything(follower))
    await eventually(lambda: reader_is_blocked(redis))

    await redis.client_kill_filter(_type="normal", skipme=True)
    await broker.write(delta(0, "a"), result("a"))

    assert await following == [delta(0, "a"), result("a")]


async def test_writing_nothing_is_no_error(broker: Broker) -> None:
    await broker.write()


async def test_everybody_who_writes_hears_that_the_broker_is_away() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        writing = [broker.write(delta(0, "a", turn)) for turn in range(3)]
        outcomes = await asyncio.gather(*writing, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [BrokerUnavailable] * 3


async def test_a_writer_that_is_cancelled_harms_no_other(
    broker: Broker, follower: DeltaFollower
) -> None:
    cancelled = asyncio.create_task(broker.write(delta(0, "a")))
    others = [asyncio.create_task(broker.write(result("b", turn))) for turn in (2, 3)]
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(*others)

    assert await everything(follower, turn=2) == [result("b", turn=2)]
    assert await everything(follower, turn=3) == [result("b", turn=3)]
