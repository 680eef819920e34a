"""`make chaos`: every named point, the embedded engine, and random kills, judged and tabled."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import structs
from rich.console import Console
from rich.table import Table

from chat.failpoints import Failpoint
from tests.chaos.runs import Outcome, Plan, run

SHIPPED = Path(__file__).parents[2] / "models" / "fledgling" / "checkpoint"
IN_WORKERS = list(Failpoint)[
    list(Failpoint).index(Failpoint.HINTS_TAKEN) : list(Failpoint).index(Failpoint.SHOWINGS_TAKEN)
]
SELDOM = {
    Failpoint.PICTURES_TAKEN: 5,
    Failpoint.PICTURE_FETCHED: 5,
    Failpoint.PICTURE_STORED: 5,
    Failpoint.PICTURE_RECORDED: 5,
    Failpoint.TURNS_PROMOTED: 2,
    Failpoint.LEASES_EXPIRED: 1,
    Failpoint.LEASES_RENEWED: 2,
    Failpoint.SHOWINGS_TAKEN: 1,
    Failpoint.PLACEHOLDER_RECORDED: 8,
    Failpoint.PLACEHOLDER_SENT: 8,
    Failpoint.PLACEHOLDER_STORED: 8,
    Failpoint.DRAFT_EDITED: 8,
    Failpoint.PART_EDITED: 8,
    Failpoint.NOTICE_BEGUN: 3,
    Failpoint.NOTICE_SENT: 3,
    Failpoint.NOTICE_RECORDED: 3,
}
# Points that are passed only after another process has died.
AFTER = {
    Failpoint.LEASES_EXPIRED: ("worker-1", "worker-2"),
    Failpoint.SHOWINGS_TAKEN: ("bot-1", "bot-2"),
}
COLUMNS = ("run", "seed", "kills", "questions", "lost", "twice", "order", "orphans", "in doubt",
           "set aside", "longest wait", "seconds", "kept")  # fmt: skip


def main(
    only: Annotated[str, typer.Option(help="points, embedded or random.")] = "",
    point: Annotated[list[str] | None, typer.Option(help="One point; may be repeated.")] = None,
    chats: Annotated[int, typer.Option(help="Chats at once.")] = 50,
    questions: Annotated[int, typer.Option(help="Questions of each chat.")] = 20,
    minutes: Annotated[float, typer.Option(help="How long random kills go on for a seed.")] = 10.0,
    seeds: Annotated[str, typer.Option(help="Seeds of the random kills.")] = "1,2,3",
    database: Annotated[str, typer.Option(help="sqlite or postgresql, for the points.")] = "sqlite",
    results: Annotated[Path | None, typer.Option(help="Also append results here (JSON).")] = None,
) -> None:
    """Run them one after the other and print a table; exit status 1 where an invariant broke."""
    plans: list[tuple[str, Plan]] = []
    usual = Plan(chats=chats, questions=questions, database=database)
    if only in ("", "points"):
        wanted = [Failpoint(each) for each in point] if point else list(Failpoint)
        plans += [(str(each), _at(each, usual)) for each in wanted]
    if only in ("", "embedded"):
        wanted = [Failpoint(each) for each in point] if point else IN_WORKERS
        usual = structs.replace(usual, embedded=str(SHIPPED))
        plans += [(f"{each}, embedded", _at(each, usual)) for each in wanted]
    if only in ("", "random"):
        plans += list(_random(seeds, minutes, chats))
    raise typer.Exit(asyncio.run(_run_all(plans, results)))


def _at(point: Failpoint, usual: Plan) -> Plan:
    """Points that are seldom passed kill at fewer passes."""
    return structs.replace(
        usual, point=point, every=SELDOM.get(point, 20), victims=AFTER.get(point, ())
    )


def _random(seeds: str, minutes: float, chats: int) -> Iterator[tuple[str, Plan]]:
    for number, seed in enumerate(int(each) for each in seeds.split(",")):
        kind = ("sqlite", "postgresql")[number % 2]
        yield (
            f"random kills, {kind}",
            Plan(minutes=minutes, seed=seed, chats=chats, database=kind),
        )


async def _run_all(plans: Sequence[tuple[str, Plan]], results: Path | None) -> int:
    console, table, broken = Console(width=170), Table(*COLUMNS), 0
    for name, plan in plans:
        outcome = await run(plan)
        row = _row(name, plan, outcome)
        table.add_row(*row)
        console.print(" | ".join(row))
        broken += not outcome.verdict.kept
        if outcome.evidence:
            _keep(console, outcome)
        if results is not None:
            with results.open("ab") as file:
                file.write(msgspec.json.encode((name, plan, outcome.verdict)) + b"\n")
    console.print(table)
    return 1 if broken else 0


def _keep(console: Console, outcome: Outcome) -> None:
    with tempfile.NamedTemporaryFile(
        "w", prefix="chaos-", suffix=".log", delete=False
    ) as file:  # to be read afterwards
        file.write(f"{outcome.verdict}\n\n{outcome.evidence}")
    console.print(f"what happened: {file.name}; {', '.join(outcome.verdict.leftovers)}")


def _row(name: str, plan: Plan, outcome: Outcome) -> list[str]:
    verdict = outcome.verdict
    right = verdict.chats - verdict.disordered
    numbers = (
        (plan.seed, verdict.kills, verdict.asked, verdict.lost, verdict.twice),
        (f"{right} of {verdict.chats}", verdict.orphans, verdict.in_doubt, verdict.retried),
        (f"{verdict.longest_wait:.1f} s", f"{verdict.seconds:.0f}"),
    )
    kept = "yes" if verdict.kept else "NO"
    return [name, *(str(each) for group in numbers for each in group), kept]


if __name__ == "__main__":
    typer.run(main)
