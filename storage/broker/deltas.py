"""Deltas: one stream for every attempt of a turn."""

from __future__ import annotations

import structlog
from msgspec import DecodeError, msgpack

from chat.turns import TurnDelta, TurnResult
from storage.broker.connection import PREFIX, Connection, broker_errors

log = structlog.get_logger()

KEPT_SECONDS = 3600
FIELD = b"v"

_encode = msgpack.Encoder().encode
_decoder: msgpack.Decoder[TurnDelta | TurnResult] = msgpack.Decoder(TurnDelta | TurnResult)


def stream_name(turn_id: int, attempt: int) -> bytes:
    """The key of the stream that an attempt is written to."""
    return b"%sdeltas:%d:%d" % (PREFIX.encode(), turn_id, attempt)


async def write_deltas(connection: Connection, deltas: tuple[TurnDelta | TurnResult, ...]) -> None:
    """Append deltas in their order. Written twice they do no harm: each tells its offset."""
    if not deltas:
        return
    pipeline = connection.commands.pipeline(transaction=False)
    streams = []
    for delta in deltas:
        streams.append(stream_name(delta.turn_id, delta.attempt))
        pipeline.execute_command("XADD", streams[-1], b"*", FIELD, _encode(delta))
    for stream in dict.fromkeys(streams):
        pipeline.execute_command("EXPIRE", stream, KEPT_SECONDS)
    async with broker_errors():
        await pipeline.execute()


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
