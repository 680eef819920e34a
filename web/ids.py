"""`{name:id}` in a path: a number that a row can have. Everything else is not found."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class RowId(Convertor[int]):
    """At most 18 digits: what is longer fits into no column, and Python refuses to read it."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", RowId())
