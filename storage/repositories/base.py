"""What every repository has: a connection inside a transaction, and a clock."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection


class Repository:
    """Queries about one noun within one transaction. Times are epoch seconds."""

    def __init__(
        self, connection: AsyncConnection, *, clock: Callable[[], float], writable: bool
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._writable = writable
