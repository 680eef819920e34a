"""Hints: a stream that every worker reads a part of. What is lost here, the sweep brings again."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

import structlog
from redis.exceptions import ResponseError

from chat.turns import TurnHint
from storage.broker.connection import (
    ANSWER_TIMEOUT,
    LONGEST_BLOCK,
    PREFIX,
    Connection,
    backoff,
    broker_errors,
)
from storage.broker.scripts import Script
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

STREAM = f"{PREFIX}hints"
UNREAD = f"{PREFIX}hinted"  # the conversations whose hint is in the stream
GROUP = "workers"
ABANDONED = 5.0  # seconds after which a hint that was taken and not confirmed is given out again

# The stream would grow without end while no worker reads and the sweep repeats itself.
ADD = Script("""
for _, conversation in ipairs(ARGV) do
    if redis.call('SADD', KEYS[2], conversation) == 1 then
        redis.call('XADD', KEYS[1], '*', 'c', conversation)
    end
end
""")

Entry = tuple[bytes, dict[bytes, bytes] | None]


class Hints:
    """The hint stream and its consumer group."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._reclaim_at = 0.0

    async def add(self, conversation_ids: Collection[int]) -> None:
        """Hint at conversations, except where an unread hint does already."""
        if conversation_ids:
            async with broker_errors():
                await self._connection.scripts.run(ADD, [STREAM, UNREAD], list(conversation_ids))

    async def take(self, consumer: str, *, count: int, block: float) -> list[TurnHint]:
        """Take up to `count` hints, waiting up to `block` seconds for the first.

        Raises BrokerUnavailable when the broker still fails at the end of that time.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + block
        failures = 0
        while True:
            left = deadline - clock()
            try:
                async with broker_errors(LONGEST_BLOCK + ANSWER_TIMEOUT):
                    entries = await self._entries(consumer, count, left)
                if entries or clock() >= deadline:
                    return await self._confirm(entries)
                failures = 0
            except BrokerUnavailable:
                failures += 1
                if clock() + (wait := backoff(failures)) >= deadline:
                    raise
                await asyncio.sleep(wait)

    async def forget(self, consumer: str) -> None:
        """Remove a consumer that reads no more, unless hints of its are still to be given out."""
        redis = self._connection.commands
        try:
            if not await redis.xpending_range(STREAM, GROUP, "-", "+", 1, consumername=consumer):
                await redis.xgroup_delconsumer(STREAM, GROUP, consumer)
        except ResponseError as error:
            if not _group_is_gone(error):
                raise

    async def _entries(self, consumer: str, count: int, block: float) -> list[Entry]:
        try:
            return await self._abandoned(consumer, count) or await self._read(
                consumer, count, block
            )
        except ResponseError as error:
            if not _group_is_gone(error):
                raise
            await self._make_group()
            return await self._read(consumer, count, 0)

    async def _read(self, consumer: str, count: int, block: float) -> list[Entry]:
        milliseconds = int(min(block, LONGEST_BLOCK) * 1000)
        client = self._connection.blocking if milliseconds > 0 else self._connection.commands
        found: Any = await client.xreadgroup(
            GROUP, consumer, {STREAM: ">"}, count=count, block=max(milliseconds, 0) or None
        )
        return list(found[0][1]) if found else []

    async def _abandoned(self, consumer: str, count: int) -> list[Entry]:
        """Hints whose taker died before it confirmed them; looked for every few seconds."""
        now = asyncio.get_running_loop().time()
        if now < self._reclaim_at:
            return []
        idle = int(ABANDONED * 1000)
        found: Any = await self._connection.commands.xautoclaim(
            STREAM, GROUP, consumer, min_idle_time=idle, count=count
        )
        self._reclaim_at = now + ABANDONED
        return list(found[1])

    async def _confirm(self, entries: list[Entry]) -> list[TurnHint]:
        """Delete what was taken. Where that fails it comes again, which does no harm."""
        if not entries:
            return []
        ids = [entry for entry, _ in entries]
        conversations = list(dict.fromkeys(_conversations(entries)))
        pipeline = self._connection.commands.pipeline(transaction=True)
        pipeline.xack(STREAM, GROUP, *ids)
        pipeline.xdel(STREAM, *ids)
        if conversations:
            pipeline.srem(UNREAD, *conversations)
        try:
            async with broker_errors():
                await pipeline.execute()
        except BrokerUnavailable as error:
            log.warning("hints could not be confirmed", error=str(error))
        return [TurnHint(conversation) for conversation in conversations]

    async def _make_group(self) -> None:
        """A lost stream took its entries along, so nothing counts as unread any more."""
        pipeline = self._connection.commands.pipeline(transaction=True)
        pipeline.delete(UNREAD)
        pipeline.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        results = await pipeline.execute(raise_on_error=False)
        for result in results:
            if isinstance(result, Exception) and not str(result).startswith("BUSYGROUP"):
                raise result


def _conversations(entries: list[Entry]) -> list[int]:
    found = []
    for entry, fields in entries:
        try:
            found.append(int((fields or {})[b"c"]))
        except (KeyError, ValueError):
            log.warning("a malformed hint was dropped", entry=entry)
    return found


def _group_is_gone(error: ResponseError) -> bool:
    return str(error).startswith(("NOGROUP", "UNBLOCKED"))
