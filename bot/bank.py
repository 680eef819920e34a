"""`whimbrel bank`: lists of known pictures, brought in and taken along as hashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.database import open_database
from bot.files import FileError, opened, written
from bot.settings import Settings
from handlers.moderation.bank import OPERATOR, TOLD, keep, lines_in
from moderation.pictures.bank_lines import Refusal, read_lines
from moderation.policy.live import LivePolicy

Say = Callable[[str], None]
WHY = {
    Refusal.NO_HASH: "no PDQ hash of 64 hexadecimal digits",
    Refusal.FLAT: "the hash of a picture so flat that it would be found in many others",
    Refusal.CATEGORY: "a category that the policy does not know",
}


async def take(settings: Settings, file: Path, *, category: str, note: str, say: Say) -> None:
    """Add the hashes of a file, one `HASH,CATEGORY` a line. Raises FileError and StorageError."""
    with opened(file) as found:
        try:
            lines = found.read().decode().splitlines()
        except UnicodeDecodeError as error:
            raise FileError(f"{file} is not a text in UTF-8") from error
    async with open_database(settings) as database:
        categories = (await LivePolicy(database).get()).categories
        if category not in categories:
            raise FileError(f"the policy knows no category {category!r}")
        listed = read_lines(lines, categories, default=category)
        taken = await keep(database, listed, actor=OPERATOR, source="command", note=note)
    say(f"Added {taken.added}, known already {taken.known}, refused {len(listed.refused)}.")
    for each in listed.refused[:TOLD]:
        say(f"line {each.line}: {WHY[each.why]}")
    if len(listed.refused) > TOLD:
        say(f"and {len(listed.refused) - TOLD} more lines")


async def export(settings: Settings, file: str, *, say: Say) -> None:
    """Write the bank as such a list. Raises FileError and StorageError."""
    count = 0
    async with open_database(settings) as database:
        with written(file, "a list of hashes") as out:
            async for text in lines_in(database):
                out.write(text.encode())
                count += text.count("\n")
    say(f"Exported {count} hashes.")


async def count(settings: Settings, *, say: Say) -> None:
    """Say how many there are, by category. Raises StorageError."""
    async with open_database(settings) as database, database.read() as tx:
        counts = await tx.known_pictures.by_category()
    say(str(sum(counts.values())))
    for category, number in counts.items():
        say(f"{category} {number}")
