"""The queue of the dashboard when it is long: `python -m benchmarks.queue`.

PostgreSQL with a million messages and 100,000 open flags, the web server of the bot in front of it,
and two reviewers who decide at the same time. Client and server share one process, so the times
hold what both cost.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, text

from chat.people import Role
from storage import migrate
from storage.valkey.server import PrivateValkey
from tests.chaos.stores import migrated_database
from tests.web.house import House, open_house

PEOPLE = 10_000
FILL = (
    """INSERT INTO users (name, language, role, access, created_at, folded)
       SELECT 'person ' || n, 'en', 'member', 'allowed', 1.7e9, 'person ' || n
       FROM generate_series(1, :people) n""",
    """INSERT INTO conversations (channel, account, chat, thread, user_id, title, revision,
                                  begun_turn, reachable, deleted, created_at, updated_at)
       SELECT 'telegram', 'bot', n, '', n, 'talk', 1, 0, true, false, 1.7e9, 1.7e9
       FROM generate_series(1, :people) n""",
    """INSERT INTO messages (conversation_id, user_id, speaker, parts, platform_id, group_id,
                             created_at, recorded_at, superseded, erased)
       SELECT n % :people + 1, CASE WHEN n % 2 = 0 THEN n % :people + 1 END,
              CASE WHEN n % 2 = 0 THEN 'user' ELSE 'assistant' END,
              '[{"type":"text","text":"What was said here, number ' || n || '"}]',
              '', '', 1.7e9 + n, 1.7e9 + n, false, false
       FROM generate_series(1, :messages) n""",
    """INSERT INTO flags (conversation_id, message_id, user_id, reason, created_at, rank, score,
                          findings)
       SELECT m.conversation_id, m.id, m.user_id, 'profanity', 1.7e9 + m.id, -1 - m.id % 3, 0.9,
              '[{"check":"words","category":"profanity","score": 0.9}]'
       FROM messages m WHERE m.id % 2 = 0 ORDER BY m.id DESC LIMIT :flags""",
)


def fill(connection: Connection, sizes: dict[str, int]) -> None:
    """Put everything there, and let the database learn what it has."""
    for statement in FILL:
        statement_sizes = {name: size for name, size in sizes.items() if f":{name}" in statement}
        connection.execute(text(statement), statement_sizes)
    connection.execute(text("ANALYZE"))


class Reviewer:
    """Somebody in a browser of their own."""

    def __init__(self, browser: httpx2.AsyncClient) -> None:
        self._browser = browser
        self.times: dict[str, list[float]] = {}
        self.decided: list[int] = []

    async def asks(self, what: str, method: str, path: str, **data: str) -> httpx2.Response:
        """One request, timed."""
        began = time.perf_counter()
        response = await self._browser.request(method, path, data=data or None)
        self.times.setdefault(what, []).append(1000 * (time.perf_counter() - began))
        if response.status_code >= 400:
            raise RuntimeError(f"{path}: {response.status_code}")
        return response

    async def works(self, decisions: int) -> None:
        """Decide so many, each by the one key that decides and goes on."""
        response = await self.asks("next", "POST", "/dashboard/queue/next")
        for _ in range(decisions):
            found = re.match(r"/dashboard/queue/(\d+)", response.headers["location"])
            if found is None:
                return
            await self.asks("case", "GET", found[0])
            response = await self.asks("decide", "POST", f"{found[0]}/decide", option="1")
            self.decided.append(int(found[1]))


async def measure(url: str, decisions: int, looks: int) -> tuple[Table, int]:
    """The table, and how many flags were decided twice."""
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        async with (
            PrivateValkey(Path(name) / "broker") as valkey,
            open_house(Path(name), valkey.url, url=url) as house,
        ):
            return await _measured(house, decisions, looks)


async def _measured(house: House, decisions: int, looks: int) -> tuple[Table, int]:
    users = [await house.add_user(name, Role.MODERATOR) for name in ("Olga", "Max")]
    async with house.signed_in(users[0]) as one, house.signed_in(users[1]) as two:
        reviewers = [Reviewer(one), Reviewer(two)]
        for _ in range(looks):
            await reviewers[0].asks("queue", "GET", "/dashboard/queue")
        await reviewers[0].works(decisions // 5)  # alone
        alone = reviewers[0].times
        reviewers[0].times = {}
        await asyncio.gather(*(each.works(decisions // 2) for each in reviewers))
    table = Table("request", "alone p50 ms", "p95 ms", "two at once p50 ms", "p95 ms")
    together = {
        what: [*times, *reviewers[1].times[what]] for what, times in reviewers[0].times.items()
    }
    for what, times in alone.items():
        table.add_row(what, *_times(times), *_times(together.get(what, [])))
    decided = [flag for each in reviewers for flag in each.decided]
    return table, len(decided) - len(set(decided))


def _times(times: Sequence[float]) -> list[str]:
    if len(times) < 2:
        return ["", ""]
    return [f"{statistics.median(times):.1f}", f"{statistics.quantiles(times, n=20)[-1]:.1f}"]


def main(
    messages: Annotated[int, typer.Option(help="In the database.")] = 1_000_000,
    flags: Annotated[int, typer.Option(help="That are open.")] = 100_000,
    decisions: Annotated[int, typer.Option(help="By both reviewers together.")] = 1_000,
    looks: Annotated[int, typer.Option(help="At the queue's page.")] = 200,
) -> None:
    """Fill, measure, print; exit status 1 where anything was decided twice."""
    console, sizes = Console(width=100), {"people": PEOPLE, "messages": messages, "flags": flags}
    with (
        tempfile.TemporaryDirectory(prefix="wb-") as name,
        migrated_database("postgresql", Path(name)) as url,
    ):
        migrate.within(url, lambda connection: fill(connection, sizes))
        table, twice = asyncio.run(measure(url, decisions, looks))
    console.print(f"{messages} messages, {flags} open flags, PostgreSQL")
    console.print(table)
    console.print(f"{decisions} decisions of two reviewers at once: {twice} items decided twice")
    raise typer.Exit(1 if twice else 0)


if __name__ == "__main__":
    typer.run(main)
