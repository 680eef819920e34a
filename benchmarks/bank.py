"""How long a bank of known pictures takes to be imported, learnt and compared with, in how much
memory.

`python -m benchmarks.bank`; with PostgreSQL installed, `--url postgresql://...` measures there.
"""

from __future__ import annotations

import asyncio
import io
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated

import numpy as np
import psutil
import typer
from PIL import Image
from rich.console import Console

from bot import bank as command
from bot.settings import load
from moderation.checks import Shown
from moderation.pictures.bank_lines import line_of
from moderation.pictures.checker import CheckerLimits, PictureChecker
from moderation.pictures.live import LiveBank
from storage import migrate
from storage.database import Database

MEGABYTE = 2**20
console = Console()


def main(
    hashes: Annotated[int, typer.Option(help="How many are known.")] = 100_000,
    url: Annotated[str, typer.Option(help="An empty database; unset: SQLite.")] = "",
    times: Annotated[int, typer.Option(help="Pictures that are compared.")] = 50,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{Path(folder) / 'whimbrel.sqlite3'}"
        asyncio.run(_measure(Path(folder), url, hashes, times))


async def _measure(folder: Path, url: str, hashes: int, times: int) -> None:
    await asyncio.to_thread(migrate.upgrade, url)
    file = folder / "list.csv"
    dice = random.Random(1)
    file.write_text(
        "".join(line_of(f"{dice.getrandbits(256):064x}", "known-picture") for _ in range(hashes))
    )
    settings = load({"WHIMBREL_HOME": str(folder), "DATABASE_URL": url})
    took = command.take(settings, file, category="known-picture", note="", say=console.print)
    await _timed(f"{hashes} imported", took)
    out = str(folder / "out.csv")
    await _timed("exported", command.export(settings, out, say=console.print))
    limits = CheckerLimits(work=60, patience=120)
    async with (
        Database.from_url(url) as database,
        PictureChecker(nudity=False, limits=limits) as checker,
    ):
        pictures = [_drawn(seed) for seed in range(times)]
        seen = [await checker.see(each) for each in pictures]
        here, there = psutil.Process(), psutil.Process(checker.pids[0])
        before = here.memory_info().rss, there.memory_info().rss
        await _timed("learnt by a worker", LiveBank(database, checker).refresh())
        await _timed("first comparison, with handing over", checker.known(seen[0]))
        after = here.memory_info().rss, there.memory_info().rss
        grown = [(now - then) / MEGABYTE for then, now in zip(before, after, strict=True)]
        console.print(f"memory: {grown[0]:.0f} MB in the worker, {grown[1]:.0f} MB in the process")
        lasted = []
        for each in seen:
            begun = time.perf_counter()
            await checker.known(each)
            lasted.append((time.perf_counter() - begun) * 1000)
        worst = statistics.quantiles(lasted, n=20)[-1]
        console.print(
            f"compared in all eight positions: {statistics.median(lasted):.1f} ms (median), "
            f"{worst:.1f} ms (95th percentile)"
        )


async def _timed(what: str, work: Awaitable[object]) -> None:
    begun = time.perf_counter()
    await work
    console.print(f"{what}: {time.perf_counter() - begun:.2f} s")


def _drawn(seed: int) -> Shown:
    """A picture of large spots, another one for each seed."""
    dots = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(dots).resize((640, 480), Image.Resampling.BICUBIC).save(out, "PNG")
    return Shown(f"{seed:064x}", "image/png", out.getvalue(), 1, 1)


if __name__ == "__main__":
    typer.run(main)
