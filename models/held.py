"""The turns that this worker holds."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from chat.turns import ClaimedTurn


class Interruption(StrEnum):
    """Why computing a turn was ended from outside."""

    CANCELLED = "cancelled"  # somebody asked for it
    RELEASED = "released"  # the worker goes away


class Held:
    """A claimed turn. What it computes inside `scope` can be ended from outside, once."""

    def __init__(self, turn: ClaimedTurn) -> None:
        self.turn = turn
        self.scope = asyncio.timeout(None)
        self.interruption: Interruption | None = None
        self.task: asyncio.Task[None] | None = None
        self.computed = False  # from then on only its end has to be committed
        self._entered = False

    def interrupt(self, why: Interruption) -> None:
        """End the computing; the turn itself then ends in order."""
        if self.interruption is None:
            self.interruption = why
            if self._entered and not self.scope.expired():
                self.scope.reschedule(asyncio.get_running_loop().time())

    async def __aenter__(self) -> None:
        await self.scope.__aenter__()
        self._entered = True
        if self.interruption is not None:
            self.scope.reschedule(asyncio.get_running_loop().time())

    async def __aexit__(self, *exc: object) -> bool:
        """Swallows what the interruption raises, and nothing else."""
        self._entered, self.computed = False, True
        kind, error, trace = exc
        try:
            await self.scope.__aexit__(kind, error, trace)  # type: ignore[arg-type]
        except TimeoutError:
            if self.interruption is None:
                raise
            return True
        return False

    def fence(self) -> None:
        """Drop everything at once: the turn belongs to another attempt.

        One that was computed is left to its commit, which sees to that itself."""
        if self.task is not None and not self.computed:
            self.task.cancel()
