"""What a reviewer should see."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from storage.repositories.base import Repository, insert
from storage.tables import flags

_F = flags.c
COLUMNS = (_F.id, _F.conversation_id, _F.message_id, _F.reason, _F.created_at)
_ADD = insert(flags).returning(_F.id)
_OPEN = select(*COLUMNS).order_by(_F.id).limit(bindparam("most"))


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
        now = self._clock()
        keys = {"conversation_id": conversation_id, "message_id": message_id}
        row = await self._one(_ADD, **keys, reason=reason, created_at=now)
        return Flag(row[0], conversation_id, message_id, reason, now)

    async def open(self, limit: int) -> list[Flag]:
        """The oldest flags."""
        return [Flag(*row) for row in await self._rows(_OPEN, {"most": limit})]
