"""One worker and two, from a recorded question to the deltas of its answer:
`python -m benchmarks.workers`. SQL, broker and workers are real; each worker is a process.

With more workers than cores they wait for each other: the machine's cores are told beside the
figures.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.checkpoints import random_checkpoint
from benchmarks.engine import SAID, TOKENS, WORK
from benchmarks.processes import ended
from chat.turns import TurnResult
from models.loading import SHIPPED
from models.machine import cores
from storage import migrate
from storage.attachments import open_store
from storage.broker import Broker, DeltaFollower
from storage.valkey import PrivateValkey
from tests.models.working import Floor
from tests.waiting import eventually


async def _measure(folder: Path, workers: int, chats: int) -> tuple[float, float, float]:
    """Tokens a second of all chats, and the first delta's p50 and p95 in seconds."""
    async with _floor(folder, workers) as floor, floor.broker.follower() as follower:
        for again in range(3):
            names = [f"{again} {number}" for number in range(chats)]
            started = time.perf_counter()
            told = await asyncio.gather(*(_ask(floor, follower, name) for name in names))
            seconds = time.perf_counter() - started
        firsts = [first for first, _ in told]
        tokens = sum(count for _, count in told)
        p50, p95 = np.percentile(firsts, (50, 95))
        return tokens / seconds, float(p50), float(p95)


async def _ask(floor: Floor, follower: DeltaFollower, name: str) -> tuple[float, int]:
    """When the first delta came, and how many tokens the answer has."""
    started = time.perf_counter()
    turn = await floor.ask(f"{name}: {SAID}", chat=name)
    first = 0.0
    async with aclosing(follower.follow(turn.id, 1)) as deltas:
        async for delta in deltas:
            first = first or time.perf_counter() - started  # a short answer comes in one piece
            if isinstance(delta, TurnResult):
                return first, delta.generated_tokens
    raise RuntimeError("the worker has not ended the answer")


@asynccontextmanager
async def _floor(folder: Path, workers: int) -> AsyncIterator[Floor]:
    """A database and a broker with so many workers at them."""
    with tempfile.TemporaryDirectory(prefix="whimbrel-") as name:
        home = Path(name)
        database = f"sqlite:///{home / 'whimbrel.sqlite3'}"
        migrate.upgrade(database)
        async with PrivateValkey(home) as valkey, Broker.from_url(valkey.url) as broker:
            environ = {
                **os.environ,
                "DATABASE_URL": database,
                "REDIS_URL": valkey.url,
                "MODEL": str(folder),
                "MAX_TOKENS": str(TOKENS),
                "TEMPERATURE": "0",
                "LOG_LEVEL": "warning",
            }
            processes = [
                await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", "worker"),
                    env={**environ, "WHIMBREL_HOME": str(home / str(number))},
                )
                for number in range(workers)
            ]
            try:
                await eventually(lambda: _all_there(broker, workers), seconds=120)
                floor = Floor(database, broker, valkey.url, open_store("", home))
                async with floor.database:
                    yield floor
            finally:
                for process in processes:
                    await ended(process)


async def _all_there(broker: Broker, workers: int) -> bool:
    return len(await broker.workers()) == workers


def main(
    chats: Annotated[str, typer.Option(help="At once.")] = "1 8 32",
    workers: Annotated[int, typer.Option(help="At most.")] = 2,
) -> None:
    """Print a table."""
    WORK.mkdir(parents=True, exist_ok=True)
    table = Table("checkpoint", "chats", "workers", "tokens/s", "first delta p50/p95 s")
    random = random_checkpoint(WORK / "experts-128", experts=128)
    for name, folder in (("128 experts", random), ("the shipped one", SHIPPED)):
        for many in map(int, chats.split()):
            for count in range(1, workers + 1):
                speed, p50, p95 = asyncio.run(_measure(folder.absolute(), count, many))
                table.add_row(name, str(many), str(count), f"{speed:.0f}", f"{p50:.2f}/{p95:.2f}")
    Console().print(table, f"{cores()} cores")


if __name__ == "__main__":
    typer.run(main)
