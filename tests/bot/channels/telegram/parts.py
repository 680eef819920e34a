"""What the tests of the Telegram channel have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import PollingTimes
from bot.channels.telegram.settings import TelegramSettings
from chat.conversations import ConversationKey
from chat.inbound import InboundMessage
from chat.ports import Intake
from tests.fakes.telegram import FakeTelegram, Person
from tests.fakes.telegram.watch import Watch

FAST = PollingTimes(wait=1, grace=1, lease=5, renew=0.05, first_retry=0.01, last_retry=0.1)


class RecordingIntake(Intake):
    """Keeps what it is given; `refuse` makes the next calls fail."""

    def __init__(self) -> None:
        self.received: list[InboundMessage] = []
        self.batches = 0
        self.refuse = 0
        self._watch = Watch()

    async def accept(self, batch: Sequence[InboundMessage]) -> None:
        self.batches += 1
        self._watch.changed()
        if self.refuse:
            self.refuse -= 1
            raise OSError("the disk is full")
        self.received += batch
        self._watch.changed()

    async def has(self, count: int, within: float = 10.0) -> list[InboundMessage]:
        """Wait until this many messages were recorded, and return them."""
        await self._watch.until(
            lambda: len(self.received) >= count,
            within=within,
            describe=lambda: f"received {self.received}",
        )
        return self.received

    async def was_called(self, times: int) -> None:
        """Wait until it was called that often, whether it refused or not."""
        await self._watch.until(
            lambda: self.batches >= times, within=10.0, describe=lambda: f"{self.batches} calls"
        )


class SharedLease:
    """A lease among the channels of one test; `holder` says who has it."""

    holder: object | None = None

    def __init__(self, shared: list[SharedLease]) -> None:
        self._shared = shared

    async def acquire(self, seconds: float) -> bool:
        if not self._shared:
            self._shared.append(self)
        return self._shared[0] is self

    async def release(self) -> None:
        if self._shared == [self]:
            self._shared.clear()


def settings_for(telegram: FakeTelegram, **others: str) -> TelegramSettings:
    return TelegramSettings(
        telegram_bot_token=others.pop("telegram_bot_token", telegram.token),
        telegram_api_url=telegram.url,
        **others,  # type: ignore[arg-type]
    )


def channel_for(
    telegram: FakeTelegram,
    *,
    shared: list[SharedLease] | None = None,
    times: PollingTimes = FAST,
    **others: str,
) -> TelegramChannel:
    return TelegramChannel(
        settings_for(telegram, **others),
        lease=SharedLease([] if shared is None else shared),
        menu={"": [("help", "What I can do")], "de": [("help", "Was ich kann")]},
        times=times,
    )


@asynccontextmanager
async def running(channel: TelegramChannel, intake: Intake) -> AsyncIterator[asyncio.Task[None]]:
    """The channel receives inside the block."""
    task = asyncio.create_task(channel.run(intake))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def key_of(person: Person, thread: str = "") -> ConversationKey:
    return ConversationKey("telegram", "700001", str(person.id), thread)
