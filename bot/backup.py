"""`whimbrel backup` and `whimbrel restore`: files, homes, and what is said about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.files import STDOUT, opened, written
from bot.home import Home
from bot.settings import Settings, SettingsError
from chat.ports import AttachmentStore
from storage.attachments import open_store
from storage.backup import restoring, taking

Say = Callable[[str], None]


async def backup(settings: Settings, file: str, *, say: Say) -> None:
    """Write a backup to `file`, whole or not at all; `-` is the standard output.

    Raises FileError, SettingsError and StorageError.
    """
    begun = time.monotonic()
    storage = settings.storage
    running = Home(storage.whimbrel_home).running()
    url = storage.database_url or (running.database_url if running else storage.sql_url)
    attachments = storage.attachments_url or (running.attachments_url if running else "")
    store = _store(settings, attachments)
    with written(file, "a backup") as out:
        taken = await taking.take(url, store, out, say=say)
        length = out.tell() if file != STDOUT else 0
    size = f", {length / 1e6:.1f} MB" if length else ""
    say(
        f"Backed up {taken.rows} rows and {taken.attachments} attachments "
        f"({taken.attachments_bytes / 1e6:.1f} MB){size}, in {time.monotonic() - begun:.1f} s."
    )
    _say_missing(taken.missing, say)


async def restore(settings: Settings, file: Path, *, sign_out: bool, say: Say) -> None:
    """Bring a backup into the home, or the database of the settings; both have to be empty.

    Raises FileError, HomeError, SettingsError and StorageError.
    """
    begun = time.monotonic()
    storage = settings.storage
    store = _store(settings, storage.attachments_url)
    with Home(storage.whimbrel_home).lock(), opened(file) as backup:
        restored = await restoring.restore(
            backup, storage.sql_url, store, say=say, sign_out=sign_out
        )
    taken_at = datetime.fromtimestamp(restored.taken_at, UTC)
    settled = restored.settled
    say(
        f"Restored {restored.rows} rows and {restored.attachments} attachments as they were at "
        f"{taken_at:%Y-%m-%d %H:%M:%S} UTC, in {time.monotonic() - begun:.1f} s."
    )
    say(
        f"Unanswered questions: {settled.going_on} will be answered, "
        f"{settled.laid_to_rest} were too old."
    )
    say("People who were erased after the backup are back: erase them again.")
    say("Links are void: `whimbrel pair` makes a new one for the owner.")
    _say_missing(restored.missing, say)


def _store(settings: Settings, url: str) -> AttachmentStore:
    try:
        return open_store(url, settings.storage.home)
    except ValueError as error:
        raise SettingsError(str(error)) from error


def _say_missing(missing: tuple[str, ...], say: Say) -> None:
    if missing:
        say(f"{len(missing)} attachments were gone or damaged when the backup was made.")
