"""Signed-in browsers."""

from __future__ import annotations

from chat.people import User
from storage.repositories.base import Repository


class WebSessions(Repository):
    """Sessions, of whose token only a SHA-256 is kept."""

    async def add(self, user_id: int, *, lifetime: float) -> str:
        """A new session's token; it ends `lifetime` seconds after it was last used."""
        raise NotImplementedError

    async def get(self, token: str) -> User | None:
        """Whose session this is. Inside a write it also counts as used now (once a minute)."""
        raise NotImplementedError

    async def delete(self, token: str) -> None:
        """Sign out; nothing happens where there is no such session."""
        raise NotImplementedError

    async def delete_of_user(self, user_id: int) -> int:
        """Sign a user out everywhere; how many sessions that were."""
        raise NotImplementedError
