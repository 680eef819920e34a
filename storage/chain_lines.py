"""The audit log as JSON Lines: how an entry is written into a file, and read from one again.

One form for the command and the dashboard, so that `whimbrel audit verify --file` takes either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import msgspec

from storage.chain import ChainBroken, Entry, Flaw

MOST_LINE = 64 * 1024  # bytes: what is longer is no entry, and is not taken into memory

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


def lines_of(entries: Iterable[Entry]) -> bytes:
    """One line of JSON for each entry."""
    return b"".join(_encode(entry) + b"\n" for entry in entries)


def entries_in(lines: BinaryIO) -> Iterator[Entry]:
    """The entries of a file. Raises ChainBroken at the first line that differs by any byte from
    what `lines_of` writes."""
    number = 0
    while line := lines.readline(MOST_LINE):
        number += 1
        try:
            entry = _decode(line)
            as_written = lines_of([entry]) == line
        except (msgspec.MsgspecError, UnicodeError):
            as_written = False
        if not as_written:
            why = "its line is not as it was exported"
            raise ChainBroken(number, Flaw.MISWRITTEN, why)
        yield entry
