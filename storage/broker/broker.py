"""One installation's broker, as every process of it sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from chat.turns import BrokerEvent, TurnDelta, TurnHint, TurnResult, WorkerInfo
from storage.broker.follower import DeltaFollower


class Broker:
    """Hints, deltas, events and live workers. Open it with `async with`."""

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`redis://`, `rediss://` or `unix://path?password=`; connects when it is first used."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        raise NotImplementedError

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    async def ping(self) -> None:
        """Raises BrokerUnavailable unless the broker answers and accepts writes."""
        raise NotImplementedError

    async def hint(self, conversation_ids: Collection[int]) -> None:
        """Tell some worker to look at these conversations. An unread hint is not added again."""
        raise NotImplementedError

    async def hints(self, consumer: str, *, count: int, block: float) -> list[TurnHint]:
        """Up to `count` hints, each for one worker only; waits up to `block` seconds for one."""
        raise NotImplementedError

    async def write(self, *deltas: TurnDelta | TurnResult) -> None:
        """Append to the streams of their attempts; these are forgotten an hour after the last."""
        raise NotImplementedError

    def follower(self) -> DeltaFollower:
        """A reader of many delta streams."""
        raise NotImplementedError

    async def publish(self, *events: BrokerEvent) -> None:
        """Tell every process that listens now."""
        raise NotImplementedError

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[BrokerEvent]]:
        """What is published from now on. Events are lost while the connection is."""
        raise NotImplementedError

    async def announce(self, info: WorkerInfo, *, ttl: float = 15) -> None:
        """Say that a worker lives, for `ttl` seconds."""
        raise NotImplementedError

    async def workers(self) -> list[WorkerInfo]:
        """The workers that live, by worker id."""
        raise NotImplementedError

    async def withdraw(self, worker_id: str) -> None:
        """Say that a worker is gone; as a consumer of hints it is forgotten too."""
        raise NotImplementedError
