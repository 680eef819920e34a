"""Attachments in a folder, for one machine or a shared file system."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from chat.errors import AttachmentMissing
from storage.attachments.naming import checked, key_of, sha256_of
from storage.errors import AttachmentsUnavailable

ABANDONED = 3600.0  # seconds after which a file that is still being written never will be


class FolderStore:
    """Keeps attachments in a folder; implements chat.ports.AttachmentStore.

    A file appears under its name only when it is whole and on disk. Every method raises
    AttachmentsUnavailable where the folder cannot be used.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"
        self._clock = clock
        self._tidied = False

    async def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex. Storing twice is harmless."""
        return await asyncio.to_thread(self._put, content)

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises AttachmentMissing where they are gone or not what was stored."""
        path = self._folder / key_of(sha256)
        return checked(sha256, await asyncio.to_thread(_read, path))

    async def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing happens where there are none."""
        path = self._folder / key_of(sha256)
        await asyncio.to_thread(_remove, path)

    def _put(self, content: bytes) -> str:
        sha256 = sha256_of(content)
        path = self._folder / key_of(sha256)
        with _storage_errors(), suppress(FileNotFoundError):
            if path.read_bytes() == content:
                return sha256
        with _storage_errors():
            _make_folders(self._incoming)
            _make_folders(path.parent)
            self._tidy()
            self._write(path, content)
        return sha256

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=self._incoming)  # for the owner's eyes only
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)

    def _tidy(self) -> None:
        """Once: remove what a process that died has left half written."""
        if self._tidied:
            return
        for file in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if self._clock() - file.stat().st_mtime > ABANDONED:
                    file.unlink()
        self._tidied = True


def _read(path: Path) -> bytes:
    with _storage_errors():
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise AttachmentMissing(f"no attachment {path.name}") from None


def _remove(path: Path) -> None:
    with _storage_errors(), suppress(FileNotFoundError):
        path.unlink()
        _sync_folder(path.parent)


def _make_folders(folder: Path) -> None:
    """Make a folder and those above it, 0700 each, and let them survive a power cut."""
    if folder.is_dir():
        return
    _make_folders(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AttachmentsUnavailable(f"the attachments folder fails: {error}") from error
