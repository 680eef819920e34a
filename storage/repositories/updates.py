"""Which updates of a messenger were seen before."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from storage.repositories.base import Repository, insert
from storage.tables import updates

_ADD = insert(updates).on_conflict_do_nothing()
_FORGET = delete(updates).where(updates.c.seen_at < bindparam("time"))


class Updates(Repository):
    """Updates by channel, account, kind and id."""

    async def add(self, channel: str, account: str, kind: str, update_id: str) -> bool:
        """Record an update; False when it was seen before."""
        row = {"channel": channel, "account": account, "kind": kind, "update_id": update_id}
        return await self._changed(_ADD, **row, seen_at=self._clock()) == 1

    async def forget_before(self, time: float) -> int:
        """Drop what was seen before `time` (epoch seconds); how many rows that were."""
        return await self._changed(_FORGET, time=time)
