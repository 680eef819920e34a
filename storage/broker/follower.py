"""Reads the delta streams of many turns over one connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from chat.turns import TurnDelta, TurnResult


class DeltaFollower:
    """Follows the deltas of many turns with one blocking read. Open it with `async with`."""

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    def follow(self, turn_id: int, attempt: int) -> AsyncIterator[TurnDelta | TurnResult]:
        """The deltas of an attempt from its first one on; ends after its TurnResult.

        Close the iterator (`contextlib.aclosing`) to stop earlier. A delta may come twice, and one
        may be missing after the broker lost its data: its offset tells, and the result is whole.
        """
        raise NotImplementedError
