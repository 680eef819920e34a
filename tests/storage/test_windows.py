"""Sliding windows: never more than the limit in any of them, and room again when it was told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from storage.broker import Broker
from storage.errors import BrokerUnavailable
from storage.windows import SLOTS, TAKE, USED, Charge, Full, Order, SlidingWindows
from tests.waiting import eventually

DAY = 24 * 3600
PREFIX = "whimbrel:window:"


@pytest.fixture
async def broker(any_broker_url: str) -> AsyncIterator[Broker]:
    """Of each kind that we promise to work with."""
    async with Broker.from_url(any_broker_url) as broker:
        yield broker


@pytest.fixture
def windows(broker: Broker) -> SlidingWindows:
    return SlidingWindows(broker, patience=20)


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


async def take(windows: SlidingWindows, charges: list[Charge], receipt: str) -> Full | None:
    [full] = await windows.take([Order(charges, receipt)])
    return full


async def add(windows: SlidingWindows, charges: list[Charge], receipt: str) -> None:
    assert await windows.take([Order(charges, receipt, force=True)]) == [None]


async def test_several_orders_are_counted_one_after_the_other(windows: SlidingWindows) -> None:
    two, one = Charge("ada", 3, DAY, 2), Charge("ada", 3, DAY, 1)
    orders = [Order([each], str(number)) for number, each in enumerate((two, two, one, one))]
    first, second, third, fourth = await windows.take(orders)
    assert (first, third) == (None, None)
    assert second is not None
    assert fourth is not None
    assert await windows.used([one]) == [3]


async def test_what_is_let_through_has_an_end_and_the_wait_is_told(windows: SlidingWindows) -> None:
    one = Charge("ada", limit=3, seconds=100, amount=1)
    for number in range(3):
        assert await take(windows, [one], str(number)) is None

    full = await take(windows, [one], "3")
    assert full is not None
    assert full.charge == one
    assert full.wait == pytest.approx(100.5, abs=3)


async def test_names_are_apart(windows: SlidingWindows) -> None:
    for name in ("ada", "eve"):
        assert await take(windows, [Charge(name, 1, DAY, 1)], name) is None
    assert await take(windows, [Charge("ada", 1, DAY, 1)], "again") is not None


async def test_several_windows_are_charged_together_or_not_at_all(windows: SlidingWindows) -> None:
    person, total = Charge("ada", 1, 100, 1), Charge("total", 5, DAY, 1)
    assert await take(windows, [person, total], "1") is None
    for number in range(5):
        full = await take(windows, [person, total], f"refused-{number}")
        assert full is not None
        assert full.charge == person

    assert await windows.used([person, total]) == [1, 1]


async def test_the_longest_wait_of_several_is_told(windows: SlidingWindows) -> None:
    minute, day = Charge("minute", 1, 60, 1), Charge("day", 1, DAY, 1)
    assert await take(windows, [minute, day], "1") is None

    full = await take(windows, [minute, day], "2")
    assert full is not None
    assert full.charge == day
    assert full.wait == pytest.approx(DAY * 1.005, rel=0.006)


async def test_what_never_fits_is_told_apart(windows: SlidingWindows) -> None:
    few, album = Charge("ada", 5, DAY, 2), Charge("ada", 5, DAY, 6)
    assert await take(windows, [few], "1") is None
    full = await take(windows, [album], "2")
    assert full is not None
    assert full.wait is None


async def test_nothing_asks_for_room_for_one(windows: SlidingWindows) -> None:
    tokens = Charge("ada", 1000, DAY)
    assert await take(windows, [tokens], "1") is None
    await add(windows, [Charge("ada", 1000, DAY, 999)], "2")
    assert await take(windows, [tokens], "3") is None
    await add(windows, [Charge("ada", 1000, DAY, 400)], "4")

    assert await take(windows, [tokens], "5") is not None
    assert await windows.used([tokens]) == [1399]


async def test_a_receipt_is_charged_once(windows: SlidingWindows) -> None:
    one = Charge("ada", 3, DAY, 1)
    for _ in range(9):
        assert await take(windows, [one], "the same") is None
        await add(windows, [one], "another")
    assert await windows.used([one]) == [2]


async def test_the_limit_is_kept_by_many_at_once(any_broker_url: str) -> None:
    charge = Charge("total", 100, DAY, 1)
    async with Broker.from_url(any_broker_url) as one, Broker.from_url(any_broker_url) as two:
        shared = [SlidingWindows(each, patience=20) for each in (one, two)]
        fulls = await asyncio.gather(
            *(take(shared[number % 2], [charge], str(number)) for number in range(300))
        )
    assert sum(full is None for full in fulls) == 100


async def test_there_is_room_when_the_time_told_is_over(windows: SlidingWindows) -> None:
    one = Charge("ada", 1, 1, 1)
    assert await take(windows, [one], "first") is None
    began = time.monotonic()
    full = await take(windows, [one], "second")
    assert full is not None
    assert full.wait is not None

    async def through() -> bool:
        return await take(windows, [one], "third") is None

    await eventually(through)
    assert time.monotonic() - began >= full.wait - 0.1


async def test_however_much_happens_little_is_kept(windows: SlidingWindows, redis: Redis) -> None:
    charge = Charge("ada", 10**9, 1, 1000)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        await take(windows, [charge], str(time.monotonic()))
    assert 0 < await redis.hlen(PREFIX + "ada") <= SLOTS + 2
    assert 0 < await redis.pttl(PREFIX + "ada") <= 1020


async def test_windows_work_on_after_the_loss_of_all_data(
    windows: SlidingWindows, redis: Redis
) -> None:
    one = Charge("ada", 1, DAY, 1)
    await take(windows, [one], "1")
    await redis.flushall()
    await redis.script_flush()

    assert await take(windows, [one], "1") is None
    assert await take(windows, [one], "2") is not None


async def test_a_clock_that_went_wrong_locks_nobody_out(
    windows: SlidingWindows, redis: Redis
) -> None:
    year = 365 * DAY
    await redis.hset(PREFIX + "ada", str(int((time.time() + year) * 1e6)), "5")
    assert await take(windows, [Charge("ada", 1, DAY, 1)], "1") is None


async def test_a_broker_that_is_away_is_said_to_be_soon() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        began = time.monotonic()
        with pytest.raises(BrokerUnavailable):
            await take(SlidingWindows(broker), [Charge("ada", 1, 1, 1)], "1")
        assert time.monotonic() - began < 2


# The scripts, with a clock that stands where a test puts it.
STOOD = "local time = redis.call('TIME')"


class Standing:
    """A window at times of a test's own choice, on a real server."""

    def __init__(self, broker: Broker, charge: Charge) -> None:
        assert STOOD in TAKE.text
        assert STOOD in USED.text
        self.charge = charge
        stood = "local time = {math.floor(ARGV[#ARGV] / 1e6), math.fmod(ARGV[#ARGV], 1e6)}"
        self._take = broker.connection.commands.register_script(TAKE.text.replace(STOOD, stood))

    async def take(self, now: int, amount: int, receipt: str) -> int | None:
        """At `now` (microseconds): None where it was let through, else how long to wait."""
        numbers = [1000, 0, self.charge.limit, self.charge.seconds, amount, now]
        keys = [f"whimbrel:receipt:{receipt}", PREFIX + self.charge.name]
        number, wait = await self._take(keys=keys, args=numbers)
        return int(wait) if number else None


START = 1_700_000_000_000_000
STEPS = st.lists(st.tuples(st.integers(0, 3_000_000), st.integers(1, 4)), min_size=1, max_size=60)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(limit=st.integers(1, 6), seconds=st.integers(1, 9), steps=STEPS)
def test_no_window_of_any_place_lets_more_through_than_its_limit(
    valkey_url: str, limit: int, seconds: int, steps: list[tuple[int, int]]
) -> None:
    async def flood() -> None:
        async with Broker.from_url(valkey_url) as broker:
            await broker.connection.commands.flushall()
            window = Standing(broker, Charge("ada", limit, seconds))
            through: list[tuple[int, int]] = []
            now = START
            for number, (pause, amount) in enumerate(steps):
                now += pause
                wait = await window.take(now, amount, str(number))
                if wait is None:
                    through.append((now, amount))
                elif wait >= 0:
                    assert wait <= seconds * 1_000_000 * (1 + 1 / SLOTS)
                    assert await window.take(now + wait - 1, amount, f"{number}-early") is not None
                    now += wait  # when the time told is over, the same is let through
                    assert await window.take(now, amount, f"{number}-again") is None
                    through.append((now, amount))
                else:
                    assert amount > limit
            for begin, _ in through:
                end = begin + seconds * 1_000_000
                assert sum(amount for at, amount in through if begin <= at < end) <= limit

    asyncio.run(flood())
