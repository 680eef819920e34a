"""Budgets: what may go out at once, what has to wait, and for how long."""

from __future__ import annotations

import asyncio
import time

import pytest
from redis.asyncio import Redis

from storage.broker import Broker
from storage.budgets import Budgets, Limit
from storage.errors import BrokerUnavailable
from tests.waiting import eventually

SLOW = 0.01  # sends per second: a test is over long before one of them is due


@pytest.fixture
def budgets(broker: Broker) -> Budgets:
    return Budgets(broker)


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


async def test_a_burst_goes_out_at_once_and_the_rest_in_turn(budgets: Budgets) -> None:
    waits = [await budgets.reserve(Limit("chat", SLOW, 3)) for _ in range(6)]

    assert waits[:3] == [0, 0, 0]
    assert waits[3:] == pytest.approx([100, 200, 300], abs=5)


async def test_names_are_apart(budgets: Budgets) -> None:
    assert await budgets.reserve(Limit("one", SLOW, 1)) == 0
    assert await budgets.reserve(Limit("two", SLOW, 1)) == 0
    assert await budgets.reserve(Limit("one", SLOW, 1)) > 50


async def test_what_may_be_shed_reserves_nothing(budgets: Budgets) -> None:
    assert await budgets.try_take(Limit("chat", SLOW, 2))
    assert await budgets.try_take(Limit("chat", SLOW, 2))
    for _ in range(10):
        assert not await budgets.try_take(Limit("chat", SLOW, 2))

    wait = await budgets.reserve(Limit("chat", SLOW, 2))
    assert wait == pytest.approx(100, abs=5)


async def test_several_limits_are_charged_together_or_not_at_all(budgets: Budgets) -> None:
    chat, account = Limit("chat", SLOW, 1), Limit("account", SLOW, 5)
    assert await budgets.try_take(chat, account)
    for _ in range(5):
        assert not await budgets.try_take(chat, account), "the chat has nothing left"

    assert [await budgets.reserve(account) for _ in range(4)] == [0, 0, 0, 0]
    assert await budgets.reserve(account) > 50


async def test_budgets_fill_up_again(budgets: Budgets) -> None:
    assert await budgets.try_take(Limit("chat", 50, 1))

    await eventually(lambda: budgets.try_take(Limit("chat", 50, 1)), seconds=2)


async def test_the_rate_is_kept_by_many_at_once(valkey_url: str) -> None:
    async with Broker.from_url(valkey_url) as one, Broker.from_url(valkey_url) as two:
        shared = [Budgets(one), Budgets(two)]
        waits = await asyncio.gather(
            *(shared[i % 2].reserve(Limit("account", SLOW, 10)) for i in range(100))
        )

    assert sum(wait == 0 for wait in waits) == 10
    later = sorted(wait for wait in waits if wait > 0)
    assert later == pytest.approx([100.0 * (i + 1) for i in range(90)], abs=10)


async def test_nothing_goes_out_during_a_hold_nor_in_a_burst_after_it(budgets: Budgets) -> None:
    await budgets.hold("account", time.time() + 500)

    assert not await budgets.try_take(Limit("account", 1, 30))
    waits = [await budgets.reserve(Limit("account", 1, 30)) for _ in range(3)]
    assert waits == pytest.approx([500, 501, 502], abs=3)
    assert min(waits) > 495


async def test_the_later_hold_counts(budgets: Budgets) -> None:
    await budgets.hold("account", time.time() + 500)
    await budgets.hold("account", time.time() + 20)
    await budgets.hold("account", time.time() - 20)

    assert await budgets.reserve(Limit("account", 1, 1)) > 495


async def test_holds_are_counted_from_the_clock_of_whoever_was_told(broker: Broker) -> None:
    behind = Budgets(broker, clock=lambda: 1000.0)
    await behind.hold("account", 1500.0)

    wait = await behind.reserve(Limit("account", 1, 1))
    assert wait == pytest.approx(500, abs=3)


async def test_a_hold_ends(budgets: Budgets) -> None:
    await budgets.hold("account", time.time() + 0.1)
    assert not await budgets.try_take(Limit("account", 100, 1))

    await eventually(lambda: budgets.try_take(Limit("account", 100, 1)), seconds=3)


async def test_clearing_forgets_hold_and_reservations(budgets: Budgets) -> None:
    await budgets.reserve(Limit("account", SLOW, 1))
    await budgets.hold("account", time.time() + 500)
    await budgets.clear("account")

    assert await budgets.reserve(Limit("account", SLOW, 1)) == 0


async def test_budgets_work_on_after_the_loss_of_all_data(budgets: Budgets, redis: Redis) -> None:
    await budgets.reserve(Limit("chat", SLOW, 1))
    await redis.flushall()
    await redis.script_flush()

    assert await budgets.reserve(Limit("chat", SLOW, 1)) == 0
    assert await budgets.reserve(Limit("chat", SLOW, 1)) > 50


async def test_budgets_are_forgotten_when_they_are_full(budgets: Budgets, redis: Redis) -> None:
    await budgets.reserve(Limit("chat", 1, 5))

    assert 0 < await redis.pttl("whimbrel:budget:chat") <= 2100


async def test_a_broker_that_is_away_is_said_to_be() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        with pytest.raises(BrokerUnavailable):
            await Budgets(broker).reserve(Limit("chat", 1, 1))
