"""Deltas: one stream for every attempt of a turn."""

from __future__ import annotations

import asyncio

import structlog
from msgspec import DecodeError, msgpack

from chat.turns import TurnDelta, TurnResult
from storage.broker.connection import PREFIX, Connection, broker_errors
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

KEPT_SECONDS = 3600
ENDED_SECONDS = 120  # whoever comes later is told the end by SQL
FIELD = b"v"

_encode = msgpack.Encoder().encode
_decoder: msgpack.Decoder[TurnDelta | TurnResult] = msgpack.Decoder(TurnDelta | TurnResult)


def stream_name(turn_id: int, attempt: int) -> bytes:
    """The key of the stream that an attempt is written to."""
    return b"%sdeltas:%d:%d" % (PREFIX.encode(), turn_id, attempt)


class DeltaWriter:
    """Appends deltas in their order, those of many turns in one go.

    What comes while a batch is on its way forms the next one, so that the cost for each falls as
    there are more of them. Written twice they do no harm: each tells its offset.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._batch = _Batch()
        self._task: asyncio.Task[None] | None = None

    async def write(self, deltas: tuple[TurnDelta | TurnResult, ...]) -> None:
        """Returns when they are written. Raises BrokerUnavailable."""
        if not deltas:
            return
        batch = self._batch
        batch.add(deltas)
        if self._task is None:
            self._task = asyncio.create_task(self._flush())
        await batch.settled.wait()
        if batch.failure is not None:
            raise BrokerUnavailable(str(batch.failure)) from batch.failure

    async def aclose(self) -> None:
        """Wait for what is on its way."""
        if self._task is not None:
            await self._task

    async def _flush(self) -> None:
        try:
            while self._batch.entries:
                batch, self._batch = self._batch, _Batch()
                try:
                    await self._send(batch)
                    batch.failure = None
                except Exception as error:
                    batch.failure = error
                finally:
                    batch.settled.set()
        finally:
            self._task = None

    async def _send(self, batch: _Batch) -> None:
        pipeline = self._connection.commands.pipeline(transaction=False)
        for stream, value in batch.entries:
            pipeline.execute_command("XADD", stream, b"*", FIELD, value)
        for stream in dict(batch.entries):
            kept = ENDED_SECONDS if stream in batch.ended else KEPT_SECONDS
            pipeline.execute_command("EXPIRE", stream, kept)
        async with broker_errors():
            await pipeline.execute()


class _Batch:
    """What is sent together, and what became of it."""

    def __init__(self) -> None:
        self.entries: list[tuple[bytes, bytes]] = []
        self.ended: set[bytes] = set()
        self.settled = asyncio.Event()
        self.failure: Exception | None = BrokerUnavailable("not written")

    def add(self, deltas: tuple[TurnDelta | TurnResult, ...]) -> None:
        for delta in deltas:
            stream = stream_name(delta.turn_id, delta.attempt)
            self.entries.append((stream, _encode(delta)))
            if isinstance(delta, TurnResult):
                self.ended.add(stream)


def read_delta(
    turn_id: int, attempt: int, fields: dict[bytes, bytes] | None
) -> TurnDelta | TurnResult | None:
    """What an entry of an attempt's stream says, or None where it is not one of ours."""
    try:
        value = _decoder.decode((fields or {})[FIELD])
    except (KeyError, DecodeError) as error:
        log.warning("a malformed delta was dropped", turn=turn_id, error=str(error))
        return None
    if (value.turn_id, value.attempt) != (turn_id, attempt):
        log.warning("a delta of another turn was dropped", turn=turn_id, other=value.turn_id)
        return None
    return value
