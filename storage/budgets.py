"""Send budgets that every process of an installation shares, kept in Redis by its own clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from storage.broker import Broker


class Budgets:
    """Rate limits by the generic cell rate algorithm (GCRA), one per `name`."""

    def __init__(self, broker: Broker, *, clock: Callable[[], float] = time.time) -> None:
        raise NotImplementedError

    async def reserve(self, name: str, *, rate: float, burst: int) -> float:
        """Reserve one send of `rate` per second with `burst` at once.

        Returns how many seconds to wait before it may go out. Raises BrokerUnavailable."""
        raise NotImplementedError

    async def try_take(self, name: str, *, rate: float, burst: int) -> bool:
        """Take one send if it may go out at once; else nothing is reserved."""
        raise NotImplementedError

    async def hold(self, name: str, until: float) -> None:
        """Let nothing out before `until` (epoch seconds by `clock`); the later hold counts."""
        raise NotImplementedError

    async def clear(self, name: str) -> None:
        """Forget the hold and everything spent."""
        raise NotImplementedError
