"""Lua scripts on a real server: sent together, answered apart."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from storage.broker import Broker
from storage.broker.scripts import Script, Scripts

ADD = Script("return redis.call('INCRBY', KEYS[1], ARGV[1])")
ECHO = Script("return {KEYS[1], ARGV[1]}")
BROKEN = Script("return redis.call('LPUSH', KEYS[1], 'x')")


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


@pytest.fixture
def scripts(broker: Broker) -> Scripts:
    return broker.connection.scripts


async def calls(redis: Redis) -> int:
    """How many scripts the server has been asked for."""
    statistics = await redis.info("commandstats")
    return int(statistics.get("cmdstat_evalsha", {}).get("calls", 0))


async def test_each_gets_its_own_answer(scripts: Scripts, redis: Redis) -> None:
    before = await calls(redis)
    answers = await asyncio.gather(
        *(scripts.start(ECHO, [f"key-{number}"], [number]) for number in range(100))
    )
    assert answers == [[b"key-%d" % number, b"%d" % number] for number in range(100)]
    assert await calls(redis) > before


async def test_what_came_together_is_done_in_its_order(scripts: Scripts) -> None:
    answers = [scripts.start(ADD, ["sum"], [number]) for number in (1, 10, 100)]
    assert [await answer for answer in answers] == [1, 11, 111]


async def test_what_came_meanwhile_shares_a_round_trip(scripts: Scripts, redis: Redis) -> None:
    await scripts.run(ADD, ["sum"], [0])
    before = (await redis.info("stats"))["total_reads_processed"]
    await asyncio.gather(*(scripts.start(ADD, ["sum"], [1]) for _ in range(200)))
    assert (await redis.info("stats"))["total_reads_processed"] - before < 50
    assert await redis.get("sum") == b"200"


async def test_one_that_fails_does_not_take_the_others_with_it(
    scripts: Scripts, redis: Redis
) -> None:
    await redis.set("text", "a string")
    answers: list[object] = await asyncio.gather(
        scripts.start(ADD, ["sum"], [1]),
        scripts.start(BROKEN, ["text"], []),
        scripts.start(ECHO, ["\ud800"], [1]),
        scripts.start(ADD, ["sum"], [1]),
        return_exceptions=True,
    )
    good, bad, unsendable, after = answers
    assert isinstance(bad, ResponseError)
    assert isinstance(unsendable, UnicodeEncodeError)
    assert (good, after) == (1, 2)


async def test_a_server_that_forgot_the_scripts_is_told_them_again(
    scripts: Scripts, redis: Redis
) -> None:
    await scripts.run(ADD, ["sum"], [1])
    await redis.script_flush()
    assert await scripts.run(ADD, ["sum"], [1]) == 2
    await redis.script_flush()
    await redis.script_load(ECHO.text)
    answers = [scripts.start(script, ["sum"], [1]) for script in (ADD, ECHO, ADD)]
    assert [await answer for answer in answers] == [3, [b"sum", b"1"], 4], "each once"


async def test_who_stops_waiting_stops_nobody_else(scripts: Scripts) -> None:
    impatient = asyncio.create_task(scripts.run(ADD, ["sum"], [1]))
    patient = asyncio.create_task(scripts.run(ADD, ["sum"], [1]))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == 2
    assert impatient.cancelled()


async def test_a_server_that_is_away_is_told_of_to_all() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        answers = await asyncio.gather(
            *(broker.connection.scripts.start(ADD, ["sum"], [1]) for _ in range(3)),
            return_exceptions=True,
        )
    assert all(isinstance(answer, RedisError | OSError) for answer in answers), answers


async def test_closing_leaves_nobody_waiting(any_broker_url: str) -> None:
    async with Broker.from_url(any_broker_url) as broker:
        waiting = asyncio.create_task(broker.connection.scripts.run(ADD, ["sum"], [1]))
        await asyncio.sleep(0)
    with pytest.raises(ConnectionError, match="closed"):
        await waiting
