"""Many chats at once through Telegram, bot, broker, SQL, worker and an endpoint, all of it real but
the two services at the ends. `python -m benchmarks.pipeline`

Test A: answers of 60 tokens at once, flood limits off; a plain echo with three calls
and nothing stored is measured beside it in the same run, since machines differ.
Test B: 20 chats, 900-word answers streamed over 4.5 s, Telegram's flood limits enforced.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.processes import Endpoint, echo_bot, whimbrel
from tests.fakes.telegram import FakeTelegram, Person

WORDS = 900
STREAMED_OVER = 4.5


def main(
    chats: Annotated[int, typer.Option(help="Chats at once in test A.")] = 200,
    rounds: Annotated[int, typer.Option(help="Questions of each chat in test A.")] = 3,
    single: Annotated[int, typer.Option(help="Questions asked one by one.")] = 100,
    only: Annotated[str, typer.Option(help="Run only test a or b.")] = "",
) -> None:
    """Measure and print the table."""
    asyncio.run(_measure(chats=chats, rounds=rounds, single=single, only=only.lower()))


async def _measure(*, chats: int, rounds: int, single: int, only: str) -> None:
    table = Table("test", "what", "echo, nothing stored", "Whimbrel", "ratio")
    if only != "b":
        echo = await _test_a(chats, rounds, single, ours=False)
        ours = await _test_a(chats, rounds, single, ours=True)
        rows = (("one at a time, median", "ms"), (f"{chats} chats at once", "answers/s"))
        for name, unit in rows:
            left, right = echo[unit], ours[unit]
            table.add_row(
                "A", name, f"{left:.1f} {unit}", f"{right:.1f} {unit}", f"{right / left:.2f}"
            )
        table.add_row("A", "bot's peak memory", "", f"{ours['MB']:.0f} MB", "")
    if only != "a":
        for name, value in (await _test_b()).items():
            table.add_row("B", name, "", value, "")
    Console().print(table)


async def _test_a(chats: int, rounds: int, single: int, *, ours: bool) -> dict[str, float]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram(limits=False))
        if ours:
            endpoint = await stack.enter_async_context(Endpoint("--tokens", "60"))
            bot = await stack.enter_async_context(
                whimbrel(telegram, endpoint, TELEGRAM_RATE="1000")
            )
        else:
            bot = await stack.enter_async_context(echo_bot(telegram))
        people = [telegram.person(f"Person {number}") for number in range(chats)]
        await _ask(people[0], "warm up")
        # One question at a time, each in another chat: a chat's budget is one message per second.
        latencies = [await _ask(people[n % chats], f"question {n}") for n in range(single)]
        began = time.monotonic()
        await asyncio.gather(*(_converse(person, rounds) for person in people))
        seconds = time.monotonic() - began
        return {
            "ms": 1000 * statistics.median(latencies),
            "answers/s": chats * rounds / seconds,
            "MB": bot.peak_memory("bot") / 1e6 if ours else 0.0,
        }


async def _converse(person: Person, rounds: int) -> None:
    for number in range(rounds):
        await _ask(person, f"question {number}", within=120)


async def _ask(person: Person, text: str, *, within: float = 30) -> float:
    """Seconds until the whole answer stands in the chat."""
    answers = len(person.chat.from_bot)
    began = time.monotonic()
    person.says(text)
    await person.chat.until(
        lambda chat: len(chat.from_bot) > answers and chat.from_bot[-1].text.endswith("end."),
        within=within,
    )
    return time.monotonic() - began


async def _test_b(chats: int = 20) -> dict[str, str]:
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(FakeTelegram())
        endpoint = await stack.enter_async_context(
            Endpoint("--tokens", str(WORDS), "--words-per-second", str(WORDS / STREAMED_OVER))
        )
        await stack.enter_async_context(whimbrel(telegram, endpoint))
        people = [telegram.person(f"Person {number}") for number in range(chats)]
        began = time.monotonic()
        for person in people:
            person.says("tell me a long story")
        ends = await asyncio.gather(*(_whole(person, began) for person in people))
        words = sum(_words_once(person) for person in people)
        return {
            "answers whole": f"{sum(end is not None for end in ends)} of {chats}",
            "words delivered once": f"{100 * words / (chats * WORDS):.1f}%",
            "last answer whole after": f"{max((end or 999.0) for end in ends):.1f} s",
            "calls refused (429)": str(telegram.world.limits.refused),
            "calls inside a wait": str(telegram.world.limits.early),
        }


async def _whole(person: Person, began: float) -> float | None:
    try:
        await person.chat.until(lambda _: _words_once(person) == WORDS, within=90)
    except AssertionError:
        return None
    return time.monotonic() - began


def _words_once(person: Person) -> int:
    """How many of the words `word1.` to `wordN` stand in the chat exactly once."""
    said = " ".join(shown.text for shown in person.chat.from_bot).split()
    return sum(said.count(word) == 1 for word in _expected())


def _expected() -> list[str]:
    return [f"word{number}" for number in range(1, WORDS)] + ["end."]


if __name__ == "__main__":
    typer.run(main)
