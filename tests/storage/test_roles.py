"""A database password exchanged by a second role, as docs/operations.md says."""

from __future__ import annotations

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage import migrate
from storage.database import Database
from tests.deployment.environments import ROOT

ROTATION = (
    "CREATE ROLE whimbrel_b LOGIN PASSWORD 'new' IN ROLE whimbrel",
    "ALTER ROLE whimbrel_b SET role TO whimbrel",
    "ALTER ROLE whimbrel PASSWORD NULL",
)


async def test_a_second_role_may_all_that_the_first_may(postgres_server: str) -> None:
    server = await asyncpg.connect(postgres_server.format("postgres"))
    try:
        await server.execute("CREATE ROLE whimbrel LOGIN PASSWORD 'old'")
        await server.execute("CREATE DATABASE whimbrel_roles OWNER whimbrel")
        host = postgres_server.rpartition("?host=")[2]
        first, second = (
            f"postgresql://{role}:{word}@/whimbrel_roles?host={host}"
            for role, word in (("whimbrel", "old"), ("whimbrel_b", "new"))
        )
        migrate.upgrade(first)
        for statement in ROTATION:
            await server.execute(statement)
        async with Database.from_url(second) as database, database.write() as tx:
            assert await tx.leases.acquire("rotated", "bot-1", 60)
        migrate.downgrade(second, "base")
        migrate.upgrade(second)  # what it makes belongs to the first, and to the third after it
        async with Database.from_url(first) as database, database.write() as tx:
            assert await tx.leases.acquire("rotated", "bot-2", 60)
    finally:
        await server.execute("DROP DATABASE IF EXISTS whimbrel_roles WITH (FORCE)")
        await server.execute("DROP ROLE IF EXISTS whimbrel_b")
        await server.execute("DROP ROLE IF EXISTS whimbrel")
        await server.close()


@pytest.mark.parametrize("statement", ROTATION)
def test_the_manual_says_the_same(statement: str) -> None:
    said = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert statement.replace("'new'", "'…'") in said
