"""`make storms`: the long storms, judged and tabled."""

from __future__ import annotations

import asyncio
import statistics
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.storms import posts, waits
from tests.storms.storms import FULL, STORMS, Report

ACKNOWLEDGED = 250.0  # milliseconds that a post may take at the 99th percentile
TOLD = 2.0  # seconds within which people are told that they have to wait
ALL_TOLD = 1000 / 30  # the same for a thousand of them, since Telegram lets 30 messages/s out
LEASE_LOST = 30.0  # seconds within which a stopped worker's turn is answered by another


def main(
    seed: Annotated[int, typer.Option(help="What goes wrong is drawn from it.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="One storm; may be repeated.")] = None,
) -> None:
    """Run them one after the other; exit status 1 where something was lost."""
    raise typer.Exit(asyncio.run(_run(seed, only or [*STORMS, "posts", "waits"])))


async def _run(seed: int, names: list[str]) -> int:
    console, broken = Console(width=150), 0
    table = Table("storm", "seed", "trouble", "questions", "lost", "twice", "order", "orphans",
                  "in doubt", "early calls", "drained after", "kept")  # fmt: skip
    for name in names:
        if name == "posts":
            broken += await _posts(console, seed)
            continue
        if name == "waits":
            await _waits(console)
            continue
        report = await STORMS[name](FULL, seed)
        row = _row(name, seed, report)
        table.add_row(*row)
        console.print(" | ".join(row))
        if report.evidence:
            console.print(report.evidence)
        broken += not report.kept
    console.print(table)
    return 1 if broken else 0


async def _posts(console: Console, seed: int) -> int:
    """Updates that are posted; how many of the three fell short."""
    found = (
        ("the same update 5 times at once", await posts.repeated(100, seed=seed), 100),
        ("albums of 10 posts at once", await posts.albums(20, seed=seed), 20),
        ("posts while no model answers", await posts.without_a_model(500, seed=seed), 500),
    )
    table = Table("posts", "updates", "turns", "answers", "acknowledged, p99", "kept")
    fell_short = 0
    for name, posted, wanted in found:
        kept = posted.turns == posted.answers == wanted
        fell_short += not kept
        told = "yes" if kept and posted.p99 <= ACKNOWLEDGED else "slow" if kept else "NO"
        numbers = (posted.updates, posted.turns, posted.answers)
        table.add_row(name, *map(str, numbers), f"{posted.p99:.0f} ms", told)
    console.print(table)
    return fell_short


async def _waits(console: Console) -> None:
    """How long people waited. Longer than promised is no fault where the machine was busy with
    something else: whoever reads the table knows."""
    told, late = await waits.in_the_line()
    found = (
        ("a thousand at once are told their place", told, ALL_TOLD),
        ("the next one is told that it is full", [late], TOLD),
        ("a stopped worker's turn is answered", await waits.for_a_stopped_worker(), LEASE_LOST),
    )
    table = Table("waits", "people", "median", "longest", "aim", "kept")
    for name, seconds, aim in found:
        median, longest = statistics.median(seconds), max(seconds)
        figures = (f"{median:.2f} s", f"{longest:.2f} s", f"{aim:.0f} s")
        table.add_row(name, str(len(seconds)), *figures, "yes" if longest <= aim else "slow")
    console.print(table)


def _row(name: str, seed: int, report: Report) -> list[str]:
    verdict = report.verdict
    trouble = ", ".join(f"{count} {what}" for what, count in sorted(report.trouble.items()))
    order = f"{verdict.chats - verdict.disordered} of {verdict.chats}"
    numbers = (verdict.asked, verdict.lost, verdict.twice, order, verdict.orphans)
    more = (verdict.in_doubt, report.early, f"{report.drained:.1f} s")
    kept = "yes" if report.kept else "NO"
    return [name, str(seed), trouble, *map(str, numbers), *map(str, more), kept]


if __name__ == "__main__":
    typer.run(main)
