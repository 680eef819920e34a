"""`whimbrel backup` and `whimbrel restore`: files, homes, and what is said about them."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.home import Home
from bot.settings import Settings, SettingsError
from chat.ports import AttachmentStore
from storage.attachments import open_store
from storage.backup import BackupError, restoring, taking

STDOUT = "-"
Say = Callable[[str], None]


async def backup(settings: Settings, file: str, *, say: Say) -> None:
    """Write a backup to `file`, whole or not at all; `-` is the standard output.

    Raises SettingsError and StorageError.
    """
    begun = time.monotonic()
    storage = settings.storage
    running = Home(storage.whimbrel_home).running()
    url = storage.database_url or (running.database_url if running else storage.sql_url)
    attachments = storage.attachments_url or (running.attachments_url if running else "")
    store = _store(settings, attachments)
    with _written(file) as out:
        taken = await taking.take(url, store, out, say=say)
        written = out.tell() if file != STDOUT else 0
    size = f", {written / 1e6:.1f} MB" if written else ""
    say(
        f"Backed up {taken.rows} rows and {taken.attachments} attachments "
        f"({taken.attachments_bytes / 1e6:.1f} MB){size}, in {time.monotonic() - begun:.1f} s."
    )
    _say_missing(taken.missing, say)


async def restore(settings: Settings, file: Path, *, sign_out: bool, say: Say) -> None:
    """Bring a backup into the home, or the database of the settings; both have to be empty.

    Raises HomeError, SettingsError and StorageError.
    """
    begun = time.monotonic()
    storage = settings.storage
    store = _store(settings, storage.attachments_url)
    with Home(storage.whimbrel_home).lock(), _opened(file) as backup:
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


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    try:
        opened = file.open("rb")
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    with opened:
        yield opened


@contextmanager
def _written(name: str) -> Iterator[BinaryIO]:
    """A file that takes the place of `name` when it is whole and on disk, for its owner's eyes."""
    if name == STDOUT:
        if sys.stdout.isatty():
            raise BackupError("a backup is not for a terminal: name a file")
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path, partial = Path(name), Path(f"{name}.partial")
    with _write_errors(path):
        descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with _write_errors(path), open(descriptor, "wb") as file:
        _alone(descriptor, path)
        os.fchmod(descriptor, 0o600)
        try:
            file.truncate(0)
            yield file
            file.flush()
            os.fsync(descriptor)
            partial.rename(path)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _alone(descriptor: int, path: Path) -> None:
    """Raises BackupError where another process writes the same backup; one that died does not."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise BackupError(f"another `whimbrel backup` writes {path}") from None


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror or error}") from error
