"""`{name:id}` in a path: a number that a row can have. Everything else is not found."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

from handlers.row_ids import LONGEST, row_id

__all__ = ["RowId", "row_id"]


class RowId(Convertor[int]):
    """At most 18 digits: what is longer fits into no column, and Python refuses to read it."""

    regex = f"[0-9]{{1,{LONGEST}}}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("id", RowId())
