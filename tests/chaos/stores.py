"""The database and the broker of a chaos run, and what is left over in them when all is said."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
from redis.asyncio import Redis

from storage import migrate
from tests.postgres import running_postgres

SETTLED_WITHIN = 60.0  # seconds that everything has to come to rest in
# What must be zero once everybody has been answered, in plain SQL.
LEFTOVERS = {
    "unfinished turns": "turns WHERE state IN ('collecting', 'queued', 'running')",
    "turns that are not shown": "turns WHERE NOT shown",
    "unsent messages": "outbound WHERE state IN ('pending', 'sending') AND kind <> 'answer'",
    "unfetched pictures": "attachments WHERE state = 'pending'",
    "answers without a turn": "messages WHERE speaker = 'assistant' AND turn_id IS NULL",
    "turns with two answers": """(SELECT turn_id FROM messages WHERE speaker = 'assistant'
        AND NOT superseded GROUP BY turn_id HAVING count(*) > 1) AS doubled""",
}
LASTING = re.compile(r"whimbrel:(hints|workers|sessions|events:.*)")  # keys that need no end


@contextmanager
def migrated_database(kind: str, folder: Path) -> Iterator[str]:
    """The DATABASE_URL of an empty database of ours: `sqlite` or `postgresql`."""
    if kind == "sqlite":
        url = f"sqlite:///{folder}/whimbrel.sqlite3"
        migrate.upgrade(url)
        yield url
        return
    with running_postgres() as server:
        url = server.format("postgres")
        migrate.upgrade(url)
        yield url


async def settled(database_url: str, redis_url: str) -> list[str]:
    """What is still left over when everything had its time to come to rest."""
    until = time.monotonic() + SETTLED_WITHIN
    while left := await leftovers(database_url, redis_url):
        if time.monotonic() > until:
            break
        await asyncio.sleep(0.2)
    return left


async def leftovers(database_url: str, redis_url: str) -> list[str]:
    """What should not be there any more, in words."""
    found = [
        f"{count} {what}"
        for what, count in (await counted(database_url, LEFTOVERS)).items()
        if count
    ]
    return [*found, *await _in_redis(redis_url)]


async def counted(database_url: str, wanted: Mapping[str, str]) -> dict[str, int]:
    """How many rows there are of each of these: a table, or a table and a condition."""
    queries = {what: f"SELECT count(*) FROM {where}" for what, where in wanted.items()}
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            return {
                what: int(connection.execute(query).fetchone()[0])
                for what, query in queries.items()
            }
    connection = await asyncpg.connect(database_url)
    try:
        return {what: int(await connection.fetchval(query)) for what, query in queries.items()}
    finally:
        await connection.close()


def unshown(database_url: str) -> list[str]:
    """The turns of SQLite that are not shown, with all that is known of each."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.row_factory = sqlite3.Row
        turns = connection.execute("SELECT * FROM turns WHERE NOT shown LIMIT 5").fetchall()
        parts = connection.execute(
            "SELECT * FROM outbound WHERE turn_id IN (SELECT id FROM turns WHERE NOT shown LIMIT 5)"
        ).fetchall()
    return [str(dict(row)) for row in (*turns, *parts)]


async def _in_redis(redis_url: str) -> list[str]:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        found = []
        if hints := await redis.xlen("whimbrel:hints"):
            found.append(f"{hints} unread hints")
        async for key in redis.scan_iter("*", count=1000):
            if not LASTING.fullmatch(key) and await redis.ttl(key) == -1:
                found.append(f"{key} without an end")
    return found
