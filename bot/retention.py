"""`whimbrel retention`: what would be deleted for its age, without deleting anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.database import open_database
from bot.settings import Settings
from handlers.retention import dry_run
from moderation.durations import written
from storage.repositories import Going


async def show(settings: Settings, *, say: Callable[[str], None]) -> None:
    """A line for each kind of data. Raises StorageError."""
    async with open_database(settings) as database:
        found = await dry_run(database, settings.keep)
    for kind, going in found.items():
        seconds = settings.keep.seconds(kind)
        if going is None or seconds is None:
            say(f"{kind.value}: kept for good")
        else:
            say(f"{kind.value}: kept {written(seconds)}; {_told(going)}")


def _told(going: Going) -> str:
    held = f", {going.held} stay since they are held" if going.held else ""
    if going.oldest is None or going.newest is None:
        return f"nothing would go{held}"
    return f"{going.count} would go, of {_day(going.oldest)} to {_day(going.newest)}{held}"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
