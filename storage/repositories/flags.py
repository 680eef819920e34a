"""What a reviewer should see."""

from __future__ import annotations

from msgspec import Struct

from storage.repositories.base import Repository


class Flag(Struct, frozen=True):
    """A message that somebody should look at, and why."""

    id: int
    conversation_id: int
    message_id: int | None
    reason: str
    created_at: float


class Flags(Repository):
    """Flags in the order they were raised."""

    async def add(self, conversation_id: int, message_id: int | None, reason: str) -> Flag:
        """Raise a flag."""
        raise NotImplementedError

    async def open(self, limit: int) -> list[Flag]:
        """The oldest flags."""
        raise NotImplementedError
