"""Events: told once to whoever listens, by pub/sub. SQL is the record of what they tell."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from msgspec import DecodeError, Raw, msgpack
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError

from chat.turns import BrokerEvent
from storage.broker.connection import (
    ANSWER_TIMEOUT,
    LONGEST_BLOCK,
    PREFIX,
    Connection,
    backoff,
    broker_errors,
)
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

_encode = msgpack.Encoder().encode
_decode_batch = msgpack.Decoder(list[Raw]).decode
_decode_event: msgpack.Decoder[BrokerEvent] = msgpack.Decoder(BrokerEvent)


def _channel(connection: Connection) -> str:
    return f"{PREFIX}events:{connection.database}"


async def publish_events(connection: Connection, events: tuple[BrokerEvent, ...]) -> None:
    """Tell every process that listens now; told twice they do no harm."""
    if events:
        async with broker_errors():
            await connection.commands.publish(_channel(connection), _encode(events))


@asynccontextmanager
async def listen(connection: Connection) -> AsyncIterator[AsyncIterator[BrokerEvent]]:
    """Subscribed when it is entered, unless the broker is away just then."""
    subscription = _Subscription(connection)
    with suppress(BrokerUnavailable):
        await subscription.open()
    try:
        yield subscription
    finally:
        await subscription.close()


class _Subscription(AsyncIterator[BrokerEvent]):
    """A subscription that is made again whenever it is lost. For one reader."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pubsub: PubSub | None = None
        self._unread: deque[BrokerEvent] = deque()
        self._failures = 0

    async def open(self) -> PubSub:
        """The subscription, confirmed by the server."""
        if self._pubsub is None:
            pubsub = self._connection.blocking.pubsub()
            try:
                async with broker_errors():
                    await pubsub.subscribe(_channel(self._connection))
                    if await pubsub.get_message(timeout=ANSWER_TIMEOUT) is None:
                        raise RedisConnectionError("a subscription was not confirmed")
            except BaseException:
                await _close(pubsub)
                raise
            self._pubsub = pubsub
        return self._pubsub

    async def close(self) -> None:
        if self._pubsub is not None:
            pubsub, self._pubsub = self._pubsub, None
            with suppress(BrokerUnavailable):
                async with broker_errors():
                    await _close(pubsub)

    async def __anext__(self) -> BrokerEvent:
        while not self._unread:
            try:
                message = await self._message(await self.open())
                self._failures = 0
            except BrokerUnavailable as error:
                await self._recover(error)
                continue
            if message["type"] == "message":
                self._unread.extend(_read_events(message["data"]))
        return self._unread.popleft()

    async def _recover(self, error: BrokerUnavailable) -> None:
        if self._failures == 0:
            log.warning("events cannot be received for now", error=str(error))
        self._failures += 1
        await self.close()
        await asyncio.sleep(backoff(self._failures))

    async def _message(self, pubsub: PubSub) -> dict[str, Any]:
        """The next message of any kind. A silent server is asked whether it is still there."""
        async with broker_errors(LONGEST_BLOCK + 2 * ANSWER_TIMEOUT):
            message = await pubsub.get_message(timeout=LONGEST_BLOCK)
            if message is None:
                await pubsub.ping()
                message = await pubsub.get_message(timeout=ANSWER_TIMEOUT)
            if message is None:
                raise RedisConnectionError("the server has fallen silent")
        return dict(message)


async def _close(pubsub: Any) -> None:  # its method is not typed
    await pubsub.aclose()


def _read_events(data: bytes) -> list[BrokerEvent]:
    events = []
    try:
        for raw in _decode_batch(data):
            # One by one, so that an event of a newer version spoils none of the others.
            try:
                events.append(_decode_event.decode(raw))
            except DecodeError as error:
                log.info("an event of another version was dropped", error=str(error))
    except (DecodeError, TypeError) as error:
        log.warning("malformed events were dropped", error=str(error))
    return events
