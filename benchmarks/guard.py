"""What the guard adds to each message: from a message to its verdict, with an endpoint in a process
of its own that answers after a fixed time. `python -m benchmarks.guard`
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.processes import Endpoint
from chat.moderation import Side
from models.guard.check import GuardCheck
from models.guard.loading import guard_from_settings
from models.guard.settings import GuardSettings
from moderation.checks import Said, Subject

WORDS = "Could you tell me how long a train from Utrecht to Groningen takes on a Sunday? "
LONG_TALK = tuple(Said((Side.QUESTION, Side.ANSWER)[n % 2], WORDS * 4) for n in range(40))
KINDS = {
    "a short message": Subject(Side.QUESTION, (Said(Side.QUESTION, WORDS),)),
    "after 40 others": Subject(Side.QUESTION, (Said(Side.QUESTION, WORDS),), before=LONG_TALK),
    "4,000 characters": Subject(Side.QUESTION, (Said(Side.QUESTION, WORDS * 50),)),
    "40,000 characters": Subject(Side.QUESTION, (Said(Side.QUESTION, WORDS * 500),)),
}


def main(
    verdict: Annotated[float, typer.Option(help="Seconds that the endpoint takes.")] = 0.05,
    looks: Annotated[int, typer.Option(help="Messages of each kind.")] = 200,
    at_once: Annotated[int, typer.Option(help="Of the second column.")] = 20,
) -> None:
    """Measure and print the table."""
    asyncio.run(_measure(verdict, looks, at_once))


async def _measure(verdict: float, looks: int, at_once: int) -> None:
    table = Table("message", "ms, one by one: median, p95", f"{at_once} at once: median, p95")
    async with Endpoint("--verdict-after", str(verdict)) as endpoint:
        guard = guard_from_settings(GuardSettings(guard_url=endpoint.url))
        assert guard is not None
        async with guard:
            await guard.look(KINDS["a short message"])
            for name, subject in KINDS.items():
                table.add_row(
                    name,
                    await _times(guard, subject, looks=looks, at_once=1),
                    await _times(guard, subject, looks=looks, at_once=at_once),
                )
    Console().print(
        f"an endpoint that answers after {verdict * 1000:.0f} ms, {looks} messages each"
    )
    Console().print(table)


async def _times(guard: GuardCheck, subject: Subject, *, looks: int, at_once: int) -> str:
    """Median and 95th percentile in milliseconds."""
    places, seconds = asyncio.Semaphore(at_once), list[float]()

    async def one() -> None:
        async with places:
            began = time.perf_counter()
            await guard.look(subject)
            seconds.append(time.perf_counter() - began)

    await asyncio.gather(*(one() for _ in range(looks)))
    high = statistics.quantiles(seconds, n=20)[-1]
    return f"{statistics.median(seconds) * 1000:.0f}, {high * 1000:.0f}"


if __name__ == "__main__":
    typer.run(main)
