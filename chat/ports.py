"""The ports between the houses: what a channel, an intake and an attachment store can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from chat.conversations import ConversationKey
from chat.inbound import InboundMessage
from chat.outbound import OutboundMessage


class Capabilities(Struct, frozen=True):
    """What a messenger can do.

    `pulls`: people's clients fetch answers themselves (web, terminal), nobody delivers to them.
    `max_text` counts UTF-16 units. `edit_interval` is the shortest time in seconds between two
    edits in a chat, `burst` and `chat_rate` the calls a chat takes at once and per second,
    `account_rate` those that our whole account may make per second; `group_rate` is `chat_rate` of
    groups, whose ids begin with `group_sign` where it is not empty.
    """

    pulls: bool = False
    edit: bool = False
    typing: bool = False
    buttons: bool = False
    documents: bool = False
    threads: bool = False
    deletions: bool = False
    max_text: int = 4096
    edit_interval: float = 1.0
    burst: int = 5
    chat_rate: float = 1.0
    account_rate: float = 30.0
    group_rate: float = 1.0
    group_sign: str = ""

    def rate_of(self, chat: str) -> float:
        """Calls per second that this chat takes."""
        group = self.group_sign and chat.startswith(self.group_sign)
        return self.group_rate if group else self.chat_rate


class Intake(Protocol):
    """Where channels hand over what they receive."""

    async def accept(self, batch: Sequence[InboundMessage]) -> None:
        """Record a batch. When it returns, all of it may be confirmed to the messenger; when it
        raises, it is to be handed over again: what was recorded by then is known by its id."""
        ...


class Channel(Protocol):
    """A messenger we are connected to, and the adapter that speaks it."""

    @property
    def name(self) -> str:
        """The first word of its conversation keys."""
        ...

    @property
    def account(self) -> str:
        """Our own account there; known once the channel is open."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def run(self, intake: Intake) -> None:
        """Receive until cancelled, each update recorded by the intake before it is confirmed."""
        ...

    def split(self, text: str) -> list[str]:
        """Break Markdown into the parts that it will be sent as, at paragraphs, code fences whole.

        The parts of a growing text stay as they are but for the last one."""
        ...

    async def send(self, key: ConversationKey, message: OutboundMessage) -> str:
        """Send, and return the platform's id of the message.

        Raises NotSent, RetryAfter, MaybeSent, Unreachable, Rejected or ChatMoved."""
        ...

    async def edit(self, key: ConversationKey, platform_id: str, message: OutboundMessage) -> None:
        """Make a sent message say something else; the same text again is no error.

        Raises as `send` does, and Vanished; after MaybeSent it may simply be repeated."""
        ...

    async def delete(self, key: ConversationKey, platform_id: str) -> None:
        """Take a message of ours back; one that is gone already is no error."""
        ...

    async def typing(self, key: ConversationKey) -> None:
        """Show for a few seconds that an answer is being written."""
        ...

    async def fetch(self, source: str, *, max_bytes: int) -> bytes:
        """The bytes behind a platform's file reference.

        Raises AttachmentError where it is too large or gone, NotSent where a repeat may help."""
        ...

    async def leave(self, key: ConversationKey) -> None:
        """Leave a group."""
        ...


class AttachmentStore(Protocol):
    """Bytes outside SQL, named by their SHA-256."""

    async def put(self, content: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex. Storing twice is harmless."""
        ...

    async def get(self, sha256: str) -> bytes:
        """The bytes. Raises AttachmentMissing."""
        ...

    async def delete(self, sha256: str) -> None:
        """Remove the bytes; nothing happens where there are none."""
        ...
