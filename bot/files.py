"""Files that commands write for somebody: whole or not at all, for their owner's eyes."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chat.errors import AssistantError

STDOUT = "-"


class FileError(AssistantError):
    """A file cannot be read or written."""


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """A file to read. Raises FileError."""
    try:
        found = file.open("rb")
    except OSError as error:
        raise FileError(f"{file} cannot be read: {error.strerror}") from error
    with found:
        yield found


@contextmanager
def written(name: str, what: str) -> Iterator[BinaryIO]:
    """A file that takes the place of `name` when it is whole and on disk; `-` is the standard
    output. `what` is written, such as "a backup". Raises FileError."""
    if name == STDOUT:
        if sys.stdout.isatty():
            raise FileError(f"{what} is not for a terminal: name a file")
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
    """Raises FileError where another process writes the same file; one that died does not."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileError(f"another `whimbrel` writes {path}") from None


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}") from error
