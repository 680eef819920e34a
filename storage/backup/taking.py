"""Takes a backup: the rows over one state of the database, then the attachments they name."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from typing import BinaryIO

from msgspec import Struct
from sqlalchemy import Connection, text

from chat.errors import AttachmentMissing
from chat.ports import AttachmentStore
from storage.backup.format import FORMAT, BackupError, Header
from storage.backup.rows import last_id, tables_of
from storage.backup.snapshot import snapshot
from storage.backup.writing import BackupWriter
from storage.migrate import revision_of

READ_AT_ONCE = 8  # attachments
TOLD_EVERY = 1000
_NAME_BYTES = 32
_HASHES = text(
    "SELECT DISTINCT sha256 FROM attachments WHERE sha256 > :last ORDER BY sha256 LIMIT 1000"
)


class Taken(Struct, frozen=True):
    """What a backup holds. `missing` were deleted, or damaged, before they were read."""

    rows: int
    attachments: int
    attachments_bytes: int
    missing: tuple[str, ...]


async def take(
    url: str,
    store: AttachmentStore,
    out: BinaryIO,
    *,
    say: Callable[[str], None],
    clock: Callable[[], float] = time.time,
) -> Taken:
    """Write a backup of the database at `url` and of the attachments in `store`.

    Others may go on writing: it holds what was committed when it began. Raises StorageError.
    """
    writer = BackupWriter(out)
    with tempfile.TemporaryFile() as names:
        await asyncio.to_thread(
            snapshot, url, lambda connection: _rows(connection, writer, names, clock(), say)
        )
        names.seek(0)
        await _attachments(writer, store, names, say)
    writer.end()
    return Taken(writer.rows, writer.attachments, writer.attachments_bytes, tuple(writer.missing))


def _rows(
    connection: Connection,
    writer: BackupWriter,
    names: BinaryIO,
    now: float,
    say: Callable[[str], None],
) -> None:
    revision = revision_of(connection)
    if revision is None:
        raise BackupError("there is nothing to back up: the database has no tables of ours")
    tables = tables_of(connection)
    writer.begin(
        Header(
            format=FORMAT,
            whimbrel=metadata.version("whimbrel"),
            revision=revision,
            taken_at=now,
            tables=tuple(table.shape for table in tables),
        )
    )
    for table in tables:
        count = writer.add_table(table, last_id(connection, table))
        say(f"{count.name}: {count.rows} rows")
    _note_names(connection, names)


def _note_names(connection: Connection, names: BinaryIO) -> None:
    """Write down the attachments' SHA-256: their bytes are read when the snapshot is over, since
    one that stays open for long keeps the database from tidying."""
    last = ""
    while found := connection.execute(_HASHES, {"last": last}).scalars().all():
        for last in found:
            names.write(bytes.fromhex(last))


async def _attachments(
    writer: BackupWriter, store: AttachmentStore, names: BinaryIO, say: Callable[[str], None]
) -> None:
    while some := names.read(_NAME_BYTES * READ_AT_ONCE):
        hashes = [some[at : at + _NAME_BYTES].hex() for at in range(0, len(some), _NAME_BYTES)]
        for sha256, content in zip(
            hashes, await asyncio.gather(*(_read(store, each) for each in hashes)), strict=True
        ):
            if content is None:
                writer.missing.append(sha256)
                say(f"an attachment is gone or damaged: {sha256}")
                continue
            writer.add_attachment(sha256, content)
            if writer.attachments % TOLD_EVERY == 0:
                say(f"attachments: {writer.attachments}")


async def _read(store: AttachmentStore, sha256: str) -> bytes | None:
    """The bytes, or None where somebody was erased meanwhile or the bytes are not those."""
    try:
        return await store.get(sha256)
    except AttachmentMissing:
        return None
