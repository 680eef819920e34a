"""Tables as the database itself describes them, and rows as lines of JSON."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    inspect,
    select,
    text,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from storage.backup.format import BackupError, Content, Kind, TableShape
from storage.migrate import last_ids

# Leases are of processes that run now; the revision is in the header.
LEFT_OUT = ("alembic_version", "leases")
ROWS_AT_ONCE = 1000

Line = tuple[Any, ...]

_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.NUMBER),
    (String, Kind.TEXT),
    (LargeBinary, Kind.BINARY),
)
_TYPES: dict[Kind, Any] = {
    Kind.INTEGER: int | None,
    Kind.NUMBER: float | str | None,  # a string where JSON has no number: inf, -inf, nan
    Kind.TEXT: str | None,
    Kind.BOOLEAN: bool | None,
    Kind.BINARY: bytes | None,
}


class Rows:
    """The rows of one table behind a connection."""

    def __init__(self, connection: Connection, name: str) -> None:
        found = inspect(connection)
        columns = [Column(str(each["name"]), each["type"]) for each in found.get_columns(name)]
        self._connection = connection
        self.table = Table(name, MetaData(), *columns)
        self._key = [
            self.table.c[each] for each in found.get_pk_constraint(name)["constrained_columns"]
        ]
        self.shape = TableShape(name, tuple((str(each.name), _kind(each)) for each in columns))

    def pages(self) -> Iterator[list[Line]]:
        """All rows, so many at once, each asked for by itself: memory stays flat."""
        names = [name for name, _ in self.shape.columns]
        columns = [self.table.c[name] for name in names]
        query = select(*columns).order_by(*self._key).limit(ROWS_AT_ONCE)
        places = [names.index(each.name) for each in self._key]
        rows = self._connection.execute(query).all()
        while rows:
            yield [tuple(row) for row in rows]
            last = [rows[-1][place] for place in places]
            rows = self._connection.execute(query.where(tuple_(*self._key) > tuple_(*last))).all()

    def content(self) -> Content:
        """What all rows add up to."""
        content, encode = Content(), encoder(self.shape)
        for page in self.pages():
            for row in page:
                content.add(hashlib.sha256(encode(row)).digest())
        return content

    def add(self, rows: Sequence[Line]) -> None:
        """Insert rows that have the columns of the shape."""
        names = [name for name, _ in self.shape.columns]
        values = [dict(zip(names, row, strict=True)) for row in rows]
        self._connection.execute(self.table.insert(), values)

    @property
    def counts_up(self) -> bool:
        """Whether the database gives out the ids."""
        return [each.name for each in self._key] == ["id"]


def tables_of(connection: Connection) -> list[Rows]:
    """Every table that a backup holds, after those that it refers to."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    names = [str(name) for name, _ in found if name is not None and name not in LEFT_OUT]
    return [Rows(connection, name) for name in names]


def last_id(connection: Connection, rows: Rows) -> int:
    """The last id that was given out in this table, also where its row is gone; 0 for none."""
    name = rows.shape.name
    if not rows.counts_up:
        return 0
    if connection.dialect.name == "sqlite":
        return last_ids(connection).get(name, 0)
    sequence = connection.execute(
        text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": name}
    ).scalar_one()
    # the name comes from PostgreSQL, quoted by it
    value, called = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # nosec B608
    return int(value) if called else 0


def count_from(connection: Connection, rows: Rows, last: int) -> None:
    """Let the next id of this table be greater than `last`."""
    if not rows.counts_up or last < 1:
        return
    values = {"table": rows.shape.name, "last": last}
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), values)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), values)
    else:
        statement = "SELECT setval(pg_get_serial_sequence(:table, 'id'), CAST(:last AS bigint))"
        connection.execute(text(statement), values)


def encoder(shape: TableShape) -> Any:
    """What makes a line, without its end, of a row."""
    numbers = [place for place, (_, kind) in enumerate(shape.columns) if kind is Kind.NUMBER]
    encode = msgspec.json.Encoder().encode

    def line(row: Line) -> bytes:
        for place in numbers:
            value = row[place]
            if value is not None and not math.isfinite(value):
                row = (*row[:place], repr(value), *row[place + 1 :])
        return encode(row)

    return line


def decoder(shape: TableShape) -> Any:
    """What makes a row of a line. Raises BackupError for anything but these columns."""
    kinds = [kind for _, kind in shape.columns]
    numbers = [place for place, kind in enumerate(kinds) if kind is Kind.NUMBER]
    decode = msgspec.json.Decoder(tuple[tuple(_TYPES[kind] for kind in kinds)]).decode  # type: ignore[misc]

    def row(line: bytes) -> Line:
        try:
            values: Line = decode(line)
            for place in numbers:
                if isinstance(values[place], str):
                    values = (*values[:place], float(values[place]), *values[place + 1 :])
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
            raise BackupError(f"a row of {shape.name} cannot be read") from error
        return values

    return row


def without_nul(row: Line) -> Line:
    """The row as PostgreSQL can hold it."""
    if not any(isinstance(value, str) and "\0" in value for value in row):
        return row
    return tuple(each.replace("\0", "") if isinstance(each, str) else each for each in row)


def _kind(column: Column[Any]) -> Kind:
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise BackupError(f"no backup can hold the column {column.name} ({column.type!r})")
