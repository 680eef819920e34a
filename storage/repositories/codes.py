"""Secrets that open a door once or a few times: owner links, invitations, moves of a browser."""

from __future__ import annotations

from msgspec import Struct

from storage.repositories.base import Repository


class RedeemedCode(Struct, frozen=True):
    """What a code was good for, and whose it was."""

    kind: str
    user_id: int | None


class Codes(Repository):
    """Codes, of which only a SHA-256 is kept."""

    async def add(
        self,
        kind: str,
        *,
        user_id: int | None = None,
        uses: int = 1,
        expires_at: float | None = None,
    ) -> str:
        """A new secret of `[A-Za-z0-9_-]`, at most 64 characters, shown this once only."""
        raise NotImplementedError

    async def redeem(self, code: str) -> RedeemedCode | None:
        """Use a code up by one; None when it is wrong, used up, expired or revoked."""
        raise NotImplementedError

    async def wrong_try(self) -> None:
        """Count a wrong try against all live owner codes, which fall after five."""
        raise NotImplementedError

    async def revoke(self, kind: str, *, user_id: int | None = None) -> int:
        """End all codes of a kind (of one user); how many."""
        raise NotImplementedError

    async def live(self, kind: str) -> bool:
        """Whether there is a code of this kind that would still be taken."""
        raise NotImplementedError
