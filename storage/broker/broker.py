"""One installation's broker, as every process of it sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from chat.turns import BrokerEvent, TurnDelta, TurnHint, TurnResult, WorkerInfo
from storage.broker.connection import PREFIX, Connection, broker_errors
from storage.broker.deltas import DeltaWriter
from storage.broker.events import listen, publish_events
from storage.broker.follower import DeltaFollower
from storage.broker.hints import Hints
from storage.broker.presence import announce_worker, live_workers, withdraw_worker


class Broker:
    """Hints, deltas, events and live workers. Open it with `async with`.

    Every method raises BrokerUnavailable when the broker stays away for about two seconds. All
    that it holds may be lost at any moment; nothing in it is the only record of anything.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._hints = Hints(connection)
        self._deltas = DeltaWriter(connection)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`redis://`, `rediss://` or `unix://path?password=`; connects when it is first used."""
        return cls(Connection(url))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._deltas.aclose()
        await self.connection.aclose()

    async def ping(self) -> None:
        """Raises BrokerUnavailable unless the broker answers and accepts writes."""
        async with broker_errors():
            await self.connection.commands.set(f"{PREFIX}ping", b"", ex=60)

    async def hint(self, conversation_ids: Collection[int]) -> None:
        """Tell some worker to look at these conversations. An unread hint is not added again."""
        await self._hints.add(conversation_ids)

    async def hints(self, consumer: str, *, count: int, block: float) -> list[TurnHint]:
        """Up to `count` hints, each for one worker only; waits up to `block` seconds for one.

        `consumer` is the worker's id. While the broker is away it waits for it to come back, and
        raises BrokerUnavailable when that time is over.
        """
        return await self._hints.take(consumer, count=count, block=block)

    async def write(self, *deltas: TurnDelta | TurnResult) -> None:
        """Append to the streams of their attempts, which are forgotten an hour after the last.

        After BrokerUnavailable the same deltas may be written again.
        """
        await self._deltas.write(deltas)

    def follower(self) -> DeltaFollower:
        """A reader of many delta streams; one is enough for a process."""
        return DeltaFollower(self.connection)

    async def publish(self, *events: BrokerEvent) -> None:
        """Tell every process that listens now."""
        await publish_events(self.connection, events)

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[BrokerEvent]]:
        """What is published from now on. Events are lost while the connection is."""
        return listen(self.connection)

    async def announce(self, info: WorkerInfo, *, ttl: float = 15) -> None:
        """Say that a worker lives, for `ttl` seconds."""
        await announce_worker(self.connection, info, ttl)

    async def workers(self) -> list[WorkerInfo]:
        """The workers that live, by worker id."""
        return await live_workers(self.connection)

    async def withdraw(self, worker_id: str) -> None:
        """Say that a worker is gone; as a consumer of hints it is forgotten too."""
        await withdraw_worker(self.connection, worker_id)
        async with broker_errors():
            await self._hints.forget(worker_id)
