"""Until when a messenger wants no calls."""

from __future__ import annotations

from storage.repositories.base import Repository


class Waits(Repository):
    """Waits by chat; the chat "" stands for the whole account."""

    async def set(self, channel: str, account: str, chat: str, until: float) -> None:
        """Wait until then (epoch seconds), or longer where a longer wait is known."""
        raise NotImplementedError

    async def get(self, channel: str, account: str) -> dict[str, float]:
        """The waits that are not over, by chat."""
        raise NotImplementedError
