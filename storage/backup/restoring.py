"""Restores a backup into an empty place: whole, or not at all."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO

from msgspec import Struct
from sqlalchemy import Connection, select, text

from chat.ports import AttachmentStore
from storage import migrate
from storage.backup.format import BackupError, Content
from storage.backup.reading import BackupReader
from storage.backup.rows import (
    ROWS_AT_ONCE,
    Line,
    Rows,
    count_from,
    encoder,
    last_id,
    tables_of,
    without_nul,
)
from storage.backup.settling import SKIPPED, Settled, settle
from storage.backup.taking import TOLD_EVERY

# What a start, or people who ask to be let in, leave in a database that nobody has used yet.
_NOT_YET_USED = ("codes", "waits", "updates")

Say = Callable[[str], None]


class Restored(Struct, frozen=True):
    """What was restored, from when (epoch seconds), and what became of what was under way."""

    rows: int
    attachments: int
    taken_at: float
    missing: tuple[str, ...]
    settled: Settled


async def restore(
    file: BinaryIO,
    url: str,
    store: AttachmentStore,
    *,
    say: Say,
    sign_out: bool = False,
    clock: Callable[[], float] = time.time,
) -> Restored:
    """Bring a backup into an empty database at `url`, and its attachments into `store`.

    The whole file is checked before anything is written. Attachments come first, which does no
    harm, then all rows in one transaction: who is killed in between may simply begin again. Raises
    StorageError.
    """
    backup = BackupReader(file)
    await asyncio.to_thread(backup.check)
    say("the backup is whole")
    if backup.header.revision not in migrate.revisions():
        raise BackupError(
            "the backup was made by a newer version of Whimbrel "
            f"(its tables are at {backup.header.revision}): upgrade first"
        )
    await asyncio.to_thread(migrate.within, url, _refuse_used)
    await _attachments(backup, store, say)
    settled = await asyncio.to_thread(
        migrate.within,
        url,
        lambda connection: _load(connection, backup, clock, sign_out=sign_out, say=say),
    )
    return Restored(
        sum(table.rows for table in backup.manifest.tables),
        backup.manifest.attachments,
        backup.header.taken_at,
        backup.manifest.missing,
        settled,
    )


def _refuse_used(connection: Connection) -> None:
    if migrate.revision_of(connection) is None:
        return
    for rows in tables_of(connection):
        used = connection.execute(select(rows.table).limit(1)).first() is not None
        if used and rows.shape.name not in _NOT_YET_USED:
            raise BackupError(
                "a backup is restored into an empty database only, and this one is in use: "
                "set WHIMBREL_HOME or DATABASE_URL to another one"
            )


async def _attachments(backup: BackupReader, store: AttachmentStore, say: Say) -> None:
    for number, (_sha256, content) in enumerate(backup.attachments(), start=1):
        await store.put(content)
        if number % TOLD_EVERY == 0:
            say(f"attachments: {number}")


def _load(
    connection: Connection,
    backup: BackupReader,
    clock: Callable[[], float],
    *,
    sign_out: bool,
    say: Say,
) -> Settled:
    """All that happens to the database, in one transaction."""
    _refuse_used(connection)  # somebody may have begun to use it meanwhile
    if migrate.revision_of(connection) is not None:
        migrate.downgrade_within(connection, "base")
    migrate.upgrade_within(connection, backup.header.revision)
    tables = _same_tables(connection, backup)
    _add_rows(connection, backup, tables, say)
    for count in backup.manifest.tables:
        count_from(connection, tables[count.name], count.last_id)
    migrate.upgrade_within(connection)
    settled = settle(connection, clock(), sign_out=sign_out)
    _skip_ids(connection)
    return settled


def _same_tables(connection: Connection, backup: BackupReader) -> dict[str, Rows]:
    """The empty tables by name, when they have the columns that the backup speaks of."""
    tables = {rows.shape.name: rows for rows in tables_of(connection)}
    told = {shape.name: shape for shape in backup.header.tables}
    if told.keys() != tables.keys() or any(
        set(tables[name].shape.columns) != set(shape.columns)
        or len(tables[name].shape.columns) != len(shape.columns)
        for name, shape in told.items()
    ):
        raise BackupError(
            f"the tables of the backup are not those of revision {backup.header.revision}"
        )
    for name, rows in tables.items():
        rows.shape = told[name]
    return tables


def _add_rows(
    connection: Connection, backup: BackupReader, tables: dict[str, Rows], say: Say
) -> None:
    """Add all rows, and read them back: they have to add up to what was added."""
    postgres = connection.dialect.name == "postgresql"
    added = {name: Content() for name in tables}
    for name, page in backup.rows():
        encode = encoder(tables[name].shape)
        rows = [without_nul(row) for row in page] if postgres else page
        for some in _batches(rows):
            tables[name].add(some)
        for row in rows:
            added[name].add(hashlib.sha256(encode(row)).digest())
    for name, rows_of in tables.items():
        content = rows_of.content()
        if (content.rows, content.hex()) != (added[name].rows, added[name].hex()):
            raise BackupError(f"the rows of {name} are not what was written: is the disk sound?")
        say(f"{name}: {content.rows} rows")
    if not postgres and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise BackupError("rows of the backup refer to rows that it does not hold")


def _batches(rows: list[Line]) -> Iterator[list[Line]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


def _skip_ids(connection: Connection) -> None:
    """Leave room for the ids that the original gave out after the backup."""
    for rows in tables_of(connection):
        count_from(connection, rows, last_id(connection, rows) + SKIPPED)
