"""Each storm: what goes wrong, for how long, and what is seen afterwards."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable

import psutil
from msgspec import Struct
from redis.asyncio import Redis

from tests.chaos.crowd import ENDLESS
from tests.chaos.fleet import BROKER
from tests.chaos.verdict import Verdict
from tests.fakes.proxy import HttpWays
from tests.storms.weather import Weather, weather


class Size(Struct, frozen=True):
    """How long a storm is: seconds of trouble, answers that are lost, waits that are asked for,
    people and their questions."""

    seconds: float
    losses: int
    wait: tuple[int, int]
    chats: int
    questions: int


SHORT = Size(seconds=6, losses=20, wait=(1, 2), chats=8, questions=6)
FULL = Size(seconds=60, losses=200, wait=(1, 120), chats=40, questions=20)


class Report(Struct, frozen=True, kw_only=True):
    """What was seen. `early` are calls inside a wait that was asked for, `drained` the seconds from
    the end of the trouble until everybody had their answers, `trouble` what was done to calls."""

    verdict: Verdict
    drained: float
    early: int = 0
    trouble: dict[str, int] = {}
    evidence: str = ""

    @property
    def kept(self) -> bool:
        """Whether every invariant held, and no wait was broken."""
        return self.verdict.kept and not self.early


async def lost_answers(size: Size, seed: int) -> Report:
    """Telegram takes messages, and its answers to our sends are lost."""
    async with weather(seed=seed) as around:
        around.messenger.ways = HttpWays(only="sendMessage", forgotten=0.4, most=size.losses)

        return await _report(around, around.messenger.spent.wait(), size, seed, endless=True)


async def floods(size: Size, seed: int) -> Report:
    """30% of the calls are limited, others fail or hang, over five times the usual time."""
    async with weather(seed=seed, bots=2) as around:
        around.messenger.ways = HttpWays(
            only="sendMessage|editMessage|ChatAction",
            limited=0.3,
            wait=size.wait,
            failed=0.05,
            hanging=0.01,
        )
        return await _report(around, _calm_after(around, 5 * size.seconds), size, seed)


async def model_away(size: Size, seed: int) -> Report:
    """The model's endpoint fails, limits and hangs."""
    async with weather(seed=seed) as around:
        around.model.ways = HttpWays(
            only="completions", limited=0.15, wait=(1, 2), failed=0.15, forgotten=0.1
        )
        return await _report(around, _calm_after(around, size.seconds), size, seed)


async def broker_torn(size: Size, seed: int) -> Report:
    """The connections to the broker are cut again and again, it is slow, and it is emptied."""
    async with weather(seed=seed) as around:
        return await _report(around, _tear(around, size.seconds), size, seed)


async def database_away(size: Size, seed: int) -> Report:
    """PostgreSQL cannot be reached for the whole time, then it is back."""
    async with weather(seed=seed, database="postgresql") as around:
        database = around.database
        assert database is not None

        async def away() -> None:
            await asyncio.sleep(1)
            database.goes_down()
            await asyncio.sleep(size.seconds)
            database.comes_back()

        return await _report(around, away(), size, seed)


async def disk_full(size: Size, seed: int) -> Report:
    """No file may grow any more, in the bot and in the worker, then they may again."""
    async with weather(seed=seed) as around:
        pids = around.fleet.pids()
        processes = [psutil.Process(pid) for name, pid in pids.items() if name != BROKER]

        async def full() -> None:
            await asyncio.sleep(1)
            for each in processes:
                each.rlimit(psutil.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
            await asyncio.sleep(size.seconds)
            for each in processes:  # which must have outlived it
                each.rlimit(psutil.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

        return await _report(around, full(), size, seed)


STORMS: dict[str, Callable[[Size, int], Awaitable[Report]]] = {
    "answers to sends lost": lost_answers,
    "429, 502 and silence": floods,
    "the model fails": model_away,
    "the broker is torn and emptied": broker_torn,
    "PostgreSQL is away": database_away,
    "the disk is full": disk_full,
}


async def _report(
    around: Weather, trouble: Awaitable[object], size: Size, seed: int, *, endless: bool = False
) -> Report:
    talkers = around.people(size.chats, seed)
    questions = ENDLESS if endless else size.questions
    verdict, drained, evidence = await around.judged(talkers, trouble, questions=questions)
    assert around.telegram.violations == []
    return Report(
        verdict=verdict,
        drained=drained,
        early=around.messenger.early,
        trouble={**around.messenger.seen, **around.model.seen},
        evidence=evidence,
    )


async def _calm_after(around: Weather, seconds: float) -> None:
    await asyncio.sleep(seconds)
    around.messenger.ways = around.model.ways = HttpWays(most=0)


async def _tear(around: Weather, seconds: float) -> None:
    for round_ in range(max(2, int(seconds // 3))):
        around.broker.delay = 0.05 * (round_ % 3)
        await asyncio.sleep(1.5)
        around.broker.goes_down()
        await asyncio.sleep(1)
        around.broker.comes_back()
        await asyncio.sleep(0.5)
        if round_ == 1:
            async with Redis.from_url(around.fleet.redis_url) as redis:
                await redis.flushall()
