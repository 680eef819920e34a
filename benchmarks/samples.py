"""What a running installation uses: memory, descriptors, keys in the broker, rows in SQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from pathlib import Path

import psutil
from msgspec import Struct
from redis.asyncio import Redis


class Sample(Struct, frozen=True):
    """One look. `memory` is resident bytes and `descriptors` open ones by process (a bot with the
    decoders that it has started), `rows` those of each table, `asked` the questions so far."""

    at: float
    asked: int
    memory: dict[str, int]
    descriptors: dict[str, int]
    redis_keys: int
    redis_memory: int
    rows: dict[str, int]
    database_bytes: int


async def sample(pids: Mapping[str, int], *, asked: int, redis_url: str, database: Path) -> Sample:
    """Look at everything once; `database` is SQLite's file."""
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        keys, info = await redis.dbsize(), await redis.info("memory")
    memory, descriptors = dict[str, int](), dict[str, int]()
    for name, pid in pids.items():
        memory[name], descriptors[name] = _used(pid)
    files = [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
    return Sample(
        at=time.monotonic(),
        asked=asked,
        memory=memory,
        descriptors=descriptors,
        redis_keys=keys,
        redis_memory=int(info["used_memory"]),
        rows=_rows(database),
        database_bytes=sum(file.stat().st_size for file in files if file.exists()),
    )


def _used(pid: int) -> tuple[int, int]:
    """Resident bytes and open descriptors of a process and those that it has started."""
    memory = descriptors = 0
    with suppress(psutil.NoSuchProcess):
        for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a decoder that has just done its work
                memory += each.memory_info().rss
                descriptors += each.num_fds()
    return memory, descriptors


def _rows(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
        }
