"""Following a turn from anywhere: its place in line, its text as it grows, how it ended."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

import structlog

from chat.turns import (
    BrokerEvent,
    OutboundAdded,
    Turn,
    TurnDelta,
    TurnEnded,
    TurnProgress,
    TurnResult,
    TurnsLeft,
    TurnStarted,
    TurnState,
    TurnWaiting,
)
from storage.broker import Broker, DeltaFollower
from storage.database import Database, Transaction

log = structlog.get_logger()

Listener = Callable[[BrokerEvent], None]

# How long a silence lasts before SQL is asked what is true, in seconds: events may be lost. Those
# far back in a long line ask less often: a hundredth of a second later for each one before them.
ASK_AFTER, ASK_LATER, LAST_ASK = 2.0, 0.01, 10.0
# How long all places in line are taken for true, and that of who has just come, in seconds.
PLACES_FOR, NEW_PLACES_FOR = 1.0, 0.1
SHORT_LINE = 100  # turns: up to so many it costs little to look for everybody who comes


class TurnFeed:
    """What is happening to turns, for everybody in this process who shows them.

    Broker events and delta streams make it quick; SQL, asked after each silence, makes it right.
    """

    def __init__(self, *, database: Database, broker: Broker) -> None:
        self._database = database
        self._broker = broker
        self._follower: DeltaFollower = broker.follower()
        self._queues: dict[int, set[asyncio.Queue[BrokerEvent | TurnProgress]]] = defaultdict(set)
        self._listeners: list[Listener] = []
        self._pump: asyncio.Task[None] | None = None
        self._places: dict[int, int] = {}
        self._places_at = 0.0
        self._maintained = ""
        self._maintained_at = -PLACES_FOR

    async def __aenter__(self) -> Self:
        await self._follower.__aenter__()
        self._pump = asyncio.create_task(self._dispatch(), name="turn-feed")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        await self._follower.__aexit__(kind, error, trace)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with every event; it must return at once."""
        self._listeners.append(listener)

    async def follow(self, turn_id: int, *, attempt: int = 0) -> AsyncGenerator[TurnProgress, None]:
        """What happens to a turn, from now to its TurnResult, which comes last.

        Each TurnStarted makes all text before it void. Deltas come gapless, each character once.
        `attempt` is the running attempt where the caller has just heard of it.
        """
        queue: asyncio.Queue[BrokerEvent | TurnProgress] = asyncio.Queue()
        self._queues[turn_id].add(queue)
        following = _Following(turn_id, self._follower, queue)
        try:
            if attempt:
                yield following.start(attempt)
            while True:
                item = await following.next_item()
                if item is None:
                    for progress in await self._ask(following):
                        yield progress
                        if isinstance(progress, TurnResult):
                            return
                elif isinstance(item, TurnStarted) and item.attempt > following.attempt:
                    yield following.start(item.attempt)
                elif isinstance(item, TurnDelta) and (fresh := following.fresh(item)):
                    yield fresh
                elif isinstance(item, TurnResult) and item.attempt == following.attempt:
                    yield item
                    return
        finally:
            following.stop()
            self._queues[turn_id].discard(queue)
            if not self._queues[turn_id]:
                del self._queues[turn_id]

    async def _ask(self, following: _Following) -> list[TurnProgress]:
        """What SQL says that the events have not told."""
        async with self._database.read() as tx:
            turn = await tx.turns.get(following.turn_id)
            if turn.state.is_end:
                return [result_of(turn)]
            if turn.state is TurnState.RUNNING:
                if turn.attempt > following.attempt:
                    return [following.start(turn.attempt)]
                return []
            place = await self._place(tx, following.turn_id)
            reason = await self._maintenance(tx) or turn.reason
        following.patience = min(ASK_AFTER + place * ASK_LATER, LAST_ASK)
        following.stop()  # it was put back into the line
        return [TurnWaiting(following.turn_id, place, reason)]

    async def _place(self, tx: Transaction, turn_id: int) -> int:
        """How many turns are before it. Where many are followed, one look into SQL does for all."""
        now = asyncio.get_running_loop().time()
        known = turn_id in self._places
        short = len(self._places) < SHORT_LINE
        kept = PLACES_FOR if known else 0.0 if short else NEW_PLACES_FOR
        if now - self._places_at >= kept:
            self._places = {each: place for place, each in enumerate(await tx.turns.line())}
            self._places_at = now
        return self._places.get(turn_id, len(self._places))  # in a long line who comes is the last

    async def _maintenance(self, tx: Transaction) -> str:
        """Why all turns wait, if they do; looked up as seldom as the places in line."""
        now = asyncio.get_running_loop().time()
        if now - self._maintained_at >= NEW_PLACES_FOR:
            found = await tx.operations.maintenance()
            self._maintained = found.reason if found else ""
            self._maintained_at = now
        return self._maintained

    async def _dispatch(self) -> None:
        async with self._broker.events() as events:
            async for event in events:
                for listener in self._listeners:
                    listener(event)
                if isinstance(event, OutboundAdded | TurnsLeft):
                    continue
                for queue in self._queues.get(event.turn_id, ()):
                    queue.put_nowait(event)


class _Following:
    """One reader's view of one turn: which attempt it sees, and how far it has read."""

    def __init__(
        self,
        turn_id: int,
        follower: DeltaFollower,
        queue: asyncio.Queue[BrokerEvent | TurnProgress],
    ) -> None:
        self.turn_id = turn_id
        self.attempt = 0
        self.patience = ASK_AFTER
        self._follower = follower
        self._queue = queue
        self._length = 0
        self._asked = False
        self._reading: asyncio.Task[None] | None = None

    async def next_item(self) -> BrokerEvent | TurnProgress | None:
        """The next thing to look at; None asks for a look into SQL."""
        if not self._asked and not self.attempt:
            self._asked = True
            return None
        try:
            async with asyncio.timeout(self.patience):
                item = await self._queue.get()
        except TimeoutError:
            return None
        if isinstance(item, TurnEnded) and self._reading is None:
            return None
        return item

    def start(self, attempt: int) -> TurnStarted:
        """Read this attempt's stream from its beginning."""
        self.stop()
        self.attempt, self._length, self.patience = attempt, 0, ASK_AFTER
        self._reading = asyncio.create_task(self._read(attempt), name=f"read-{self.turn_id}")
        return TurnStarted(self.turn_id, attempt)

    def fresh(self, delta: TurnDelta) -> TurnDelta | None:
        """The part of a delta that was not seen yet, or None where it repeats or leaves a gap."""
        if delta.attempt != self.attempt or delta.offset > self._length:
            return None
        text = delta.text[self._length - delta.offset :]
        if not text:
            return None
        fresh = TurnDelta(self.turn_id, self.attempt, self._length, text)
        self._length += len(text)
        return fresh

    def stop(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    async def _read(self, attempt: int) -> None:
        async for item in self._follower.follow(self.turn_id, attempt):
            self._queue.put_nowait(item)


def result_of(turn: Turn) -> TurnResult:
    """How a turn ended, as SQL records it."""
    return TurnResult(
        turn_id=turn.id,
        attempt=turn.attempt,
        state=turn.state,
        text=turn.answer,
        reason=turn.reason,
    )
