"""Numbers of rows, as people, buttons and addresses write them."""

from __future__ import annotations

LONGEST = 18  # digits: what is longer fits into no column, and Python refuses to read it


def row_id(text: str) -> int | None:
    """The number, where a row can have it."""
    written = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if written else None
