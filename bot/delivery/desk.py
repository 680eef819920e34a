"""Keeps the chat for moderators: cards of flags, reminders, and a summary of each day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct, structs

from bot.delivery.pacing import PacedChannel
from bot.delivery.speaking import spoken
from chat.conversations import ConversationKey
from chat.errors import (
    AssistantError,
    ChannelError,
    ChatMoved,
    MaybeSent,
    Rejected,
    Unreachable,
    Vanished,
)
from chat.moderation import Priority
from chat.outbound import OutboundMessage
from handlers.moderation.cards import CardWriter, Face
from handlers.moderation.desk import move
from handlers.settings import StaffSettings
from handlers.texts import Texts
from storage.database import Database
from storage.repositories import Card, CardKind, CardState, Flag, ModeratorsChat

log = structlog.get_logger()

LEASE_NAME = "moderators-chat"
LEASE, RENEW_EVERY = 15.0, 4.0
EVERY = 1.0
AT_ONCE = 3  # calls between two looks at what is most urgent
TRY_AGAIN = 60.0  # after the messenger said that the chat cannot be written to


class DeskPlace(Struct, frozen=True):
    """Which chat, and when its day begins: `language` is what it is written in."""

    channel: str
    account: str
    chat: str
    language: str
    timezone: str


class ModeratorsDesk:
    """The one bot that holds the lease keeps the chat. What is to be said there is found in SQL
    each time: nothing is lost by a restart, nor while the chat cannot be written to. A bot that
    dies between a send and its record says one card twice.
    """

    def __init__(
        self,
        place: DeskPlace,
        *,
        channels: Mapping[tuple[str, str], PacedChannel],
        settings: StaffSettings,
        database: Database,
        texts: Texts,
        owner: str,
        address: Callable[[int], str],
        every: float = EVERY,
        try_again: float = TRY_AGAIN,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`address` as in CardWriter; `every` and `try_again` in seconds."""
        self._place = place
        self._channel = channels.get((place.channel, place.account))
        self._settings = settings
        self._database = database
        self._texts = texts
        self._owner = owner
        self._every = every
        self._clock = clock
        self._try_again = try_again
        self._not_before = 0.0
        self._renewed = -RENEW_EVERY
        self._writer = CardWriter(
            texts,
            place.language,
            address=address,
            excerpt=settings.moderators_excerpt,
            clock=clock,
        )

    async def run(self) -> None:
        """Go on until cancelled."""
        try:
            while True:
                await self._step_if_mine()
                await asyncio.sleep(self._every)
        finally:
            with suppress(AssistantError):
                async with self._database.write() as tx:
                    await tx.leases.release(LEASE_NAME, self._owner)

    async def _step_if_mine(self) -> None:
        try:
            if await self._mine():
                async with self._holding():
                    await self.step()
        except AssistantError as error:
            log.warning("chat for moderators not kept", error=str(error))
        except Exception:
            log.exception("chat for moderators not kept")

    async def step(self) -> None:
        """Find out what has to be said, and say it."""
        chat = await self._find()
        if self._channel is None or self._clock() < self._not_before:
            return
        async with self._database.read() as tx:
            cards = await tx.desk.unsettled()
        # Somebody has pressed a button and looks at it: what stands there goes first.
        cards.sort(key=lambda each: each[0].state is not CardState.SENT)
        calls = 0
        for card, flag in cards:
            calls += await self._keep(card, flag, chat)
            if calls >= AT_ONCE or self._clock() < self._not_before:
                return

    async def _find(self) -> ModeratorsChat:
        """Note in SQL what there is to say, so that it is said however long that takes."""
        place, settings = self._place, self._settings
        key, remind = (place.channel, place.account, place.chat), settings.moderators_remind
        async with self._database.read() as tx:
            chat = await tx.desk.get(*key)
            if chat is not None:
                fresh = await tx.desk.without_card(chat, Priority[settings.moderators_from.name])
                aged = await tx.desk.aged(60 * remind) if remind else []
        if chat is None:
            async with self._database.write() as tx:
                return await tx.desk.open(*key)
        if fresh or aged or self._is_time(chat):
            async with self._database.write() as tx:
                for flag_id in fresh:
                    await tx.desk.add(CardKind.FLAG, flag_id)
                for flag_id in aged:
                    await tx.desk.add(CardKind.REMINDER, flag_id)
                if self._is_time(chat):
                    await tx.desk.sum_up(chat)
        return chat

    def _is_time(self, chat: ModeratorsChat) -> bool:
        """Whether the hour of the summary has struck since the last one."""
        hour = self._settings.moderators_digest
        if hour < 0:
            return False
        zone = ZoneInfo(self._place.timezone)
        last = datetime.fromtimestamp(chat.digest_at, zone)
        due = last.replace(hour=hour, minute=0, second=0, microsecond=0)
        if due <= last:
            due += timedelta(days=1)
        return datetime.fromtimestamp(self._clock(), zone) >= due

    async def _keep(self, card: Card, flag: Flag | None, chat: ModeratorsChat) -> bool:
        """Let one card show what it should; whether the messenger was asked for anything."""
        async with self._database.read() as tx:
            face = await self._writer.write(tx, card, flag, chat)
        if face is None:
            return False
        stands = card.state is CardState.SENT and card.chat == chat.now_at
        try:
            if stands:
                await self._edit(card, face, chat)
            elif face.idle:
                await self._record(card, CardState.FAILED, face, chat, "")
            elif card.state is not CardState.UNCONFIRMED or card.chat != chat.now_at:
                await self._send(card, face, chat)
            else:
                await self._record(card, card.state, face, chat, "")
        except ChatMoved as error:
            await self._move(chat, error.new_chat)
        except Unreachable as error:
            await self._trouble(chat, str(error))
        except ChannelError as error:
            log.warning("card not shown", card=card.id, error=str(error))
        return True

    async def _send(self, card: Card, face: Face, chat: ModeratorsChat) -> None:
        assert self._channel is not None
        key = self._key(chat)
        message = self._message(face, reply_to=await self._reply_to(card, chat))
        try:
            try:
                platform_id = await self._channel.send(key, message)
            except Rejected:  # an address that the messenger does not take, say
                plain = tuple(button for button in message.buttons if not button.url)
                platform_id = await self._channel.send(key, structs.replace(message, buttons=plain))
        except MaybeSent:
            await self._record(card, CardState.UNCONFIRMED, face, chat, "")
        except Rejected as error:
            log.error("card refused", card=card.id, error=str(error))
            await self._record(card, CardState.FAILED, face, chat, "")
            await self._trouble(chat, str(error), wait=False)
        else:
            await self._record(card, CardState.SENT, face, chat, platform_id)
            if chat.error:
                async with self._database.write() as tx:
                    await tx.desk.set_error(chat, "")

    async def _edit(self, card: Card, face: Face, chat: ModeratorsChat) -> None:
        assert self._channel is not None
        key, message = self._key(chat), self._message(face)
        try:
            try:
                await self._channel.edit(key, card.platform_id, message)
            except Vanished:
                raise
            except Rejected:
                plain = tuple(button for button in message.buttons if not button.url)
                message = structs.replace(message, buttons=plain)
                await self._channel.edit(key, card.platform_id, message)
        except Rejected as error:  # somebody took the card away
            log.info("card not edited", card=card.id, error=str(error))
            face = structs.replace(face, settled=True)
        await self._record(card, CardState.SENT, face, chat, card.platform_id)

    async def _reply_to(self, card: Card, chat: ModeratorsChat) -> str:
        """A reminder answers the card that it reminds of."""
        if card.kind is not CardKind.REMINDER or card.flag_id is None:
            return ""
        async with self._database.read() as tx:
            first = await tx.desk.of_flag(card.flag_id)
        return first.platform_id if first and first.chat == chat.now_at else ""

    async def _record(
        self, card: Card, state: CardState, face: Face, chat: ModeratorsChat, platform_id: str
    ) -> None:
        refused = state is CardState.FAILED
        async with self._database.write() as tx:
            await tx.desk.shown(
                card,
                state=state,
                chat=chat.now_at,
                platform_id=platform_id,
                said=face.said,
                settled=face.settled or refused,
            )

    async def _move(self, chat: ModeratorsChat, new_chat: str) -> None:
        """The group has a new id, under which nothing stands yet: its cards are shown again."""
        log.warning("chat for moderators has moved", chat=new_chat)
        async with self._database.write() as tx:
            await move(tx, await tx.desk.open(chat.channel, chat.account, chat.chat), new_chat)
        self._not_before = self._clock() + self._every  # look anew, under the new id

    async def _trouble(self, chat: ModeratorsChat, error: str, *, wait: bool = True) -> None:
        log.error("chat for moderators cannot be written to", error=error)
        if wait:
            self._not_before = self._clock() + self._try_again
        async with self._database.write() as tx:
            await tx.desk.set_error(chat, error)

    def _message(self, face: Face, *, reply_to: str = "") -> OutboundMessage:
        assert self._channel is not None
        can = self._channel.capabilities
        buttons = spoken(face.buttons, self._place.language, texts=self._texts, can=can)
        return OutboundMessage(face.text, buttons=buttons, reply_to=reply_to)

    def _key(self, chat: ModeratorsChat) -> ConversationKey:
        return ConversationKey(chat.channel, chat.account, chat.now_at)

    async def _mine(self) -> bool:
        """Whether this bot keeps the chat; asked of SQL only when the lease has to be renewed."""
        if time.monotonic() < self._renewed + RENEW_EVERY:
            return True
        return await self._acquire()

    async def _acquire(self) -> bool:
        async with self._database.write() as tx:
            mine = await tx.leases.acquire(LEASE_NAME, self._owner, LEASE)
        self._renewed = time.monotonic() if mine else -RENEW_EVERY
        return mine

    @asynccontextmanager
    async def _holding(self) -> AsyncIterator[None]:
        """Renew the lease meanwhile, since a call may have to wait for long."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await self._acquire()
            except AssistantError as error:
                log.warning("lease of the chat for moderators not renewed", error=str(error))
