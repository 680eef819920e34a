"""`whimbrel audit`: the head of the audit log, its verification, and its export as JSON Lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.database import open_database
from bot.files import opened, written
from bot.settings import Settings
from storage.chain import Head, Verifier
from storage.chain_lines import entries_in, lines_of

Say = Callable[[str], None]


async def head(settings: Settings, *, say: Say) -> None:
    """Print the head. Raises StorageError."""
    async with open_database(settings) as database, database.read() as transaction:
        say(str(await transaction.audit.head()))


async def verify(settings: Settings, anchors: Sequence[Head], *, say: Say) -> None:
    """Follow the log in the database. Raises ChainBroken, and other StorageErrors."""
    begun = time.monotonic()
    async with open_database(settings) as database, database.read() as transaction:
        found = await transaction.audit.verify(anchors)
    say(_whole(found, begun))


async def verify_file(file: Path, anchors: Sequence[Head], *, say: Say) -> None:
    """Follow an exported log, without a database. Raises ChainBroken and FileError."""
    begun = time.monotonic()
    verifier = Verifier(anchors)
    with opened(file) as lines:
        verifier.follow(entries_in(lines))
    say(_whole(verifier.end(), begun))


async def export(settings: Settings, file: str, *, say: Say) -> None:
    """Write the log to a file, one line of JSON an entry. Raises FileError and StorageError."""
    count = 0
    async with open_database(settings) as database, database.read() as transaction:
        with written(file, "an audit log") as out:
            async for page in transaction.audit.pages():
                out.write(lines_of(page))
                count += len(page)
    say(f"Exported {count} entries.")


def _whole(found: Head, begun: float) -> str:
    seconds = time.monotonic() - begun
    return f"All {found.number} entries are as they were written ({seconds:.1f} s). Head: {found}"
