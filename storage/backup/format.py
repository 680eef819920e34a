"""What a backup file is: a tar of a header, pages of rows, attachments, and a manifest at its end.

`backup.json` comes first, then `tables/NAME/NNNNNN.jsonl.gz` (a JSON array a row, so many rows a
page), then `attachments/SHA256`, then `manifest.json`. A file without its manifest is not whole.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from storage.errors import StorageError

FORMAT = 1
HEADER, MANIFEST = "backup.json", "manifest.json"
PAGE = re.compile(r"tables/([a-z_]{1,63})/([0-9]{6})\.jsonl\.gz")
ATTACHMENT = re.compile(r"attachments/([0-9a-f]{64})")

MiB = 1024 * 1024
PAGE_BYTES = MiB  # of rows, before they are packed; a page ends with the row that reaches it
# What a reader takes into memory at once, whatever the file says of itself.
MOST_PACKED, MOST_UNPACKED = 64 * MiB, 128 * MiB
MOST_ATTACHMENT, MOST_JSON = 256 * MiB, 64 * MiB


class BackupError(StorageError):
    """A backup cannot be made, read or restored as it is."""


class Kind(StrEnum):
    """What a column holds, whatever a database calls it."""

    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    BINARY = "binary"


class TableShape(Struct, frozen=True):
    """A table's name, and its columns in the order of the rows."""

    name: str
    columns: tuple[tuple[str, Kind], ...]


class Header(Struct, frozen=True, kw_only=True):
    """What has to be known before the rows; `tables` stand after those that they refer to."""

    format: int
    whimbrel: str
    revision: str
    taken_at: float
    tables: tuple[TableShape, ...]


class Page(Struct, frozen=True):
    """A page of rows as it stands in the file, packed."""

    name: str
    sha256: str
    size: int


class TableCount(Struct, frozen=True):
    """How much there is of a table; `last_id` is the last id given, 0 where there are none.

    `content` is the sum of the SHA-256 of all rows: the same in any order and on any database.
    """

    name: str
    rows: int
    content: str
    last_id: int = 0


class Manifest(Struct, frozen=True, kw_only=True):
    """The end of a whole backup. `missing` names attachments that were gone when they were read;
    `attachments_sha256` is over the names of the others in their order."""

    format: int
    header_sha256: str
    tables: tuple[TableCount, ...]
    pages: tuple[Page, ...]
    attachments: int
    attachments_bytes: int
    attachments_sha256: str
    missing: tuple[str, ...]


class Content:
    """Adds up rows, in whichever order they come."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, digest: bytes) -> None:
        """Count a row by its SHA-256."""
        self.rows += 1
        self._sum = (self._sum + int.from_bytes(digest, "big")) % 2**256

    def hex(self) -> str:
        """The sum so far."""
        return f"{self._sum:064x}"
