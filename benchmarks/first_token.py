"""What checks add to the first words of an answer: `python -m benchmarks.first_token`.

Two whole assistants beside each other, one with the policy that ships and one with a policy that
switches every check off; people ask both in turns, so that what else the machine does meets both.
"""

from __future__ import annotations

import asyncio
import io
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.processes import Endpoint, whimbrel
from benchmarks.text_corpora import harmless
from moderation.policy.written import shipped_policy
from storage import migrate
from storage.database import Database
from tests.fakes.telegram import FakeTelegram, Person

PATIENCE = 60.0  # seconds
CHATS = 20  # of each assistant, in turns: a chat's own budget is one message a second


async def switched_off(url: str) -> None:
    """A database in which a policy without any check is in force."""
    names = shipped_policy().checks
    text = "name: Off\nchecks:\n" + "".join(f"  {name}: {{off: true}}\n" for name in names)
    await asyncio.to_thread(migrate.upgrade, url)
    async with Database.from_url(url) as database, database.write() as tx:
        await tx.policies.publish((await tx.policies.add(text, note="", author_id=None)).number)


def photograph(seed: int) -> bytes:
    """Something with edges, of the size of a photograph that a messenger sends; each another."""
    chance = random.Random(seed)
    small = Image.frombytes("RGB", (32, 24), chance.randbytes(32 * 24 * 3))
    out = io.BytesIO()
    small.resize((1280, 960), Image.Resampling.BICUBIC).save(out, "JPEG", quality=85)
    return out.getvalue()


async def ask(person: Person, text: str, picture: bytes | None) -> float:
    """Milliseconds until a short answer, which comes at once, stands in the chat."""
    answers = len(person.chat.from_bot)
    began = time.perf_counter()
    if picture is None:
        person.says(text)
    else:
        person.sends_photo(picture, caption=text)
    await person.chat.until(
        lambda chat: len(chat.from_bot) > answers and chat.from_bot[-1].text.endswith("end."),
        within=PATIENCE,
    )
    return 1000 * (time.perf_counter() - began)


async def side_by_side(
    people: Sequence[Sequence[Person]], texts: Sequence[str], pictures: Sequence[bytes]
) -> list[list[float]]:
    """What people waited for the same questions, asked of two assistants in turns."""
    waits: list[list[float]] = [[], []]
    for number, text in enumerate(texts):
        picture = pictures[number] if pictures else None
        for side in random.Random(number).sample((0, 1), 2):
            person = people[side][number % CHATS]
            waits[side].append(await ask(person, text, picture))
    return waits


async def measure(questions: int, shown: int) -> None:
    """Both assistants, words first and then pictures."""
    texts = [text for language, text in harmless() if language in ("en", "de", "es")][:questions]
    table = Table("question", "without checks, median", "with them", "added", "p95 added")
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wb-"))
        url = f"sqlite:///{Path(folder) / 'off.sqlite3'}"
        await switched_off(url)
        endpoint = await stack.enter_async_context(Endpoint("--tokens", "3"))
        people: list[list[Person]] = []
        for settings in ({"DATABASE_URL": url}, {}):
            telegram = await stack.enter_async_context(FakeTelegram(limits=False))
            fast = {**settings, "TELEGRAM_RATE": "1000"}
            await stack.enter_async_context(whimbrel(telegram, endpoint, **fast))
            people.append([telegram.person(f"Person {number}") for number in range(CHATS)])
        await side_by_side(people, texts[:CHATS], [photograph(n) for n in range(CHATS)])
        for name, asked, pictures in (
            ("words", texts, []),
            (
                "a picture of 1280 by 960",
                texts[:shown],
                [photograph(n + CHATS) for n in range(shown)],
            ),
        ):
            off, on = await side_by_side(people, asked, pictures)
            table.add_row(name, *_row(off, on))
    Console(width=110).print(table)


def _row(off: Sequence[float], on: Sequence[float]) -> list[str]:
    medians = [statistics.median(each) for each in (off, on)]
    tails = [statistics.quantiles(each, n=20)[-1] for each in (off, on)]
    values = (*medians, medians[1] - medians[0], tails[1] - tails[0])
    return [f"{each:.1f} ms" for each in values]


def main(
    questions: Annotated[int, typer.Option(help="Questions of words.")] = 200,
    pictures: Annotated[int, typer.Option(help="Questions with a picture.")] = 60,
) -> None:
    """Measure and print."""
    asyncio.run(measure(questions, pictures))


if __name__ == "__main__":
    typer.run(main)
