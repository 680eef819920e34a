"""Reads a backup file that may be damaged, cut off, or made to do harm."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple, TypeVar

import msgspec

from storage.backup.format import (
    ATTACHMENT,
    FORMAT,
    HEADER,
    MANIFEST,
    MOST_ATTACHMENT,
    MOST_JSON,
    MOST_PACKED,
    MOST_UNPACKED,
    PAGE,
    BackupError,
    Content,
    Header,
    Manifest,
    Page,
)
from storage.backup.rows import Line, decoder

T = TypeVar("T")

_BROKEN = (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError, ValueError, OverflowError)


class Member(NamedTuple):
    """A named piece of the file, in memory."""

    name: str
    content: bytes


class BackupReader:
    """A backup in a file that can be read more than once. Nothing is ever unpacked to a path.

    Every method raises BackupError for what is not as a backup is. `check` has to come first.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.header: Header
        self.manifest: Manifest

    def check(self) -> None:
        """Read everything once and hold it against the manifest."""
        pages: list[Page] = []
        names, attachments, size, last = hashlib.sha256(), 0, 0, ""
        members = self._members()
        first = next(members, None)
        if first is None or first.name != HEADER:
            raise BackupError("this is no backup of Whimbrel")
        self.header = _header(first.content)
        for member in members:
            if PAGE.fullmatch(member.name):
                digest = hashlib.sha256(member.content).hexdigest()
                pages.append(Page(member.name, digest, len(member.content)))
            elif found := ATTACHMENT.fullmatch(member.name):
                last = _next_name(found[1], last, member.content)
                names.update(bytes.fromhex(last))
                attachments, size = attachments + 1, size + len(member.content)
            elif member.name == MANIFEST:
                self.manifest = _parsed(member.content, Manifest)
                break
            else:
                raise BackupError(f"a member that does not belong there: {member.name!r}")
        else:
            raise BackupError("the backup is cut off: its end is missing")
        if next(members, None) is not None:
            raise BackupError("something follows the end of the backup")
        self._compare(first.content, pages, (attachments, size, names.hexdigest()))

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """Their SHA-256 and their bytes."""
        for member in self._members():
            if found := ATTACHMENT.fullmatch(member.name):
                _next_name(found[1], "", member.content)
                yield found[1], member.content

    def rows(self) -> Iterator[tuple[str, list[Line]]]:
        """Names of tables with some of their rows, in the order in which they may be added."""
        decoders = {shape.name: decoder(shape) for shape in self.header.tables}
        counted = {shape.name: Content() for shape in self.header.tables}
        known = iter(self.manifest.pages)
        for member in self._members():
            if (found := PAGE.fullmatch(member.name)) is None:
                continue
            digest = hashlib.sha256(member.content).hexdigest()
            if next(known, None) != Page(member.name, digest, len(member.content)):
                raise BackupError("the backup has changed while it was read")
            lines = _unpacked(member).splitlines() if found[1] in decoders else []
            for line in lines:
                counted[found[1]].add(hashlib.sha256(line).digest())
            yield found[1], [decoders[found[1]](line) for line in lines]
        for table in self.manifest.tables:
            if (table.rows, table.content) != (
                counted[table.name].rows,
                counted[table.name].hex(),
            ):
                raise BackupError(f"the rows of {table.name} are not those that were backed up")

    def _compare(self, header: bytes, pages: list[Page], attachments: tuple[int, int, str]) -> None:
        told, shapes = self.manifest, [shape.name for shape in self.header.tables]
        order = [match[1] for page in pages if (match := PAGE.fullmatch(page.name))]
        if (
            told.header_sha256 != hashlib.sha256(header).hexdigest()
            or told.pages != tuple(pages)
            or [table.name for table in told.tables] != shapes
            or not set(order) <= set(shapes)
            or order != sorted(order, key=shapes.index)
            or (told.attachments, told.attachments_bytes, told.attachments_sha256) != attachments
        ):
            raise BackupError("the backup is damaged: it is not what its manifest says")

    def _members(self) -> Iterator[Member]:
        self._file.seek(0)
        tar: Any
        with _broken(), tarfile.open(fileobj=self._file, mode="r:") as tar:
            while (found := tar.next()) is not None:
                tar.members = []  # it would remember every one
                if found.type != tarfile.REGTYPE or found.pax_headers or found.size > _most(found):
                    raise BackupError(f"a member that does not belong there: {found.name!r}")
                file = tar.extractfile(found)
                content = file.read() if file else b""
                if len(content) != found.size:
                    raise BackupError("the backup is cut off: its end is missing")
                yield Member(found.name, content)


@contextmanager
def _broken() -> Iterator[None]:
    """What the libraries say of a damaged file, in our words."""
    try:
        yield
    except _BROKEN as error:
        raise BackupError(f"the backup cannot be read: {error}") from error


def _most(member: tarfile.TarInfo) -> int:
    if PAGE.fullmatch(member.name):
        return MOST_PACKED
    return MOST_ATTACHMENT if ATTACHMENT.fullmatch(member.name) else MOST_JSON


def _next_name(sha256: str, last: str, content: bytes) -> str:
    """The attachment's name, when it is that of its bytes and comes after the last one."""
    if hashlib.sha256(content).hexdigest() != sha256 or sha256 <= last:
        raise BackupError(f"the attachment {sha256} is damaged")
    return sha256


def _header(content: bytes) -> Header:
    class Version(msgspec.Struct):
        format: int

    if _parsed(content, Version).format > FORMAT:
        raise BackupError("the backup was made by a newer version of Whimbrel: upgrade first")
    return _parsed(content, Header)


def _parsed(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupError(f"the backup is damaged: {error}") from error


def _unpacked(member: Member) -> bytes:
    """The rows of a page, so many bytes at most: a small file can unpack to a great deal."""
    with _broken(), gzip.GzipFile(fileobj=io.BytesIO(member.content)) as file:
        rows = file.read(MOST_UNPACKED + 1)
    if len(rows) > MOST_UNPACKED:
        raise BackupError(f"{member.name} unpacks to more than a page of rows")
    return rows
