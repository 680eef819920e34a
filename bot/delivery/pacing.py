"""One messenger account under its send budgets: every call waits its turn or is shed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import structlog

from bot.metrics import SendMetrics
from chat.conversations import ConversationKey
from chat.errors import ChannelError, MaybeSent, NotSent, RetryAfter, Unreachable
from chat.outbound import OutboundMessage
from chat.ports import Channel
from storage.budgets import Budgets, Limit
from storage.database import Database
from storage.errors import BrokerUnavailable, StorageError

log = structlog.get_logger()

T = TypeVar("T")

# Seconds before a call that certainly had no effect is tried again: doubling, up to the last.
FIRST_RETRY, LAST_RETRY = 0.5, 30.0
# What may be shed is sent only while this share of a budget's burst is untouched, so that final
# texts never wait behind it.
SPARE = 0.5
# Seconds between two looks of what may wait for spare room, and after which it is given back.
LOOK_FOR_ROOM, PATIENCE = 0.15, 20.0


class NoRoom(ChannelError):
    """For a while nothing was to spare for what may wait; no call was made."""


class PacedChannel:
    """A channel whose calls keep to each chat's budget, the account's budget, and every wait that
    the messenger asked for. Budgets and waits hold between bots; waits outlive restarts in SQL."""

    def __init__(
        self,
        channel: Channel,
        *,
        budgets: Budgets,
        database: Database,
        metrics: SendMetrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.channel = channel
        self.capabilities = channel.capabilities
        self._budgets = budgets
        self._database = database
        self._metrics = metrics
        self._clock = clock
        self._waits: dict[str, float] = {}  # by chat, "" the account; Redis may forget them

    async def recall_waits(self) -> None:
        """Hold again what a messenger asked to wait for before this process, or Redis, began."""
        async with self._database.read() as tx:
            waits = await tx.waits.get(self.channel.name, self.channel.account)
        self._waits |= waits
        for chat, until in waits.items():
            await self._budgets.hold(self._name(chat), until)

    async def send(
        self,
        key: ConversationKey,
        message: OutboundMessage,
        *,
        before: Callable[[], Awaitable[None]] | None = None,
        unsent: Callable[[], Awaitable[None]] | None = None,
        spare: Limit | None = None,
    ) -> str:
        """Send as soon as the budgets allow; repeated only where it certainly had no effect.

        With `spare` it goes by that limit as well, and only while there is room that nobody else
        wants; raises NoRoom where there was none for a while.

        `before` is awaited when the call's time has come, so that what is recorded as being sent
        was not merely waiting, and `unsent` when it certainly had no effect, so that whoever comes
        next while this waits is not in doubt. Raises MaybeSent, Unreachable, Rejected or ChatMoved.
        """

        async def call() -> str:
            if before is not None:
                await before()
            return await self.channel.send(key, message)

        return await self._insist(key, call, unsent=unsent, spare=spare)

    async def edit(self, key: ConversationKey, platform_id: str, message: OutboundMessage) -> None:
        """Edit as soon as the budgets allow, until it certainly happened.

        Raises Unreachable, Rejected, Vanished or ChatMoved.
        """
        await self._insist(key, lambda: self.channel.edit(key, platform_id, message), again=True)

    async def delete(self, key: ConversationKey, platform_id: str) -> None:
        """Take a message back as soon as the budgets allow. Raises as `edit` does."""
        await self._insist(key, lambda: self.channel.delete(key, platform_id), again=True)

    async def leave(self, key: ConversationKey) -> None:
        """Leave a group as soon as the budgets allow. Raises as `edit` does."""
        await self._insist(key, lambda: self.channel.leave(key), again=True)

    async def try_edit(
        self, key: ConversationKey, platform_id: str, message: OutboundMessage
    ) -> bool:
        """Edit now, or not at all; whether it happened."""
        return await self._try(key, lambda: self.channel.edit(key, platform_id, message))

    async def try_typing(self, key: ConversationKey) -> bool:
        """Show that an answer is being written now, or not at all."""
        return await self._try(key, lambda: self.channel.typing(key))

    async def _insist(
        self,
        key: ConversationKey,
        call: Callable[[], Awaitable[T]],
        *,
        again: bool = False,
        unsent: Callable[[], Awaitable[None]] | None = None,
        spare: Limit | None = None,
    ) -> T:
        delay = FIRST_RETRY
        while True:
            try:
                if spare is None:
                    await self._wait_for_budget(key)
                else:
                    await self._wait_for_room(key, spare)
                result = await call()
            except RetryAfter as error:
                await self._hold(key, error)  # first: nobody else may call meanwhile
                await _record(unsent)
            except (NotSent, BrokerUnavailable) as error:
                if isinstance(error, NotSent):
                    await _record(unsent)
                self._metrics.sent(self.channel.name, "retried")
                log.warning("send-retried", channel=self.channel.name, error=str(error))
                await asyncio.sleep(delay)
                delay = min(2 * delay, LAST_RETRY)
            except MaybeSent:
                self._metrics.sent(self.channel.name, "unconfirmed")
                if not again:
                    raise
                await asyncio.sleep(delay)
                delay = min(2 * delay, LAST_RETRY)
            except NoRoom:
                raise
            except ChannelError:
                self._metrics.sent(self.channel.name, "refused")
                raise
            else:
                self._metrics.sent(self.channel.name, "ok")
                return result

    async def _wait_for_budget(self, key: ConversationKey) -> None:
        """Wait for the chat first: who waits there must not use up what the account may send."""
        limits = self._limits(key)
        if not self._wait_left(key) and await self._budgets.try_take(*limits):
            return
        held = True
        while held:
            await asyncio.sleep(self._wait_left(key))
            for limit in limits:
                wait = await self._budgets.reserve(limit)
                if wait > 0:
                    await asyncio.sleep(wait)
            # What was reserved counts no more where another call was told to wait meanwhile.
            held = any([await self._budgets.held(limit.name) for limit in limits])
            held = held or self._wait_left(key) > 0

    async def _wait_for_room(self, key: ConversationKey, limit: Limit) -> None:
        """Wait until there is room to spare. Raises NoRoom."""
        limits = (*self._limits(key, share=SPARE), limit)
        until = time.monotonic() + PATIENCE
        while self._wait_left(key) or not await self._budgets.try_take(*limits):
            if time.monotonic() > until:
                raise NoRoom
            await asyncio.sleep(LOOK_FOR_ROOM)

    def _wait_left(self, key: ConversationKey) -> float:
        """Seconds for which this process knows that no call may be made."""
        until = max(self._waits.get(chat, 0.0) for chat in ("", key.chat))
        return max(0.0, until - self._clock())

    def _limits(self, key: ConversationKey, *, share: float = 1.0) -> tuple[Limit, Limit]:
        """The limits of the chat and of the account, with a share of their bursts."""
        can = self.capabilities
        account_burst = can.account_rate / 10
        return (
            Limit(self._name(key.chat), can.rate_of(key.chat), max(1, int(can.burst * share))),
            Limit(self._name(""), can.account_rate, max(1, int(account_burst * share))),
        )

    async def _try(self, key: ConversationKey, call: Callable[[], Awaitable[None]]) -> bool:
        try:
            limits = self._limits(key, share=SPARE)
            if self._wait_left(key) or not await self._budgets.try_take(*limits):
                return False
            await call()
        except RetryAfter as error:
            await self._hold(key, error)
        except Unreachable:
            raise
        except (ChannelError, BrokerUnavailable) as error:
            log.info("send-shed", channel=self.channel.name, error=str(error))
        else:
            return True
        return False

    async def _hold(self, key: ConversationKey, error: RetryAfter) -> None:
        """No call until then, in this process, in the other bots, and after a restart."""
        self._metrics.sent(self.channel.name, "limited")
        chat = "" if error.whole_account else key.chat
        until = self._clock() + error.retry_after
        log.warning("send-limited", channel=self.channel.name, seconds=error.retry_after)
        now = self._clock()
        self._waits = {each: end for each, end in self._waits.items() if end > now}
        self._waits[chat] = max(until, self._waits.get(chat, 0.0))
        with suppress(BrokerUnavailable):
            await self._budgets.hold(self._name(chat), until)
        async with self._database.write() as tx:
            await tx.waits.set(self.channel.name, self.channel.account, chat, until)

    def _name(self, chat: str) -> str:
        return ":".join(("send", self.channel.name, self.channel.account, chat))


async def _record(unsent: Callable[[], Awaitable[None]] | None) -> None:
    """Record that nothing was sent, where that is recorded; what cannot be stays in doubt."""
    with suppress(StorageError):
        if unsent is not None:
            await unsent()
