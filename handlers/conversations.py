"""A person's conversations as the web page and the terminal show them."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from chat.conversations import Conversation
from chat.messages import Attachment, Message
from chat.outbound import Outbound
from chat.people import User
from chat.ports import AttachmentStore
from chat.turns import Turn
from handlers.metrics import HandlerMetrics
from storage.broker import Broker
from storage.database import Database


class MessageEntry(Struct, frozen=True, tag="message"):
    """Something somebody said, with the attachments that its parts name."""

    message: Message
    attachments: tuple[Attachment, ...] = ()


class NoticeEntry(Struct, frozen=True, tag="notice"):
    """A sentence of ours (its key, arguments and buttons), or an export to hand over."""

    row: Outbound


class TurnEntry(Struct, frozen=True, tag="turn"):
    """A turn that is not answered yet, or ended without an answer (`reason` is then a text key).

    `place` is the number of turns waiting before it."""

    turn: Turn
    place: int = 0


Entry = MessageEntry | NoticeEntry | TurnEntry


class ConversationBook:
    """Everything takes the user who asks; what is not theirs raises NotFound.

    `channel` and `account` are those of the conversations that `new` opens.
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
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._metrics = metrics
        self._channel = channel
        self._account = account
        self._clock = clock

    async def list(self, user: User, *, limit: int = 200) -> list[Conversation]:
        """The user's conversations on this channel, the latest first."""
        raise NotImplementedError

    async def get(self, user: User, conversation_id: int) -> Conversation:
        """One conversation, on whatever channel. Raises NotFound."""
        raise NotImplementedError

    async def transcript(
        self, user: User, conversation_id: int, *, before: int | None = None, limit: int = 100
    ) -> list[Entry]:
        """What was said, in order; the unanswered turns last. `before` is a message id."""
        raise NotImplementedError

    async def turns(self, user: User, conversation_id: int) -> list[Turn]:
        """The unfinished turns of a conversation, the oldest first."""
        raise NotImplementedError

    async def new(self, user: User) -> Conversation:
        """Open an empty conversation; its key's thread is a new random word."""
        raise NotImplementedError

    async def rename(self, user: User, conversation_id: int, title: str) -> None:
        """Give a conversation a title of at most 120 characters."""
        raise NotImplementedError

    async def delete(self, user: User, conversation_id: int) -> None:
        """Delete a conversation, its pictures that nothing else refers to, and stop its turns."""
        raise NotImplementedError

    async def stop(self, user: User, conversation_id: int) -> bool:
        """Stop what is being answered there; False where nothing was."""
        raise NotImplementedError

    async def retry(self, user: User, conversation_id: int) -> Turn | None:
        """Answer the latest question once more; None where there is none, or it still runs."""
        raise NotImplementedError

    async def picture(self, user: User, attachment_id: int) -> tuple[bytes, str]:
        """The bytes and media type of a picture of one's own. Raises NotFound."""
        raise NotImplementedError

    async def export(self, user: User) -> bytes:
        """A zip of everything the user said and was told, with the pictures."""
        raise NotImplementedError
