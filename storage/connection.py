"""What repositories ask of a database: to execute, and to undo a part."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from sqlalchemy import CursorResult, Executable
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InvalidRequestError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.errors import DatabaseUnavailable, SchemaOutdated, StorageError, WriteConflict

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

# What is not here is a mistake of ours and stays as it is.
FAILURES = (DBAPIError, InvalidRequestError, PoolTimeoutError, sqlite3.Error, OSError)

_CONFLICTS = ("40001", "40P01", "55P03")
_BAD_DATA = "22"  # the class of values that no column can hold
_UNDEFINED = ("42P01", "42703", "3F000")


class Connection(Protocol):
    """A connection inside a transaction. `locks_rows` is false where a write locks everything."""

    @property
    def writable(self) -> bool: ...

    @property
    def locks_rows(self) -> bool: ...

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Raises StorageError and nothing of SQLAlchemy's."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        """Undo only what happens inside when it raises."""
        ...


def translated(error: Exception) -> StorageError:
    """Our word for one of FAILURES; its text names no parameters, they may be private."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    text = str(cause).partition("\n")[0]
    code = getattr(cause, "sqlstate", None) or ""
    if isinstance(error, IntegrityError) or isinstance(cause, sqlite3.IntegrityError):
        return WriteConflict(type(cause).__name__ if code else text)
    if code in _CONFLICTS:
        return WriteConflict(text)
    if code.startswith(_BAD_DATA):
        return StorageError(text)
    if code in _UNDEFINED or "no such table" in text or "no such column" in text:
        return SchemaOutdated(f"the tables are not those of this version: {text}")
    if isinstance(error, DataError):  # the driver's text quotes the value
        return StorageError(f"a value that the database does not take ({type(cause).__name__})")
    if isinstance(error, ProgrammingError | NotSupportedError):
        return StorageError(text)
    return DatabaseUnavailable(text)
