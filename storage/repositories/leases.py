"""Who alone may do something for now, such as polling an account."""

from __future__ import annotations

from storage.repositories.base import Repository


class Leases(Repository):
    """Leases by name."""

    async def acquire(self, name: str, owner: str, seconds: float) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        raise NotImplementedError

    async def release(self, name: str, owner: str) -> None:
        """Give it back, if it is the owner's."""
        raise NotImplementedError
