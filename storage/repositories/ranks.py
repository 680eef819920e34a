"""Percentiles by the nearest-rank method, in words that SQLite and PostgreSQL have alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func


def place(seconds: ColumnElement[Any], group: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The columns that `nearest_rank` wants of each row: `seconds`, its `rank` within its group,
    and the group's `size`."""
    return [
        seconds.label("seconds"),
        func.row_number().over(partition_by=group, order_by=seconds).label("rank"),
        func.count().over(partition_by=group).label("size"),
    ]


def nearest_rank(placed: FromClause, percent: int) -> ColumnElement[Any]:
    """The smallest value that `percent` of all are not above."""
    reached = placed.c.rank * 100 >= placed.c.size * percent
    return func.min(case((reached, placed.c.seconds)))
