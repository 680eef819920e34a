"""Who alone may do something for now, such as polling an account."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, or_

from storage.repositories.base import Repository, insert
from storage.tables import leases

_L = leases.c
_ADD = insert(leases)
_ACQUIRE = _ADD.on_conflict_do_update(
    index_elements=[_L.name],
    set_={"owner": _ADD.excluded.owner, "until": _ADD.excluded.until},
    where=or_(_L.owner == _ADD.excluded.owner, _L.until <= bindparam("now")),
)
_RELEASE = delete(leases).where(_L.name == bindparam("of_name"), _L.owner == bindparam("of_owner"))


class Leases(Repository):
    """Leases by name."""

    async def acquire(self, name: str, owner: str, seconds: float) -> bool:
        """Take or renew a lease; False while somebody else holds it."""
        now = self._clock()
        values = {"name": name, "owner": owner, "until": now + seconds}
        return await self._changed(_ACQUIRE, **values, now=now) == 1

    async def release(self, name: str, owner: str) -> None:
        """Give it back, if it is the owner's."""
        await self._changed(_RELEASE, of_name=name, of_owner=owner)
