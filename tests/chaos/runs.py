"""One run: a fleet, a crowd, and deaths at a named point or at random."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from msgspec import Struct

from bot.failpoints import VARIABLE
from chat.failpoints import Failpoint
from tests.chaos.crowd import ENDLESS, Talker, crowd
from tests.chaos.fleet import Fleet, open_to_all
from tests.chaos.parrot import Parrot
from tests.chaos.stores import migrated_database, settled
from tests.chaos.verdict import Verdict, judge, transcript
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.fakes.telegram import FakeTelegram


class Plan(Struct, frozen=True, kw_only=True):
    """What is to happen.

    At `point` (or nowhere) a process dies at every `every`-th pass, `deaths` times in all; or for
    `minutes` one of all processes dies every two to five seconds. `victims` die so while people
    talk, where a point is passed only after another process has died. `embedded` names a checkpoint
    that answers in the workers instead of an endpoint; its answers can only be counted.
    """

    point: Failpoint | None = None
    every: int = 20
    deaths: int = 8
    minutes: float = 0.0
    victims: tuple[str, ...] = ()
    chats: int = 50
    questions: int = 20
    seed: int = 1
    database: str = "sqlite"
    embedded: str = ""
    words_per_second: float = 40.0


class Outcome(Struct, frozen=True):
    """The verdict, and what there is to read where an invariant broke."""

    verdict: Verdict
    evidence: str = ""


class _Run:
    """What one run has open."""

    def __init__(self, plan: Plan, folder: Path, telegram: FakeTelegram, database_url: str) -> None:
        self.plan = plan
        self.telegram = telegram
        self.database_url = database_url
        self.parrot = Parrot()
        self.lives = folder / "lives"
        self.kills = 0
        self.folder = folder

    def settings(self, endpoint_url: str) -> dict[str, str]:
        """The settings of all processes."""
        settings = open_to_all(self.database_url, self.telegram.url, self.telegram.token)
        settings["TELEGRAM_RATE"] = "1000"
        if self.plan.embedded:
            settings |= {"MODEL": self.plan.embedded, "MAX_TOKENS": "8"}
        else:
            settings["ENGINE_URL"] = endpoint_url
        if self.plan.point is not None:
            settings[VARIABLE] = f"{self.plan.point}:{self.plan.every}:{self.lives}"
        return settings

    def grant_lives(self) -> None:
        """From now on processes die: not before all of them run."""
        for number in range(self.plan.deaths if self.plan.point else 0):
            (self.lives / str(number)).touch()

    def deaths(self) -> int:
        """How many have died so far."""
        granted = self.plan.deaths if self.plan.point else 0
        return self.kills + granted - sum(1 for _ in self.lives.iterdir())


async def run(plan: Plan) -> Outcome:
    """Carry a plan out, and judge what stands in the chats."""
    async with _prepared(plan) as (current, endpoint_url):
        settings = current.settings(endpoint_url)
        async with Fleet(current.folder, settings) as fleet:
            began = time.monotonic()
            talkers = crowd(
                current.telegram, chats=plan.chats, seed=plan.seed, plain=bool(plan.embedded)
            )
            await _talk(current, fleet, talkers)
            left = await settled(current.database_url, fleet.redis_url)
            verdict = judge(
                talkers,
                seconds=time.monotonic() - began,
                kills=current.deaths(),
                wrong_prompts=current.parrot.wrong,
                leftovers=left,
            )
            evidence = "" if verdict.kept else _evidence(current, fleet, talkers)
    assert current.telegram.violations == []
    return Outcome(verdict, evidence)


@asynccontextmanager
async def _prepared(plan: Plan) -> AsyncIterator[tuple[_Run, str]]:
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        folder = Path(name)
        with migrated_database(plan.database, folder) as database_url:
            async with FakeTelegram(limits=False) as telegram:
                current = _Run(plan, folder, telegram, database_url)
                current.lives.mkdir()
                ways = Ways(model="parrot", window=500_000, words_per_second=plan.words_per_second)
                async with OpenAIEndpoint(current.parrot, ways) as endpoint:
                    yield current, endpoint.url


async def _talk(current: _Run, fleet: Fleet, talkers: Sequence[Talker]) -> None:
    """Let everybody talk to their end while processes die."""
    plan, stop = current.plan, asyncio.Event()
    questions = ENDLESS if plan.minutes else plan.questions
    current.grant_lives()
    async with asyncio.TaskGroup() as group:
        talking = [group.create_task(each.talk(questions=questions, stop=stop)) for each in talkers]
        if plan.minutes:
            await _kill_at_random(current, fleet, fleet.names, minutes=plan.minutes)
            stop.set()
        elif plan.victims:
            killing = group.create_task(_kill_at_random(current, fleet, plan.victims, minutes=60))
            await asyncio.wait(talking)
            killing.cancel()


async def _kill_at_random(
    current: _Run, fleet: Fleet, victims: Sequence[str], *, minutes: float
) -> None:
    dice = Random(current.plan.seed)
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        await asyncio.sleep(dice.uniform(2, 5))
        current.kills += fleet.kill(dice.choice(victims))


def _evidence(current: _Run, fleet: Fleet, talkers: Sequence[Talker]) -> str:
    logs = (f"--- {name}\n{fleet.log(name)[-20_000:]}" for name in fleet.names[:-1])
    return "\n\n".join((*current.parrot.wrong[:20], transcript(talkers), *logs))
