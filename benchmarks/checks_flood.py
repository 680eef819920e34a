"""Checks under a flood, on one worker's event loop: `python -m benchmarks.checks_flood`.

Messages come at a steady rate, whether those before are done or not, and go through the pipeline
with the policy that ships: words alone, and words with pictures. Then with a check that hangs and
with one whose process is killed again and again, which may delay a message by its limit, no more.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

import structlog
import typer
from msgspec import structs
from rich.console import Console
from rich.table import Table

from benchmarks.harmless import pictures
from benchmarks.picture_checks import stored
from benchmarks.text_checks import subject
from benchmarks.text_corpora import harmless
from chat.moderation import Finding
from moderation.checks import Check, Subject
from moderation.pictures.checker import PictureChecker
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.nudity import NudityCheck
from moderation.pipeline import Pipeline
from moderation.policy.rules import CheckRule, Policy
from moderation.policy.written import shipped_policy
from moderation.text.making import TextChecks

HANG_LIMIT = 0.2  # seconds


class Counted:
    """Failures by check."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()

    def looked(self, check: str, *, seconds: float, found: int) -> None:
        """Not counted."""

    def failed(self, check: str, reason: str) -> None:
        """Count it."""
        self.failures[f"{check} {reason}"] += 1


class Hanging:
    """A check that never answers."""

    name = "hanging"

    async def look(self, subject: Subject) -> Sequence[Finding]:
        """Wait for what does not come."""
        await asyncio.Event().wait()
        return ()


async def flood(
    checks: Sequence[Check], policy: Policy, asked: Sequence[Subject], *, rate: float
) -> list[str]:
    """A row of the table: how long each message waited for its checks."""
    metrics, texts = Counted(), TextChecks()
    pipeline = Pipeline(checks, metrics=metrics, made=texts.made)
    await pipeline.look(asked[0], policy)  # word lists are made at the first look
    metrics.failures.clear()
    waits: list[float] = []

    async def one(each: Subject, due: float) -> None:
        await pipeline.look(each, policy)
        waits.append(time.perf_counter() - due)

    began, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as group:
        for number, each in enumerate(asked):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(each, due))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    texts.close()
    p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
    failed = ", ".join(f"{name} {count}" for name, count in metrics.failures.items())
    times = [f"{1000 * each:.0f}" for each in (p50, p95, max(waits))]
    return [f"{len(asked) / seconds:.1f}", *times, f"{cpu / seconds:.0%}", failed or "none"]


def messages(count: int) -> list[Subject]:
    """So many questions of some hundred characters, of several people."""
    texts = [text for _, text in harmless()]
    return [
        structs.replace(subject(" ".join(texts[n % 3000 : n % 3000 + 4])), user_id=n % 50)
        for n in range(count)
    ]


async def shown(count: int) -> list[Subject]:
    """So many questions with a picture each, all different."""
    kept = list((await stored(pictures()[:count])).values())
    return [structs.replace(subject("What is this?"), pictures=(each,)) for each in kept]


async def _killing(checker: PictureChecker, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        for pid in checker.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


async def measure(seconds: float, most: int) -> None:
    """All rows."""
    policy = shipped_policy()
    hurried = structs.replace(
        policy, checks={**policy.checks, "hanging": CheckRule(limit=HANG_LIMIT)}
    )
    table = Table("flood", "done a second", "p50 ms", "p95 ms", "longest ms", "CPU", "failed")
    texts = messages(int(200 * seconds))
    table.add_row("200 messages/s", *await flood((), policy, texts, rate=200))
    hanging = await flood((Hanging(),), hurried, texts[: int(50 * seconds)], rate=50)
    table.add_row(f"50/s, one check hangs (limit {HANG_LIMIT * 1000:.0f} ms)", *hanging)
    asked = await shown(most)
    for processes, rate in ((1, 10), (2, 20)):
        async with PictureChecker(processes=processes) as checker:
            checks = (NudityCheck(checker), KnownPicturesCheck(checker))
            row = await flood(checks, policy, asked, rate=rate)
            table.add_row(f"{rate} pictures/s, {processes} process(es)", *row)
    async with PictureChecker() as checker:
        killing = asyncio.create_task(_killing(checker, 2.0))
        checks = (NudityCheck(checker), KnownPicturesCheck(checker))
        row = await flood(checks, policy, asked[:60], rate=3)
        killing.cancel()
    table.add_row("3 pictures/s, their process killed every 2 s", *row)
    console = Console(width=110)
    console.print(table)
    console.print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def main(
    seconds: Annotated[float, typer.Option(help="How long messages come.")] = 20.0,
    most: Annotated[int, typer.Option(help="So many pictures.")] = 300,
) -> None:
    """Measure and print."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(io.StringIO()))
    asyncio.run(measure(seconds, most))


if __name__ == "__main__":
    typer.run(main)
