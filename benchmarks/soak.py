"""An hour of people talking, with everything that could grow looked at every ten seconds.

`make soak` (`python -m benchmarks.soak`). Flat means: in the last quarter of the time no process
has more than a tenth more memory than in the second one, nor more than a few descriptors or keys in
the broker more; tables grow by the same rows for each question; nobody waits longer.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.samples import Sample, sample
from tests.chaos.crowd import ENDLESS, Talker, crowd
from tests.chaos.fleet import BROKER, Fleet, open_to_all
from tests.chaos.parrot import Parrot
from tests.chaos.stores import migrated_database, settled, unshown
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.fakes.telegram import FakeTelegram

MORE = 1.10  # how much of anything may have been added
LAST_LINES = 15  # of each log, where something is left over
FEW = 8  # descriptors or keys, of which there are not many

Row = tuple[str, float, float, bool]


def main(
    minutes: Annotated[float, typer.Option(help="How long.")] = 60.0,
    chats: Annotated[int, typer.Option(help="People who talk all the time.")] = 30,
    every: Annotated[float, typer.Option(help="Seconds between two looks.")] = 10.0,
    plot: Annotated[Path | None, typer.Option(help="Draw a picture here (PNG).")] = None,
) -> None:
    """Soak and print a table; exit status 1 where something is not flat."""
    samples, talkers, left = asyncio.run(_soak(minutes * 60, chats, every))
    rows = _judge(samples, talkers)
    table = Table("what", "second quarter", "last quarter", "flat")
    for name, before, after, flat in rows:
        table.add_row(name, f"{before:.1f}", f"{after:.1f}", "yes" if flat else "NO")
    console = Console()
    console.print(table)
    console.print(f"{samples[-1].asked} questions; left over: {', '.join(left) or 'nothing'}")
    if plot is not None:
        draw(samples, plot)
    raise typer.Exit(0 if all(row[3] for row in rows) and not left else 1)


async def _soak(
    seconds: float, chats: int, every: float
) -> tuple[list[Sample], list[Talker], list[str]]:
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        folder, parrot = Path(name), Parrot(whole=False)
        ways = Ways(model="parrot", window=2048, words_per_second=200)
        with migrated_database("sqlite", folder) as url:
            async with (
                FakeTelegram(limits=False) as telegram,
                OpenAIEndpoint(parrot, ways) as model,
            ):
                settings = open_to_all(url, telegram.url, telegram.token)
                settings |= {"TELEGRAM_RATE": "1000", "ENGINE_URL": model.url}
                settings["LOG_LEVEL"] = "warning"
                async with Fleet(folder, settings, bots=1, workers=1) as fleet:
                    talkers = crowd(telegram, chats=chats, seed=1)
                    samples = await _watch(fleet, talkers, folder, seconds, every)
                    left = await settled(url, fleet.redis_url)
                    if left:
                        left += unshown(url)
                        left += _last_words(folder)
        return samples, talkers, [*left, *parrot.wrong[:5]]


def _last_words(folder: Path) -> list[str]:
    """What the processes have complained of last: the folder is gone when it is asked for."""
    return [
        f"{log.stem}: {line}"
        for log in sorted(folder.glob("*.log"))
        for line in log.read_text("utf-8", "replace").splitlines()[-LAST_LINES:]
    ]


async def _watch(
    fleet: Fleet, talkers: Sequence[Talker], folder: Path, seconds: float, every: float
) -> list[Sample]:
    stop, samples = asyncio.Event(), []
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for each in talkers:
            group.create_task(each.talk(questions=ENDLESS, stop=stop))
        while time.monotonic() < until:
            await asyncio.sleep(every)
            samples.append(
                await sample(
                    fleet.pids(),
                    asked=sum(len(each.asked) for each in talkers),
                    redis_url=fleet.redis_url,
                    database=folder / "whimbrel.sqlite3",
                )
            )
        stop.set()
    return samples


def _judge(samples: Sequence[Sample], talkers: Sequence[Talker]) -> list[Row]:
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    rows: list[Row] = []

    def compare(name: str, value: Callable[[Sample], float], few: float = 0.0) -> None:
        before, after = (statistics.median(map(value, part)) for part in (early, late))
        rows.append((name, before, after, after <= max(before * MORE, before + few)))

    for name in samples[-1].memory:
        compare(f"{name}: memory, MB", _of("memory", name, 1e6))
        if name != BROKER:
            compare(f"{name}: descriptors", _of("descriptors", name), FEW)
    compare("broker: keys", lambda each: each.redis_keys, FEW)
    compare("broker: data, MB", lambda each: each.redis_memory / 1e6)
    for name in samples[-1].rows:
        rows.append(_per_question(name, early, late, _of("rows", name)))
    rows.append(_per_question("bytes", early, late, lambda each: each.database_bytes))
    return [*rows, _waits(talkers)]


def _of(field: str, name: str, unit: float = 1.0) -> Callable[[Sample], float]:
    """One process's or table's number in a sample."""
    return lambda each: getattr(each, field).get(name, 0) / unit


def _per_question(
    name: str, early: Sequence[Sample], late: Sequence[Sample], value: Callable[[Sample], float]
) -> Row:
    """What one question adds, over each of the two spans of time."""
    before, after = (
        (value(part[-1]) - value(part[0])) / max(1, part[-1].asked - part[0].asked)
        for part in (early, late)
    )
    return f"{name} for each question", before, after, after <= max(before * MORE, before + 0.05)


def _waits(talkers: Sequence[Talker]) -> Row:
    """The 95th percentile of people's waits, in both quarters of their questions."""
    early: list[float] = []
    late: list[float] = []
    for each in talkers:
        quarter = len(each.waits) // 4
        early += each.waits[quarter : 2 * quarter]
        late += each.waits[-quarter:]
    before, after = (1000 * statistics.quantiles(part, n=20)[-1] for part in (early, late))
    return "wait for an answer, p95 in ms", before, after, after <= before * 1.5


def draw(samples: Sequence[Sample], path: Path) -> None:
    """Draw memory, descriptors, keys and rows over the minutes."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(11, 7), layout="constrained")
    minutes = [(each.at - samples[0].at) / 60 for each in samples]
    for name in samples[-1].memory:
        axes[0, 0].plot(minutes, [each.memory.get(name, 0) / 1e6 for each in samples], label=name)
        descriptors = [each.descriptors.get(name, 0) for each in samples]
        axes[0, 1].plot(minutes, descriptors, label=name)
    axes[1, 0].plot(minutes, [each.redis_keys for each in samples], label="keys in the broker")
    for table in ("messages", "turns", "outbound", "updates", "leases", "waits"):
        axes[1, 1].plot(minutes, [each.rows.get(table, 0) for each in samples], label=table)
    titles = ("memory, MB", "descriptors", "keys", "rows")
    for axis, title in zip(axes.flat, titles, strict=True):
        axis.set_title(title)
        axis.set_xlabel("minutes")
        axis.set_ylim(bottom=0)
        axis.legend()
    figure.savefig(path, dpi=80)


if __name__ == "__main__":
    typer.run(main)
