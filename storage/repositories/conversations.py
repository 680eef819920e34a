"""Chats and their memories."""

from __future__ import annotations

from chat.conversations import Conversation, ConversationKey
from storage.repositories.base import Repository


class Conversations(Repository):
    """Conversations by id and by key.

    `revision` grows when a turn ends and when the past changes (edit, retry, erasure, begin_anew),
    not when a message joins a turn that is still open: so a hot session stays good for the next.
    """

    async def ensure(self, key: ConversationKey, user_id: int) -> Conversation:
        """The conversation with this key, made for this user when new, and marked as used now.

        On PostgreSQL its row is locked for the rest of the transaction, so that two messages of
        one chat are accepted one after the other."""
        raise NotImplementedError

    async def get(self, conversation_id: int) -> Conversation:
        """Raises NotFound, also for deleted ones."""
        raise NotImplementedError

    async def by_key(self, key: ConversationKey) -> Conversation | None:
        """The conversation, unless there is none or it was deleted."""
        raise NotImplementedError

    async def of_user(
        self, user_id: int, *, channel: str | None = None, limit: int = 200
    ) -> list[Conversation]:
        """The user's conversations, latest first."""
        raise NotImplementedError

    async def rename(self, conversation_id: int, title: str) -> None:
        """Raises NotFound."""
        raise NotImplementedError

    async def touch(self, conversation_id: int) -> int:
        """Say that its past has changed; the new revision. Raises NotFound."""
        raise NotImplementedError

    async def begin_anew(self, conversation_id: int) -> None:
        """Leave everything said before now out of prompts. Raises NotFound."""
        raise NotImplementedError

    async def delete(self, conversation_id: int) -> list[str]:
        """Tombstone the messages, drop attachments and outbound rows, cancel the turns.

        Returns the SHA-256 of the pictures that nothing refers to any more. Raises NotFound."""
        raise NotImplementedError

    async def set_reachable(self, conversation_id: int, reachable: bool) -> None:
        """Whether people there can be written to. Raises NotFound."""
        raise NotImplementedError

    async def move(self, channel: str, account: str, old_chat: str, new_chat: str) -> int:
        """Give the conversations of a chat the chat's new id; how many have moved."""
        raise NotImplementedError
