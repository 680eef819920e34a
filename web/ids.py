"""`{name:id}` in a path: a number that a row can have. Everything else is not found."""

from __future__ import annotations

import re

from starlette.convertors import Convertor, register_url_convertor


class RowId(Convertor[int]):
    """At most 18 digits: what is longer fits into no column, and Python refuses to read it."""

    regex = "[0-9]{1,18}"
    written = re.compile(regex)

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


def row_id(text: str) -> int | None:
    """The same number where it does not stand in the path."""
    return int(text) if RowId.written.fullmatch(text) else None


register_url_convertor("id", RowId())
