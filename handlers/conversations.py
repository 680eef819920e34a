"""A person's conversations as the web page and the terminal show them."""

from __future__ import annotations

import secrets
import time
from builtins import list as List  # a method below is called list, too
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from msgspec import Struct, structs

from chat.conversations import Conversation, ConversationKey
from chat.messages import Attachment, AttachmentPart, Message, Speaker
from chat.outbound import Outbound
from chat.people import User
from chat.ports import AttachmentStore
from chat.turns import Turn
from handlers import turns
from handlers.cleaning import clean_name
from handlers.effects import Effects
from handlers.erasure import delete_conversation
from handlers.errors import NotFound
from handlers.export import Exporter
from handlers.metrics import HandlerMetrics
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.repositories import Kept, Rating

MAX_TITLE = 120


class MessageEntry(Struct, frozen=True, tag="message"):
    """Something somebody said, with the attachments that its parts name; `rating` is what the
    reader thinks of it, None where there is nothing to press."""

    message: Message
    attachments: tuple[Attachment, ...] = ()
    rating: Rating | None = None


class NoticeEntry(Struct, frozen=True, tag="notice"):
    """A sentence of ours (its key, arguments and buttons), or an export to hand over."""

    row: Outbound


class TurnEntry(Struct, frozen=True, tag="turn"):
    """A turn that is not answered yet, or ended without an answer (`reason` is then a text key)."""

    turn: Turn


Entry = MessageEntry | NoticeEntry | TurnEntry


class ConversationBook:
    """Everything takes the user who asks; what is not theirs raises NotFound.

    `channel` and `account` are those of the conversations that `new` opens; `feedback` says that
    answers can be rated by buttons.
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        metrics: HandlerMetrics,
        channel: str = "web",
        account: str = "local",
        feedback: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._metrics = metrics
        self._channel = channel
        self._account = account
        self._feedback = feedback
        self._exporter = Exporter(database, store, clock=clock)

    async def list(self, user: User, *, limit: int = 200) -> List[Conversation]:
        """The user's conversations on this channel, the latest first."""
        async with self._database.read() as tx:
            return await tx.conversations.of_user(user.id, channel=self._channel, limit=limit)

    async def get(self, user: User, conversation_id: int) -> Conversation:
        """One conversation, on whatever channel. Raises NotFound."""
        async with self._database.read() as tx:
            return await _own(tx, user, conversation_id)

    async def transcript(
        self, user: User, conversation_id: int, *, before: int | None = None, limit: int = 100
    ) -> List[Entry]:
        """What was said, in order; the unanswered turns last. `before` is a message id."""
        async with self._database.read() as tx:
            await _own(tx, user, conversation_id)
            until = None
            if before is not None:
                first = await tx.messages.get(before)
                if first.conversation_id != conversation_id:
                    raise NotFound("not in this conversation", key="not-found")
                until = first.created_at
            found = await tx.messages.transcript(conversation_id, before=before, limit=limit + 1)
            if before is not None and not found:
                return []
            messages = found[-limit:]
            said = await _with_attachments(tx, messages)
            entries: List[Entry] = [*(await self._rated(tx, user, said))]
            notices = await tx.outbound.notices(conversation_id)
            latest = await _latest_turns(tx, conversation_id) if before is None else []
        since = messages[0].created_at if len(found) > limit else 0.0
        entries += [
            NoticeEntry(row)
            for row in notices
            if since <= row.created_at and (until is None or row.created_at < until)
        ]
        return [*sorted(entries, key=_when), *latest]

    async def turns(self, user: User, conversation_id: int) -> List[Turn]:
        """The unfinished turns of a conversation, the oldest first."""
        async with self._database.read() as tx:
            await _own(tx, user, conversation_id)
            return await tx.turns.unfinished(conversation_id)

    async def new(self, user: User) -> Conversation:
        """Open an empty conversation; its key's thread is a new random word."""
        thread = secrets.token_urlsafe(12)
        key = ConversationKey(self._channel, self._account, str(user.id), thread)
        async with self._database.write() as tx:
            return await tx.conversations.ensure(key, user.id)

    async def rename(self, user: User, conversation_id: int, title: str) -> None:
        """Give a conversation a title of at most 120 characters."""
        title = clean_name(title, longest=MAX_TITLE)
        async with self._changing(user, conversation_id) as (tx, conversation, _effects):
            await tx.conversations.rename(conversation.id, title)

    async def delete(self, user: User, conversation_id: int) -> Kept:
        """Delete a conversation, its pictures that nothing else refers to, and stop its turns; what
        of it has to stay for now."""
        async with self._changing(user, conversation_id) as (tx, conversation, effects):
            return await delete_conversation(tx, conversation, effects)

    async def stop(self, user: User, conversation_id: int) -> bool:
        """Stop what is being answered there; False where nothing was."""
        async with self._changing(user, conversation_id) as (tx, conversation, effects):
            stopped = await turns.stop_all(tx, conversation, effects)
        return stopped > 0

    async def picture(self, user: User, attachment_id: int) -> tuple[bytes, str]:
        """The bytes and media type of a picture of one's own. Raises NotFound."""
        async with self._database.read() as tx:
            attachment = await tx.attachments.get(attachment_id)
            await _own(tx, user, attachment.conversation_id)
        if attachment.picture is None:
            raise NotFound("no picture yet", key="not-found")
        content = await self._store.get(attachment.picture.sha256)
        return content, attachment.picture.media_type

    async def export(self, user: User) -> bytes:
        """A zip of everything the user said and was told, with the pictures."""
        return await self._exporter.build(user.id)

    async def _rated(
        self, tx: Transaction, user: User, entries: List[MessageEntry]
    ) -> List[MessageEntry]:
        if not self._feedback:
            return entries
        turn_ids = {
            entry.message.turn_id
            for entry in entries
            if entry.message.speaker is Speaker.ASSISTANT and entry.message.turn_id is not None
        }
        ratings = await tx.feedback.of_answers(user.id, turn_ids)
        return [structs.replace(each, rating=ratings.get(each.message.id)) for each in entries]

    @asynccontextmanager
    async def _changing(
        self, user: User, conversation_id: int
    ) -> AsyncIterator[tuple[Transaction, Conversation, Effects]]:
        """A transaction on a conversation of the user's, and what follows once it is committed."""
        effects = Effects()
        async with self._database.write() as tx:
            conversation = await _own(tx, user, conversation_id)
            yield tx, conversation, effects
        effects.count(self._metrics)
        await effects.announce(self._broker)
        await effects.remove_files(self._database, self._store)


async def _own(tx: Transaction, user: User, conversation_id: int) -> Conversation:
    conversation = await tx.conversations.get(conversation_id)
    if conversation.user_id != user.id:
        raise NotFound("not theirs", key="not-found")
    return conversation


async def _with_attachments(tx: Transaction, messages: List[Message]) -> List[MessageEntry]:
    """Each message with its attachments, of whatever state."""
    ids = {message.id: _attachment_ids(message) for message in messages}
    wanted = {attachment_id for some in ids.values() for attachment_id in some}
    found = await tx.attachments.get_many(wanted) if wanted else {}
    return [
        MessageEntry(message, tuple(found[one] for one in ids[message.id] if one in found))
        for message in messages
    ]


def _attachment_ids(message: Message) -> List[int]:
    return [part.attachment_id for part in message.parts if isinstance(part, AttachmentPart)]


async def _latest_turns(tx: Transaction, conversation_id: int) -> List[TurnEntry]:
    """The turns that are not answered yet, or the last one if it ended without an answer."""
    unfinished = await tx.turns.unfinished(conversation_id)
    if unfinished:
        return [TurnEntry(turn) for turn in unfinished]
    turn = await tx.turns.latest(conversation_id)
    if turn is None or not turn.reason:
        return []
    return [TurnEntry(turn)]


def _when(entry: Entry) -> float:
    match entry:
        case MessageEntry(message=message):
            return message.created_at
        case NoticeEntry(row=row):
            return row.created_at
        case TurnEntry(turn=turn):
            return turn.created_at
