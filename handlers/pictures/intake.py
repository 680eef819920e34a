"""The way of a picture from a messenger or a browser into the attachment store."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping

import structlog

from chat.errors import AssistantError, AttachmentError, MaybeSent, NotSent, RetryAfter
from chat.failpoints import Failpoint, reached
from chat.messages import AttachmentPart, AttachmentState, StoredPicture
from chat.outbound import Notice
from chat.ports import AttachmentStore, Channel
from chat.turns import Turn, TurnState
from handlers.effects import Effects
from handlers.metrics import HandlerMetrics
from handlers.pictures.decoder import PictureDecoder
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.repositories import PendingAttachment

log = structlog.get_logger()

GONE = "refused-picture-gone"
# What may be better at the next try: the messenger, the network, our own store.
AGAIN = (NotSent, MaybeSent, StorageError, OSError, TimeoutError)
BATCH = 8
FETCH_SECONDS = 45.0
# Renewed while pictures are fetched, so that those of a bot that died are soon another's.
LEASE_SECONDS = 15.0
RENEW_EVERY = 5.0
# With growing pauses, about six minutes: messengers are away for as long as that at times.
MAX_TRIES = 15


class PictureIntake:
    """Fetches, decodes and stores pictures; `owner` names this process in leases."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        decoder: PictureDecoder,
        metrics: HandlerMetrics,
        owner: str = "",
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._decoder = decoder
        self._metrics = metrics
        self._owner = owner or uuid.uuid4().hex

    @property
    def max_bytes(self) -> int:
        """The largest file that is read at all, in bytes."""
        return self._decoder.limits.max_bytes

    async def store(self, content: bytes) -> StoredPicture:
        """Decode a picture, strip and store it. Raises AttachmentError."""
        picture = await self._decoder.decode(content)
        return StoredPicture(
            sha256=await self._store.put(picture.content),
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            size=len(picture.content),
        )

    async def fetch_pending(self, channels: Mapping[tuple[str, str], Channel]) -> int:
        """One round over the attachments that wait to be fetched; how many were settled.

        `channels` are the open ones by (name, account). Each picture is stored or refused in words,
        and the turns that waited for it go on."""
        async with self._database.write() as tx:
            pending = await tx.attachments.pending(
                BATCH, lease_owner=self._owner, lease_seconds=LEASE_SECONDS
            )
        if not pending:
            return 0
        reached(Failpoint.PICTURES_TAKEN)
        keeping = asyncio.create_task(self._keep([one.attachment.id for one in pending]))
        try:
            async with asyncio.TaskGroup() as tasks:
                rounds = [
                    tasks.create_task(
                        self._settle(one, channels.get((one.key.channel, one.key.account)))
                    )
                    for one in pending
                ]
        finally:
            keeping.cancel()
        return sum(task.result() for task in rounds)

    async def take_up(self) -> None:
        """Begin anew with what a former life of this process was fetching when it died."""
        async with self._database.write() as tx:
            await tx.attachments.release_all(self._owner)

    async def _keep(self, attachment_ids: list[int]) -> None:
        """Keep the leases until cancelled."""
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                async with self._database.write() as tx:
                    await tx.attachments.renew(
                        attachment_ids, lease_owner=self._owner, lease_seconds=LEASE_SECONDS
                    )
            except StorageError as error:
                log.warning("picture leases not renewed", error=str(error))

    async def _settle(self, pending: PendingAttachment, channel: Channel | None) -> bool:
        """Fetch one picture; False where that is to be tried again."""
        try:
            return await self._fetch_and_record(pending, channel)
        except StorageError as error:  # its lease will lapse
            log.warning("picture not recorded", attachment=pending.attachment.id, error=str(error))
            return False

    async def _fetch_and_record(self, pending: PendingAttachment, channel: Channel | None) -> bool:
        attachment_id, tries = pending.attachment.id, pending.tries
        outcome: StoredPicture | str
        try:
            outcome = await self._fetch(pending, channel)
        except AttachmentError as error:
            outcome = error.key or GONE
        except (AssistantError, OSError, TimeoutError) as error:
            again = isinstance(error, AGAIN)
            log.warning("picture not fetched", attachment=attachment_id, error=repr(error))
            if again and tries < MAX_TRIES:
                await self._release(attachment_id, _pause(error, tries))
                return False
            outcome = GONE
        await self._record(pending, outcome)
        return True

    async def _fetch(self, pending: PendingAttachment, channel: Channel | None) -> StoredPicture:
        source = pending.attachment.source
        if not source:
            raise AttachmentError(key=GONE)
        if channel is None:
            raise NotSent("the channel is not open here")
        async with asyncio.timeout(FETCH_SECONDS):
            content = await channel.fetch(source, max_bytes=self.max_bytes)
        reached(Failpoint.PICTURE_FETCHED)
        picture = await self.store(content)
        reached(Failpoint.PICTURE_STORED)
        return picture

    async def _release(self, attachment_id: int, pause: float) -> None:
        async with self._database.write() as tx:
            await tx.attachments.release(attachment_id, after=pause)

    async def _record(self, pending: PendingAttachment, outcome: StoredPicture | str) -> None:
        """Write down what became of a picture, and let the turns that waited for it go on."""
        effects = Effects()
        attachment_id = pending.attachment.id
        async with self._database.write() as tx:
            turns = await tx.attachments.turns_of(attachment_id)
            if isinstance(outcome, StoredPicture):
                changed = await tx.attachments.ready(attachment_id, outcome)
                if not changed and not await tx.attachments.referenced(outcome.sha256):
                    effects.files.add(outcome.sha256)  # it was deleted in the meantime
            elif changed := await tx.attachments.refuse(attachment_id, outcome):
                await self._tell(tx, pending, outcome, turns, effects)
            if changed:
                for turn_id in turns:
                    await tx.turns.settle(turn_id)
                    if (await tx.turns.get(turn_id)).state is TurnState.QUEUED:
                        effects.hints.add(pending.attachment.conversation_id)
        reached(Failpoint.PICTURE_RECORDED)
        effects.count(self._metrics)
        await effects.announce(self._broker)
        await effects.remove_files(self._database, self._store)

    async def _tell(
        self,
        tx: Transaction,
        pending: PendingAttachment,
        problem: str,
        turns: list[int],
        effects: Effects,
    ) -> None:
        """Say why a picture is not used: as the end of a turn that nothing else is left of,
        otherwise in a sentence of its own."""
        conversation_id = pending.attachment.conversation_id
        refused = False
        for turn_id in turns:
            turn = await tx.turns.get(turn_id)
            if await _nothing_left(tx, turn) and await tx.turns.refuse(turn_id, problem):
                effects.end(turn_id, pending.key.channel, TurnState.REFUSED)
                refused = True
        if not refused:
            await tx.outbound.add_notice(conversation_id, Notice(problem))
            effects.spoken.add(conversation_id)


async def _nothing_left(tx: Transaction, turn: Turn) -> bool:
    """Whether the turn asks for nothing: no words, and no picture that is usable or on its way."""
    messages = await tx.messages.of_turn(turn.id)
    if any(message.text.strip() for message in messages):
        return False
    ids = [
        part.attachment_id
        for message in messages
        for part in message.parts
        if isinstance(part, AttachmentPart)
    ]
    found = await tx.attachments.get_many(ids)
    return all(row.state is AttachmentState.REFUSED for row in found.values())


def _pause(error: Exception, tries: int) -> float:
    """Seconds until the next try: as long as the messenger asks, else longer each time."""
    if isinstance(error, RetryAfter):
        return error.retry_after
    return float(min(2**tries, 30))
