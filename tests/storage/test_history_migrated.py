"""A full database walks up and down every migration: nothing is lost, no id is given out twice.

A few thousand messages here; `make migrations` does it with a hundred thousand.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from storage import migrate
from storage.backup.rows import count_from, last_id, tables_of
from tests.storage.history import FIRST, columns, contents, fill

MESSAGES = int(os.environ.get("MIGRATED_MESSAGES", "4000"))
GIVEN = 12_345_678  # the last id that was given out in every table; its row is gone

pytestmark = pytest.mark.timeout(1800)


def test_up_and_down_without_loss(empty_database_url: str) -> None:
    url = empty_database_url
    begun = time.monotonic()
    fill(url, MESSAGES)
    told(f"filled with {MESSAGES} messages", begun)
    known, before = columns(url), contents(url)
    assert before["messages"][0] == MESSAGES
    stages = [(FIRST, known, before)]
    for revision in migrate.revisions()[1:]:
        begun = time.monotonic()
        migrate.upgrade(url, revision)
        told(f"up to {revision}", begun)
        for stage, names, content in stages:
            still = kept(names, columns(url))
            if still == names:
                assert contents(url, names) == content, f"{revision} changed rows of {stage}"
        stages.append((revision, columns(url), contents(url)))
    assert migrate.is_current(url)
    for revision, names, content in reversed(stages[:-1]):
        begun = time.monotonic()
        migrate.downgrade(url, revision)
        told(f"down to {revision}", begun)
        assert columns(url) == names
        assert contents(url) == content, f"going down to {revision} lost rows"
    begun = time.monotonic()
    migrate.upgrade(url)
    told("up to the newest again", begun)
    assert contents(url, known) == before
    told_size(url)


def kept(names: dict[str, list[str]], now: dict[str, list[str]]) -> dict[str, list[str]]:
    """What there still is of these columns."""
    return {
        table: [each for each in found if each in now[table]]
        for table, found in names.items()
        if table in now
    }


def told(what: str, begun: float) -> None:
    """Print how long it took: seen with `pytest -s`, and by `make migrations`."""
    print(f"  {what}: {time.monotonic() - begun:.2f} s")  # noqa: T201


def told_size(url: str) -> None:
    """Print how large the database is."""
    if url.startswith("sqlite"):
        size = Path(url.removeprefix("sqlite:///")).stat().st_size
    else:
        query = text("SELECT pg_database_size(current_database())")
        size = migrate.within(url, lambda at: int(at.execute(query).scalar_one()))
    print(f"  {url.partition(':')[0]}: {size / 1e6:.1f} MB")  # noqa: T201


def test_no_id_is_given_out_a_second_time(empty_database_url: str) -> None:
    url = empty_database_url
    fill(url, 10)

    def give(connection: Connection) -> None:
        for rows in tables_of(connection):
            count_from(connection, rows, GIVEN)

    def given(connection: Connection) -> set[int]:
        return {last_id(connection, rows) for rows in tables_of(connection) if rows.counts_up}

    migrate.within(url, give)
    for revision in migrate.revisions()[1:]:
        migrate.upgrade(url, revision)
        assert GIVEN in migrate.within(url, given)
    for revision in migrate.revisions()[-2::-1]:
        migrate.downgrade(url, revision)
    assert migrate.within(url, given) == {GIVEN}


def test_sqlite_still_counts_ids_up_in_every_revision(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.sqlite3'}"
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    for revision in migrate.revisions():
        migrate.upgrade(url, revision)
        counting = migrate.within(url, lambda at: set(at.execute(query).scalars()))
        wanted = migrate.within(
            url, lambda at: {rows.shape.name for rows in tables_of(at) if rows.counts_up}
        )
        assert counting == wanted, f"{revision} lets SQLite give ids a second time"


def test_an_older_process_can_go_on_beside_a_newer_one(empty_database_url: str) -> None:
    """Expand, then contract: what an older version reads is there, what it inserts is taken."""
    url = empty_database_url
    migrate.upgrade(url, FIRST)
    older = migrate.within(url, described)
    for revision in migrate.revisions()[1:]:
        migrate.upgrade(url, revision)
        newer = migrate.within(url, described)
        for table, known in older.items():
            assert known.keys() <= newer.get(table, {}).keys(), (
                f"{revision} takes away what the version before it reads in {table}: "
                "docs/decisions/0014"
            )
            added = newer[table].keys() - known.keys()
            unable = {name for name in added if not newer[table][name]}
            assert not unable, f"{revision}: {table} needs a server default for {unable}"
        older = newer


def described(connection: Connection) -> dict[str, dict[str, bool]]:
    """Columns of every table, and whether a row may be inserted that says nothing of them."""
    found = inspect(connection)
    return {
        table: {
            str(column["name"]): bool(column["nullable"] or column["default"] is not None)
            for column in found.get_columns(table)
        }
        for table in found.get_table_names()
    }
