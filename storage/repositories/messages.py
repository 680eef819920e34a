"""What was said: rows are only added; edits supersede, erasure leaves tombstones."""

from __future__ import annotations

from collections.abc import Sequence

from chat.messages import Message, Part, Speaker
from storage.repositories.base import Repository


class Messages(Repository):
    """Messages of conversations and of people."""

    async def add(
        self,
        conversation_id: int,
        *,
        speaker: Speaker,
        parts: Sequence[Part],
        turn_id: int | None,
        user_id: int | None = None,
        platform_id: str = "",
        sent_at: float | None = None,
    ) -> Message:
        """Record a message. `sent_at` is the messenger's time for it, epoch seconds."""
        raise NotImplementedError

    async def get(self, message_id: int) -> Message:
        """Raises NotFound, also when erased."""
        raise NotImplementedError

    async def history(
        self, conversation_id: int, *, up_to_turn: int | None = None
    ) -> list[Message]:
        """What a prompt may hold: turn after turn, the person before the assistant.

        Since begin_anew, nothing superseded or erased, of turns up to and with `up_to_turn`, whose
        own messages are always there."""
        raise NotImplementedError

    async def of_turn(self, turn_id: int) -> list[Message]:
        """The turn's own messages that are neither superseded nor erased, in order."""
        raise NotImplementedError

    async def transcript(
        self, conversation_id: int, *, before: int | None = None, limit: int = 100
    ) -> list[Message]:
        """The latest messages for people to read, oldest first; edits in the place of the edited.

        `before` is the id of a message: only what stands before it."""
        raise NotImplementedError

    async def by_platform_id(self, conversation_id: int, platform_id: str) -> Message | None:
        """The message that a messenger knows by this id, in its latest version."""
        raise NotImplementedError

    async def replace(self, old_id: int, parts: Sequence[Part]) -> Message:
        """Say it differently: a new row in the place and turn of the old one. Raises NotFound."""
        raise NotImplementedError

    async def attach_to_turn(self, message_id: int, turn_id: int) -> None:
        """Raises NotFound."""
        raise NotImplementedError

    async def of_user(self, user_id: int) -> list[Message]:
        """All that was said by the user or in the user's conversations, by conversation."""
        raise NotImplementedError

    async def erase_of_user(self, user_id: int) -> list[str]:
        """Make tombstones of all messages of the user and in the user's conversations.

        Returns the SHA-256 of the pictures that nothing refers to any more."""
        raise NotImplementedError
