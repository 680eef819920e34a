"""Which updates of a messenger were seen before."""

from __future__ import annotations

from storage.repositories.base import Repository


class Updates(Repository):
    """Updates by channel, account, kind and id."""

    async def add(self, channel: str, account: str, kind: str, update_id: str) -> bool:
        """Record an update; False when it was seen before."""
        raise NotImplementedError

    async def forget_before(self, time: float) -> int:
        """Drop what was seen before `time` (epoch seconds); how many rows that were."""
        raise NotImplementedError
