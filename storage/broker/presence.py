"""Live workers: each says every few seconds that it is there, and is forgotten otherwise."""

from __future__ import annotations

from typing import Any

import structlog
from msgspec import DecodeError, msgpack

from chat.turns import WorkerInfo
from storage.broker.connection import PREFIX, Connection, broker_errors

log = structlog.get_logger()

NAMES = f"{PREFIX}workers"  # the ids of all workers, dead ones too until somebody looks

_encode = msgpack.Encoder().encode
_decode = msgpack.Decoder(WorkerInfo).decode


def _key(worker_id: str) -> str:
    return f"{PREFIX}worker:{worker_id}"


async def announce_worker(connection: Connection, info: WorkerInfo, ttl: float) -> None:
    """Let a worker live for `ttl` seconds from now."""
    pipeline = connection.commands.pipeline(transaction=False)
    pipeline.set(_key(info.worker_id), _encode(info), px=int(ttl * 1000))
    pipeline.sadd(NAMES, info.worker_id)
    async with broker_errors():
        await pipeline.execute()


async def live_workers(connection: Connection) -> list[WorkerInfo]:
    """The workers that live, by worker id; forgets the dead ones."""
    redis: Any = connection.commands
    async with broker_errors():
        ids = sorted(name.decode(errors="replace") for name in await redis.smembers(NAMES))
        if not ids:
            return []
        values = await redis.mget([_key(worker_id) for worker_id in ids])
        dead = [worker_id for worker_id, value in zip(ids, values, strict=True) if value is None]
        if dead:
            await redis.srem(NAMES, *dead)
    return [info for value in values if value is not None and (info := _read(value))]


async def withdraw_worker(connection: Connection, worker_id: str) -> None:
    """Forget a worker at once."""
    pipeline = connection.commands.pipeline(transaction=False)
    pipeline.delete(_key(worker_id))
    pipeline.srem(NAMES, worker_id)
    async with broker_errors():
        await pipeline.execute()


def _read(value: bytes) -> WorkerInfo | None:
    try:
        return _decode(value)
    except DecodeError as error:
        log.warning("a malformed worker was skipped", error=str(error))
        return None
