"""One person floods: how long everybody else waits, beside how long they wait without the flood, in
the same run. All of it is real but Telegram and an endpoint, which answers a few at once and is
the bottleneck. `python -m benchmarks.fairness`
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.processes import Endpoint, whimbrel
from tests.fakes.telegram import FakeTelegram, Person

WORDS, SECONDS = 30, 3.0  # of an answer
PAUSE = 2.0  # seconds between an answer and the next question of a person, on average
BURST, RATE = 1000, 5.0  # messages of the flood at once, and each second from then on
OFF = {"PERSON_BUDGET": "none", "CHAT_BUDGET": "none", "TOTAL_BUDGET": "none"}
UNBOUND = {**OFF, "PERSON_WAITING": "100000", "PERSON_AT_ONCE": "100000"}
WAYS = {"as it comes": {}, "budgets off": OFF, "bounds off too": UNBOUND}
FLOODS = ("one chat", "many topics")


def main(
    people: Annotated[int, typer.Option(help="People who ask in peace.")] = 6,
    at_once: Annotated[int, typer.Option(help="Answers that the endpoint gives at once.")] = 4,
    seconds: Annotated[float, typer.Option(help="How long each phase lasts.")] = 20.0,
    phases: Annotated[int, typer.Option(help="Quiet and flooded phases of each kind.")] = 2,
    seed: Annotated[int, typer.Option(help="Of the pauses between questions.")] = 1,
    only: Annotated[str, typer.Option(help="Rows to measure: 'budgets off+one chat'.")] = "",
) -> None:
    """Measure and print the table."""
    random.seed(seed)
    table = Table("settings", "flood", "questions", "p95 quiet", "p95 flooded", "ratio")
    for name, settings in WAYS.items():
        for kind in FLOODS:
            if any(word in f"{name}, {kind}" for word in only.split("+")):
                topics = kind == "many topics"
                row = asyncio.run(_measure(settings, topics, people, at_once, seconds, phases))
                table.add_row(name, kind, *row)
    Console().print(f"seed {seed}, {people} people, an endpoint that answers {at_once} at once")
    Console().print(table)


async def _measure(
    settings: dict[str, str], topics: bool, people: int, at_once: int, seconds: float, phases: int
) -> tuple[str, ...]:
    quiet: list[float] = []
    flooded: list[float] = []
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram(limits=False))
        ways = {"tokens": WORDS, "words-per-second": WORDS / SECONDS, "at-once": at_once}
        options = [word for name, value in ways.items() for word in (f"--{name}", str(value))]
        endpoint = await stack.enter_async_context(Endpoint(*options))
        await stack.enter_async_context(whimbrel(telegram, endpoint, **settings))
        calm = [telegram.person(f"Person {number}") for number in range(people)]
        await asyncio.gather(*(_ask(person) for person in calm))
        for _ in range(phases):
            quiet += await _phase(calm, seconds)
            async with _flood(telegram.person("Flooder"), topics=topics):
                flooded += await _phase(calm, seconds)
    left, right = _p95(quiet), _p95(flooded)
    asked = f"{len(quiet)} + {len(flooded)}"
    return asked, f"{left:.2f} s", f"{right:.2f} s", f"{right / left:.2f}"


@asynccontextmanager
async def _flood(person: Person, *, topics: bool) -> AsyncIterator[None]:
    """One person writes without end, into one chat or into a new topic each time."""

    async def write() -> None:
        for number in count(2):
            person.says(f"flood {number}", thread=number if topics else None)
            if number > BURST:
                await asyncio.sleep(1 / RATE)

    writing = asyncio.create_task(write())
    try:
        yield
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing


async def _phase(people: list[Person], seconds: float) -> list[float]:
    """How long each question took from asking to its whole answer, in seconds."""
    end = time.monotonic() + seconds
    found = await asyncio.gather(*(_converse(person, end) for person in people))
    return [each for some in found for each in some]


async def _converse(person: Person, end: float) -> list[float]:
    found = []
    await asyncio.sleep(random.uniform(0, PAUSE))
    while time.monotonic() < end:
        found.append(await _ask(person))
        await asyncio.sleep(random.uniform(0, 2 * PAUSE))
    return found


async def _ask(person: Person) -> float:
    answers = len(person.chat.from_bot)
    began = time.monotonic()
    person.says("how are you?")
    await person.chat.until(
        lambda chat: len(chat.from_bot) > answers and chat.from_bot[-1].text.endswith("end."),
        within=600,
    )
    return time.monotonic() - began


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


if __name__ == "__main__":
    typer.run(main)
