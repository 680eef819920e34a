"""Small changes that come at the same moment share a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, NamedTuple, TypeVar

from storage.errors import DatabaseUnavailable

Tx = TypeVar("Tx")
T = TypeVar("T")

MOST = 50  # changes in a transaction


class _Change(NamedTuple):
    make: Callable[[Any], Awaitable[Any]]
    done: asyncio.Future[Any]


class SharedWrites(Generic[Tx]):
    """Commits changes, each alone where nothing else happens. Where a hundred answers are shown at
    once, what came while one transaction was under way is the next one: fewer commits, and less
    time between a send and the record of it. Not for use inside a transaction."""

    def __init__(self, write: Callable[[], AbstractAsyncContextManager[Tx]]) -> None:
        self._write = write
        self._waiting: list[_Change] = []
        self._writing: asyncio.Task[None] | None = None

    async def run(self, make: Callable[[Tx], Awaitable[T]]) -> T:
        """What `make` returns, once it is committed. It may be called more than once until then,
        and is not called where nobody waits any more. Raises what it raises, or StorageError."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Change(make, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="shared-writes")
        return await done

    async def aclose(self) -> None:
        """Let what was begun be committed."""
        if self._writing is not None:
            await asyncio.wait([self._writing])

    async def _write_all(self) -> None:
        changes: list[_Change] = []
        try:
            while self._waiting:
                changes, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._commit([each for each in changes if not each.done.done()])
        finally:
            self._writing = None
            _fail([*changes, *self._waiting], DatabaseUnavailable("the process is stopping"))
            self._waiting = []

    async def _commit(self, changes: Sequence[_Change]) -> None:
        if not changes:
            return
        try:
            async with self._write() as transaction:
                results = [await change.make(transaction) for change in changes]
        except DatabaseUnavailable as error:
            _fail(changes, error)
        except Exception as error:
            if len(changes) == 1:
                _fail(changes, error)
                return
            for change in changes:  # one of them is what is wrong
                await self._commit([change])
        else:
            for change, result in zip(changes, results, strict=True):
                if not change.done.done():
                    change.done.set_result(result)


def _fail(changes: Sequence[_Change], error: Exception) -> None:
    for change in changes:
        if not change.done.done():
            change.done.set_exception(error)
