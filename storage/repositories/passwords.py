"""Names and password hashes of people who sign in on the web page."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, delete, select

from storage.errors import WriteConflict
from storage.repositories.base import AnyRow, Repository, insert
from storage.tables import passwords

_P = passwords.c
_BY_NAME = select(_P.user_id, _P.name, _P.hash).where(_P.name == bindparam("of_name"))
_OF_USER = select(_P.user_id, _P.name, _P.hash).where(_P.user_id == bindparam("user"))
_ADD = insert(passwords)
_SET = _ADD.on_conflict_do_update(
    index_elements=[_P.user_id],
    set_={
        "name": _ADD.excluded.name,
        "hash": _ADD.excluded.hash,
        "changed_at": _ADD.excluded.changed_at,
    },
)
_REMOVE = delete(passwords).where(_P.user_id == bindparam("user"))


class StoredPassword(Struct, frozen=True):
    """Whose it is, the folded name, and the hash."""

    user_id: int
    name: str
    hash: str


class Passwords(Repository):
    """One password a user at most; names are unique."""

    async def by_name(self, name: str) -> StoredPassword | None:
        """The password that goes with a folded name."""
        return _stored((await self._execute(_BY_NAME, {"of_name": name})).first())

    async def of_user(self, user_id: int) -> StoredPassword | None:
        """A user's password."""
        return _stored((await self._execute(_OF_USER, {"user": user_id})).first())

    async def set(self, user_id: int, name: str, hash: str) -> bool:
        """Give a user this name and hash; False where somebody else has the name."""
        values = {"user_id": user_id, "name": name, "hash": hash, "changed_at": self._clock()}
        try:
            async with self._connection.savepoint():
                await self._changed(_SET, **values)
        except WriteConflict:
            return False
        return True

    async def remove(self, user_id: int) -> None:
        """Take a user's password away; nothing happens where there is none."""
        await self._changed(_REMOVE, user=user_id)


def _stored(row: AnyRow | None) -> StoredPassword | None:
    return None if row is None else StoredPassword(row[0], row[1], row[2])
