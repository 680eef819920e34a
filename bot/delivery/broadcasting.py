"""Gives what is said to everybody to delivery, a few people at a time, and shows how far it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

import structlog

from bot.delivery.pacing import PacedChannel
from bot.delivery.speaking import spoken
from chat.errors import AssistantError, ChannelError
from chat.outbound import Outbound, OutboundMessage, OutboundState
from handlers.broadcasts import feed, reword_progress
from handlers.effects import Effects
from handlers.texts import Texts
from storage.broker import Broker
from storage.database import Database
from storage.repositories import Audience, Broadcast, BroadcastState

log = structlog.get_logger()

LEASE_NAME = "broadcast"
LEASE = 10.0
EVERY = 1.0
SHOW_EVERY = 3.0  # how often the message that shows how far it is may change
LAST_WORDS = 20.0  # seconds for the last change of that message


class Broadcaster:
    """The one bot that holds the lease moves the broadcast that runs on; where it dies another goes
    on where SQL says. All times in seconds; `rate` is people per second."""

    def __init__(
        self,
        channels: Mapping[tuple[str, str], PacedChannel],
        *,
        audience: Audience,
        database: Database,
        broker: Broker,
        texts: Texts,
        owner: str,
        rate: float,
        every: float = EVERY,
    ) -> None:
        self._channels = channels
        self._audience = audience
        self._database = database
        self._broker = broker
        self._texts = texts
        self._owner = owner
        self._at_once = max(1, round(rate * every))
        self._every = every
        self._showed = 0.0

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.step()
            except AssistantError as error:
                log.warning("broadcast not moved on", error=str(error))
            await asyncio.sleep(self._every)

    async def step(self) -> None:
        """Let some more people have their turn, if there is anything to be said."""
        async with self._database.read() as tx:
            if await tx.broadcasts.running() is None:
                return
        effects = Effects()
        async with self._database.write() as tx:
            if not await tx.leases.acquire(LEASE_NAME, self._owner, LEASE):
                return
            most = self._at_once
            broadcast = await feed(tx, self._audience, effects, most=most, waiting=2 * most)
        await effects.announce(self._broker)
        if broadcast is not None:
            await self._show(broadcast)

    async def _show(self, broadcast: Broadcast) -> None:
        over = broadcast.state is not BroadcastState.RUNNING
        if not over and time.monotonic() < self._showed + SHOW_EVERY:
            return
        self._showed = time.monotonic()
        async with self._database.write() as tx:
            row = await reword_progress(tx, broadcast)
        if row is not None and row.state is OutboundState.SENT and row.platform_id:
            await self._edit(row, over=over)

    async def _edit(self, row: Outbound, *, over: bool) -> None:
        async with self._database.read() as tx:
            conversation = await tx.conversations.get(row.conversation_id)
            user = await tx.users.get(conversation.user_id)
        key = conversation.key
        channel = self._channels.get((key.channel, key.account))
        if channel is None or row.notice is None:
            return
        can = channel.capabilities
        message = OutboundMessage(
            self._texts.say(row.notice, user.language),
            buttons=spoken(row.buttons, user.language, texts=self._texts, can=can),
        )
        try:
            if over:
                async with asyncio.timeout(LAST_WORDS):
                    await channel.edit(key, row.platform_id, message)
            else:
                await channel.try_edit(key, row.platform_id, message)
        except (ChannelError, TimeoutError) as error:  # they are told the end by a message as well
            log.info("progress not shown", error=str(error))
