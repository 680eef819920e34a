"""Reads the delta streams of many turns over one connection."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncGenerator
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import structlog

from chat.turns import TurnDelta, TurnResult
from storage.broker.connection import (
    ANSWER_TIMEOUT,
    LONGEST_BLOCK,
    PREFIX,
    Connection,
    backoff,
    broker_errors,
)
from storage.broker.deltas import read_delta, stream_name
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

MOST_ENTRIES = 500  # of one stream in one read


class _Stream:
    """What was read of one attempt, for everybody here who follows it."""

    def __init__(self, turn_id: int, attempt: int) -> None:
        self.turn_id = turn_id
        self.attempt = attempt
        self.last_id = b"0-0"
        self.values: list[TurnDelta | TurnResult] = []
        self.ended = False
        self.readers = 0
        self.grown = asyncio.Event()

    def take(self, entries: list[tuple[bytes, dict[bytes, bytes] | None]]) -> None:
        for self.last_id, fields in entries:
            value = read_delta(self.turn_id, self.attempt, fields)
            if value is not None and not self.ended:
                self.values.append(value)
                self.ended = isinstance(value, TurnResult)
        self.wake()

    def wake(self) -> None:
        self.grown.set()
        self.grown = asyncio.Event()


class DeltaFollower:
    """Follows the deltas of many turns with one blocking read. Open it with `async with`.

    A stream of its own is part of that read: an entry there ends it when there is more to follow.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._streams: dict[bytes, _Stream] = {}
        self._wake_name = f"{PREFIX}wake:{uuid.uuid4().hex}".encode()
        self._wake_id = b"0-0"
        self._joined = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False
        self._failure: BaseException | None = None

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._wake())]
        for task in self._tasks:
            task.add_done_callback(self._note_end)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(BrokerUnavailable):
            async with broker_errors():
                await self._connection.blocking.delete(self._wake_name)

    async def follow(
        self, turn_id: int, attempt: int
    ) -> AsyncGenerator[TurnDelta | TurnResult, None]:
        """The deltas of an attempt from its first one on; ends after its TurnResult, or when the
        follower is closed.

        Close the iterator (`contextlib.aclosing`) to stop earlier. A delta may come twice, and one
        may be missing after the broker lost its data: its offset tells, and the result is whole.
        """
        stream = self._join(turn_id, attempt)
        position = 0
        try:
            while not self._closed:
                if position == len(stream.values):
                    await stream.grown.wait()
                    continue
                value = stream.values[position]
                position += 1
                yield value
                if isinstance(value, TurnResult):
                    return
        finally:
            self._leave(stream)
        if self._failure is not None:
            raise RuntimeError("the reader of deltas has failed") from self._failure

    def _join(self, turn_id: int, attempt: int) -> _Stream:
        name = stream_name(turn_id, attempt)
        if name not in self._streams:
            self._streams[name] = _Stream(turn_id, attempt)
            self._joined.set()
        stream = self._streams[name]
        stream.readers += 1
        return stream

    def _leave(self, stream: _Stream) -> None:
        stream.readers -= 1
        if stream.readers == 0:
            del self._streams[stream_name(stream.turn_id, stream.attempt)]

    async def _read(self) -> None:
        failures = 0
        while True:
            try:
                await self._read_once()
                failures = 0
            except BrokerUnavailable as error:
                if failures == 0:
                    log.warning("deltas cannot be read for now", error=str(error))
                failures += 1
                await asyncio.sleep(backoff(failures))

    async def _read_once(self) -> None:
        # Only what was asked for is handed on: a stream left and joined again begins anew.
        asked = {name: stream for name, stream in self._streams.items() if not stream.ended}
        positions: dict[Any, Any] = {name: stream.last_id for name, stream in asked.items()}
        positions[self._wake_name] = self._wake_id
        async with broker_errors(LONGEST_BLOCK + ANSWER_TIMEOUT):
            found: Any = await self._connection.blocking.xread(
                positions, count=MOST_ENTRIES, block=int(LONGEST_BLOCK * 1000)
            )
        for name, entries in found or ():
            if name in asked:
                asked[name].take(entries)
            else:
                self._wake_id = entries[-1][0]

    async def _wake(self) -> None:
        """Write to our own stream whenever one was joined; where that fails, the read ends by
        itself within seconds."""
        while True:
            await self._joined.wait()
            self._joined.clear()
            pipeline = self._connection.commands.pipeline(transaction=False)
            pipeline.xadd(self._wake_name, {"w": "1"}, maxlen=1, approximate=False)
            pipeline.expire(self._wake_name, 60)
            with suppress(BrokerUnavailable):
                async with broker_errors():
                    await pipeline.execute()

    def _note_end(self, task: asyncio.Task[None]) -> None:
        self._closed = True
        if not task.cancelled():
            self._failure = task.exception()
        for stream in self._streams.values():
            stream.wake()
