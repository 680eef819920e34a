"""Long polling that confirms an update only after it is recorded, by one poller per account."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog
from msgspec import Struct

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.errors import BadToken, SecondPoller
from bot.channels.telegram.receiving import Receiver
from chat.errors import ChannelError, RetryAfter
from storage.database import Database

log = structlog.get_logger()

SECOND_POLLER = (
    "another program receives this bot's messages: stop it, or give each its own bot "
    "(TELEGRAM_BOT_TOKEN)"
)
# a sentence about one
BAD_TOKEN = "Telegram refuses the token: TELEGRAM_BOT_TOKEN wants the one that @BotFather shows"  # nosec B105
WEBHOOK_ACTIVE = "webhook is active"


class PollingTimes(Struct, frozen=True):
    """Seconds. `wait` is how long Telegram holds a poll open, `grace` what a poll may take beyond
    that before it counts as dead; the lease is renewed every `renew`."""

    wait: int = 25
    grace: float = 10.0
    lease: float = 15.0
    renew: float = 4.0
    first_retry: float = 0.5
    last_retry: float = 30.0


class AccountLease(Protocol):
    """Who alone may poll an account."""

    async def acquire(self, seconds: float) -> bool:
        """Take or renew it; False while somebody else holds it."""
        ...

    async def release(self) -> None:
        """Give it back."""
        ...


class SqlLease:
    """A lease in SQL, held under a name by one owner."""

    def __init__(self, database: Database, *, name: str, owner: str) -> None:
        self._database = database
        self._name = name
        self._owner = owner

    async def acquire(self, seconds: float) -> bool:
        """Take or renew it; False while somebody else holds it."""
        async with self._database.write() as tx:
            return await tx.leases.acquire(self._name, self._owner, seconds)

    async def release(self) -> None:
        """Give it back."""
        async with self._database.write() as tx:
            await tx.leases.release(self._name, self._owner)


class LostLease(Exception):
    """Another bot took over."""


class Poller:
    """Polls while it holds the account's lease."""

    def __init__(
        self,
        client: TelegramClient,
        receiver: Receiver,
        *,
        lease: AccountLease,
        times: PollingTimes | None = None,
    ) -> None:
        self._client = client
        self._receiver = receiver
        self._lease = lease
        self._times = times or PollingTimes()
        self._offset = 0

    async def run(self) -> None:
        """Poll until cancelled, through every trouble."""
        waiting = False
        while True:
            if not await self._may_poll():
                if not waiting:
                    log.info("another bot polls Telegram; this one waits to take over")
                waiting = True
                await asyncio.sleep(self._times.renew)
                continue
            waiting = refused = False
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._keep_lease())
                    group.create_task(self._poll_forever())
            except* LostLease:
                log.warning("another bot took over polling Telegram")
            except* BadToken:
                log.error(BAD_TOKEN)
                refused = True
            finally:
                await self._give_back()
            if refused:  # another bot may know the new token already
                await asyncio.sleep(self._times.last_retry)

    async def _may_poll(self) -> bool:
        try:
            return await self._lease.acquire(self._times.lease)
        except Exception:
            log.exception("the lease for polling Telegram cannot be had")
            return False

    async def _give_back(self) -> None:
        try:
            await self._lease.release()
        except Exception:
            log.exception("the lease for polling Telegram was not given back")

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(self._times.renew)
            if not await self._may_poll():
                raise LostLease

    async def _poll_forever(self) -> None:
        delay = self._times.first_retry
        self._offset = 0  # what is not confirmed comes again, and is known again by its id
        while True:
            try:
                await self._poll()
                delay = self._times.first_retry
                continue
            except RetryAfter as error:
                delay = error.retry_after
                log.warning("Telegram asks the poller to wait", seconds=delay)
            except SecondPoller as error:
                delay = await self._settle_conflict(error, delay)
            except BadToken:
                raise
            except TimeoutError:
                log.warning("a poll of Telegram died silently and is begun anew")
            except ChannelError as error:
                log.warning("polling Telegram failed", error=str(error), retry=delay)
            except Exception:
                log.exception("updates could not be recorded; Telegram keeps them", retry=delay)
            await asyncio.sleep(delay)
            delay = min(2 * delay, self._times.last_retry)

    async def _poll(self) -> None:
        """One poll: what it brings is recorded before the next one confirms it."""
        times = self._times
        async with asyncio.timeout(times.wait + times.grace):
            batch = await self._client.updates(offset=self._offset, wait=times.wait)
        if batch:
            await self._receiver.receive(batch)
            self._offset = max(int(update["update_id"]) for update in batch) + 1

    async def _settle_conflict(self, error: SecondPoller, delay: float) -> float:
        if WEBHOOK_ACTIVE in str(error):
            log.warning("a webhook is set for this bot; it is removed, since this bot polls")
            try:
                await self._client.delete_webhook()
            except ChannelError as refused:
                log.warning("the webhook could not be removed", error=str(refused))
        else:
            log.error(SECOND_POLLER)
        return delay
