"""Who may read which conversation, and until when."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from storage.repositories.base import Repository, insert
from storage.tables import openings

_O = openings.c
_COLUMNS = (
    _O.id,
    _O.user_id,
    _O.conversation_id,
    _O.ground,
    _O.reason,
    _O.opened_at,
    _O.until,
)
_ADD = insert(openings).returning(_O.id)
_OPEN = (
    select(*_COLUMNS)
    .where(
        _O.user_id == bindparam("user"),
        _O.conversation_id.in_(bindparam("them", expanding=True)),
        _O.until > bindparam("now"),
    )
    .order_by(_O.until)
)


class Opening(Struct, frozen=True):
    """See OpeningRow. Times are epoch seconds."""

    id: int
    user_id: int
    conversation_id: int
    ground: str
    reason: str
    opened_at: float
    until: float


class Openings(Repository):
    """Openings, each by one reader of one conversation."""

    async def add(
        self, user_id: int, conversation_id: int, *, ground: str, reason: str, seconds: float
    ) -> Opening:
        """Let somebody read a conversation for so long."""
        now = self._clock()
        values = (user_id, conversation_id, ground, reason, now, now + seconds)
        row = await self._one(
            _ADD,
            user_id=user_id,
            conversation_id=conversation_id,
            ground=ground,
            reason=reason,
            opened_at=now,
            until=now + seconds,
        )
        return Opening(row[0], *values)

    async def of(self, user_id: int, conversation_ids: list[int]) -> dict[int, Opening]:
        """Those of these conversations that somebody may read now, with the longest opening."""
        if not conversation_ids:
            return {}
        values = {"user": user_id, "them": conversation_ids, "now": self._clock()}
        found = (Opening(*row) for row in await self._rows(_OPEN, values))
        return {opening.conversation_id: opening for opening in found}
