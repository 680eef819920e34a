"""Text on its way to whoever watches: gathered for a moment, then written for all turns at once."""

from __future__ import annotations

import asyncio

import structlog

from chat.failpoints import Failpoint, reached
from chat.turns import TurnDelta
from storage.broker import Broker
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

GATHER = 0.04  # seconds


class DeltaWriter:
    """Writes what grew in the last 40 ms. Losing it is no harm: the result carries the whole text.

    `run` has to be running.
    """

    def __init__(self, broker: Broker, *, gather: float = GATHER) -> None:
        self._broker = broker
        self._gather = gather
        self._grown: dict[tuple[int, int], tuple[int, list[str]]] = {}
        self._changed = asyncio.Event()

    def append(self, turn_id: int, attempt: int, offset: int, text: str) -> None:
        """The answer grew by `text` at character `offset`."""
        _, pieces = self._grown.setdefault((turn_id, attempt), (offset, []))
        pieces.append(text)
        self._changed.set()

    def discard(self, turn_id: int, attempt: int) -> None:
        """The attempt has ended: its result says what was not written yet."""
        self._grown.pop((turn_id, attempt), None)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._gather)
            self._changed.clear()
            grown, self._grown = self._grown, {}
            deltas = [
                TurnDelta(turn_id, attempt, offset, "".join(pieces))
                for (turn_id, attempt), (offset, pieces) in grown.items()
            ]
            try:
                await self._broker.write(*deltas)
                reached(Failpoint.DELTAS_WRITTEN)
            except BrokerUnavailable as error:
                log.warning("deltas were lost", error=str(error))
