"""Writes a backup, member by member, to a file or a pipe."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from typing import Any, BinaryIO

import msgspec

from storage.backup.format import (
    FORMAT,
    HEADER,
    MANIFEST,
    PAGE_BYTES,
    Content,
    Header,
    Manifest,
    Page,
    TableCount,
)
from storage.backup.rows import Rows, encoder


class BackupWriter:
    """Writes forward only, so that `out` may be a pipe, and holds one page or picture at a time."""

    def __init__(self, out: BinaryIO) -> None:
        self._tar: Any = tarfile.open(  # noqa: SIM115 (closed at the end; `out` is not ours)
            fileobj=out, mode="w|", format=tarfile.USTAR_FORMAT
        )
        self._taken_at = 0.0
        self._header_sha256 = ""
        self._tables: list[TableCount] = []
        self._pages: list[Page] = []
        self._names = hashlib.sha256()
        self.attachments = 0
        self.attachments_bytes = 0
        self.missing: list[str] = []

    @property
    def rows(self) -> int:
        """The rows written so far."""
        return sum(table.rows for table in self._tables)

    def begin(self, header: Header) -> None:
        """Write the header."""
        self._taken_at = header.taken_at
        content = msgspec.json.encode(header)
        self._header_sha256 = hashlib.sha256(content).hexdigest()
        self._add(HEADER, content)

    def add_table(self, rows: Rows, last_id: int) -> TableCount:
        """Write all rows of a table."""
        name, encode = rows.shape.name, encoder(rows.shape)
        content, page = Content(), bytearray()
        first = len(self._pages)
        for some in rows.pages():
            for row in some:
                line = encode(row)
                content.add(hashlib.sha256(line).digest())
                page += line + b"\n"
                if len(page) >= PAGE_BYTES:
                    self._add_page(name, len(self._pages) - first, page)
                    page = bytearray()
        if page:
            self._add_page(name, len(self._pages) - first, page)
        count = TableCount(name, content.rows, content.hex(), last_id)
        self._tables.append(count)
        return count

    def add_attachment(self, sha256: str, content: bytes) -> None:
        """Write the bytes of that name."""
        self._names.update(bytes.fromhex(sha256))
        self.attachments += 1
        self.attachments_bytes += len(content)
        self._add(f"attachments/{sha256}", content)

    def end(self) -> None:
        """Write the manifest: the backup is whole."""
        manifest = Manifest(
            format=FORMAT,
            header_sha256=self._header_sha256,
            tables=tuple(self._tables),
            pages=tuple(self._pages),
            attachments=self.attachments,
            attachments_bytes=self.attachments_bytes,
            attachments_sha256=self._names.hexdigest(),
            missing=tuple(self.missing),
        )
        self._add(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()

    def _add_page(self, table: str, number: int, page: bytearray) -> None:
        packed = gzip.compress(page, compresslevel=3, mtime=0)
        name = f"tables/{table}/{number:06}.jsonl.gz"
        self._pages.append(Page(name, hashlib.sha256(packed).hexdigest(), len(packed)))
        self._add(name, packed)

    def _add(self, name: str, content: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(content), 0o600, int(self._taken_at)
        self._tar.addfile(member, io.BytesIO(content))
        self._tar.members = []  # it would remember every one
