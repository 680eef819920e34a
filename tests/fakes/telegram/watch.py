"""Waiting for something to become true, without sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watch:
    """Wakes those who wait for a condition whenever something has changed."""

    def __init__(self) -> None:
        self._waiters: list[asyncio.Event] = []

    def changed(self) -> None:
        """Let everybody look again."""
        for waiter in self._waiters:
            waiter.set()

    async def until(
        self, condition: Callable[[], bool], *, within: float, describe: Callable[[], str]
    ) -> None:
        """Wait until the condition holds; after `within` seconds fail with a description."""
        if condition():
            return
        waiter = asyncio.Event()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(within):
                while not condition():
                    waiter.clear()
                    await waiter.wait()
        except TimeoutError:
            raise AssertionError(f"not seen within {within:g} s; {describe()}") from None
        finally:
            self._waiters.remove(waiter)
