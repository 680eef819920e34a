"""Signed-in browsers."""

from __future__ import annotations

import secrets

from sqlalchemy import bindparam, delete, select, update

from chat.people import User
from storage.repositories.base import Repository, insert
from storage.repositories.codes import hash_of
from storage.repositories.users import COLUMNS, to_user
from storage.tables import users, web_sessions

_SLIDE_SECONDS = 60.0

_W = web_sessions.c
_SWEEP = delete(web_sessions).where(_W.seen_at + _W.lifetime <= bindparam("now"))
_ADD = insert(web_sessions)
_GET = (
    select(*COLUMNS, _W.seen_at)
    .join(users, users.c.id == _W.user_id)
    .where(_W.hash == bindparam("of_hash"), _W.seen_at + _W.lifetime > bindparam("now"))
)
_SLIDE = (
    update(web_sessions).where(_W.hash == bindparam("of_hash")).values(seen_at=bindparam("now"))
)
_DELETE = delete(web_sessions).where(_W.hash == bindparam("of_hash"))
_DELETE_OF_USER = delete(web_sessions).where(_W.user_id == bindparam("user"))


class WebSessions(Repository):
    """Sessions, of whose token only a SHA-256 is kept."""

    async def add(self, user_id: int, *, lifetime: float) -> str:
        """A new session's token; it ends `lifetime` seconds after it was last used."""
        now = self._clock()
        token = secrets.token_urlsafe(32)
        await self._changed(_SWEEP, now=now)
        times = {"lifetime": lifetime, "seen_at": now, "created_at": now}
        await self._changed(_ADD, user_id=user_id, hash=hash_of(token), **times)
        return token

    async def get(self, token: str) -> User | None:
        """Whose session this is. Inside a write it also counts as used now (once a minute)."""
        now = self._clock()
        keys = {"of_hash": hash_of(token), "now": now}
        row = (await self._execute(_GET, keys)).first()
        if row is None:
            return None
        if self._connection.writable and now - row.seen_at >= _SLIDE_SECONDS:
            await self._changed(_SLIDE, **keys)
        return to_user(row)

    async def delete(self, token: str) -> None:
        """Sign out; nothing happens where there is no such session."""
        await self._changed(_DELETE, of_hash=hash_of(token))

    async def delete_of_user(self, user_id: int) -> int:
        """Sign a user out everywhere; how many sessions that were."""
        return await self._changed(_DELETE_OF_USER, user=user_id)
