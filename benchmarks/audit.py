"""How fast the audit log is verified, exported and added to, and in how much memory.

`python -m benchmarks.audit`; with PostgreSQL installed, `--url postgresql://...` measures there.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import typer
from msgspec import structs
from rich.console import Console
from sqlalchemy import Connection, insert

from bot import audit as command
from bot.settings import load
from chat.people import Role
from storage import migrate
from storage.chain import NOTHING, Entry, Head, sealed
from storage.database import Database
from storage.repositories import Actor
from storage.tables import audit, audit_heads

AT_ONCE = 10_000
MODERATOR = Actor(7, "Moderator 1", Role.MODERATOR)
DETAILS = '{"category":"spam","policy":12,"rule":"links","seconds":3600.0}'
console = Console()


def main(
    entries: Annotated[int, typer.Option(help="How many the log has.")] = 1_000_000,
    url: Annotated[str, typer.Option(help="An empty database; unset: SQLite.")] = "",
    writers: Annotated[int, typer.Option(help="How many add at once.")] = 8,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = url or f"sqlite:///{home / 'whimbrel.sqlite3'}"
        with get_context("spawn").Pool(1) as elsewhere:  # whose memory is not counted
            elsewhere.apply(_make, (url, entries))
        settings = load({"WHIMBREL_HOME": folder, "DATABASE_URL": url})
        before = _peak()
        _timed("verified", entries, command.verify(settings, [], say=console.print))
        file = home / "audit.jsonl"
        _timed("exported", entries, command.export(settings, str(file), say=console.print))
        _timed("verified from a file", entries, command.verify_file(file, [], say=console.print))
        console.print(f"memory: {_peak():.0f} MB at the most, {before:.0f} MB before")
        _timed(f"added by {writers}", writers * 200, _add(url, writers, 200))


def _timed(what: str, entries: int, work: object) -> None:
    begun, computed = time.monotonic(), time.process_time()
    asyncio.run(work)  # type: ignore[arg-type]
    seconds, computed = time.monotonic() - begun, time.process_time() - computed
    each = f"{entries / seconds:,.0f} entries a second"
    console.print(f"{what}: {seconds:.1f} s ({computed:.1f} s of this process's CPU), {each}")


def _make(url: str, entries: int) -> None:
    migrate.upgrade(url)
    migrate.within(url, lambda connection: _fill(connection, entries))


def _fill(connection: Connection, entries: int) -> None:
    head = NOTHING
    for page in _pages(entries):
        rows = []
        for entry in page:
            entry = sealed(entry, head)
            head = entry.head
            rows.append(structs.asdict(entry))
        connection.execute(insert(audit), rows)
    connection.execute(insert(audit_heads), {"chain": "audit", **structs.asdict(head)})


def _pages(entries: int) -> Iterator[list[Entry]]:
    for start in range(0, entries, AT_ONCE):
        yield [_entry(number) for number in range(start, min(start + AT_ONCE, entries))]


def _entry(number: int) -> Entry:
    who = {"actor_id": 7, "actor": "Moderator 1", "role": "moderator"}
    what = {"action": "flag.decided", "object_kind": "flag", "object_id": str(number)}
    time_ = 1_700_000_000_000 + number
    return Entry(number=0, time=time_, details=DETAILS, previous="", hash="", **who, **what)  # type: ignore[arg-type]


async def _add(url: str, writers: int, each: int) -> Head:
    async def write(database: Database) -> None:
        for number in range(each):
            async with database.write() as t:
                await t.audit.add("flag.decided", actor=MODERATOR, kind="flag", object_id=number)

    async with Database.from_url(url) as database:
        async with asyncio.TaskGroup() as group:
            for _ in range(writers):
                group.create_task(write(database))
        async with database.read() as t:
            return await t.audit.head()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    typer.run(main)
