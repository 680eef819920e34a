"""Sending what was decided besides answers: sentences of ours, exports, farewells to groups."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot.delivery.pacing import NoRoom, PacedChannel
from bot.delivery.speaking import spoken
from chat.errors import ChannelError, MaybeSent, Unreachable
from chat.failpoints import Failpoint, reached
from chat.outbound import Outbound, OutboundJob, OutboundKind, OutboundMessage, OutboundState
from chat.ports import AttachmentStore
from chat.turns import TurnState
from handlers.export import build_export
from handlers.texts import Texts
from storage.budgets import Limit
from storage.database import Database, Transaction

log = structlog.get_logger()

LEASE = 60.0
# Said of a turn that waits: below its answer or its placeholder they would be out of place.
BROADCAST_RATE = 20.0  # people per second, of the thirty messages that Telegram takes
OF_WAITING = frozenset({"endpoint-down"})


class TakenOver(Exception):
    """Another bot has taken the row, because our lease on it lapsed."""


class Overtaken(Exception):
    """What the row speaks of is not so any more."""


class NoticeSender:
    """Sends outbound rows other than answers, in order within each conversation, each at most once
    where a messenger leaves us in doubt."""

    def __init__(
        self,
        channels: Mapping[tuple[str, str], PacedChannel],
        *,
        database: Database,
        texts: Texts,
        store: AttachmentStore,
        owner: str,
        broadcast_rate: float = BROADCAST_RATE,
    ) -> None:
        self._channels = channels
        self._database = database
        self._texts = texts
        self._store = store
        self._owner = owner
        self._broadcast_rate = broadcast_rate
        self._under_way: set[int] = set()

    async def take(self, limit: int) -> list[OutboundJob]:
        """The oldest waiting notice of each conversation, for this bot to send."""
        async with self._database.write() as tx:
            return await tx.outbound.take(
                self._owner, lease_seconds=LEASE, channels=list(self._channels), limit=limit
            )

    async def send(self, job: OutboundJob) -> None:
        """Send one row. What an earlier owner died over is in doubt, and not repeated.

        One that waits here for longer than its lease is taken again, which renews the lease."""
        if job.row.id in self._under_way:
            return
        self._under_way.add(job.row.id)
        try:
            await self._send(job)
        finally:
            self._under_way.discard(job.row.id)

    async def _send(self, job: OutboundJob) -> None:
        row, channel = job.row, self._channels[job.key.channel, job.key.account]
        if row.state is OutboundState.SENDING:
            log.warning("notice-unconfirmed", outbound=row.id)
            await self._set(row.id, OutboundState.UNCONFIRMED)
            return
        try:
            message = await self._message(job, channel)
            platform_id = await channel.send(
                job.key,
                message,
                before=lambda: self._begin(row),
                unsent=lambda: self._unsent(row.id),
                spare=self._spare(job),
            )
            reached(Failpoint.NOTICE_SENT)
            await self._database.write_together(lambda tx: tx.outbound.sent(row.id, platform_id))
            reached(Failpoint.NOTICE_RECORDED)
            if row.kind is OutboundKind.LEAVE:
                await channel.leave(job.key)
        except NoRoom:
            async with self._database.write() as tx:
                await tx.outbound.give_back(row.id, self._owner)
        except TakenOver:
            log.warning("notice-taken-over", outbound=row.id)
        except Overtaken:
            log.info("notice-overtaken", outbound=row.id)
            await self._set(row.id, OutboundState.FAILED, "overtaken")
        except MaybeSent:
            log.warning("notice-unconfirmed", outbound=row.id)
            await self._set(row.id, OutboundState.UNCONFIRMED)
        except Unreachable:
            async with self._database.write() as tx:
                await tx.conversations.set_reachable(row.conversation_id, False)
                await tx.outbound.set_state(row.id, OutboundState.FAILED)
        except ChannelError as error:
            log.error("notice-not-sent", outbound=row.id, error=str(error))
            await self._set(row.id, OutboundState.FAILED, str(error))

    def _spare(self, job: OutboundJob) -> Limit | None:
        """What is said to everybody goes below its own rate, and lets all else go first."""
        if job.row.kind is not OutboundKind.BROADCAST:
            return None
        name = f"broadcast:{job.key.channel}:{job.key.account}"
        return Limit(name, self._broadcast_rate, 1)

    async def _begin(self, row: Outbound) -> None:
        """Record that the call is being made, if the row is still ours, and true, after waiting."""
        async with self._database.write() as tx:
            if await _overtaken(tx, row):
                raise Overtaken
            if not await tx.outbound.begin(row.id, self._owner):
                raise TakenOver
        reached(Failpoint.NOTICE_BEGUN)

    async def _unsent(self, outbound_id: int) -> None:
        """Record that it certainly was not sent: ours to send still, and in no doubt."""
        async with self._database.write() as tx:
            await tx.outbound.unsent(outbound_id, self._owner)

    async def _message(self, job: OutboundJob, channel: PacedChannel) -> OutboundMessage:
        row, language = job.row, job.language
        message = OutboundMessage(
            text=self._texts.say(row.notice, language) if row.notice else row.text,
            buttons=spoken(row.buttons, language, texts=self._texts, can=channel.capabilities),
            reply_to=row.reply_to,
        )
        if row.kind is not OutboundKind.EXPORT:
            return message
        return OutboundMessage(
            text=message.text,
            document=await build_export(self._database, self._store, job.user_id),
            document_name="whimbrel-export.zip",
        )

    async def _set(self, outbound_id: int, state: OutboundState, error: str = "") -> None:
        async with self._database.write() as tx:
            await tx.outbound.set_state(outbound_id, state, error=error)


async def _overtaken(tx: Transaction, row: Outbound) -> bool:
    if row.notice is None or row.notice.key not in OF_WAITING or row.turn_id is None:
        return False
    if (await tx.turns.get(row.turn_id)).state is not TurnState.QUEUED:
        return True
    return bool(await tx.outbound.parts(row.turn_id))  # a placeholder, which says it itself
