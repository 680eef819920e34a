"""Signed-in browsers."""

from __future__ import annotations

import secrets

from msgspec import Struct
from sqlalchemy import bindparam, delete, false, select, true, update

from chat.people import User
from storage.repositories.base import Repository, clean, insert
from storage.repositories.codes import hash_of
from storage.repositories.users import COLUMNS, to_user
from storage.tables import users, web_sessions

_SLIDE_SECONDS = 60.0
LONGEST_AGENT = 300

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
_RENAME = (
    update(web_sessions)
    .where(_W.hash == bindparam("of_hash"), _W.old_name == true())
    .values(old_name=false())
)
_OLD_NAME = select(_W.old_name).where(_W.hash == bindparam("of_hash"))
_DELETE = delete(web_sessions).where(_W.hash == bindparam("of_hash"))
_DELETE_OF_USER = delete(web_sessions).where(_W.user_id == bindparam("user"))
_DELETE_OTHERS = _DELETE_OF_USER.where(_W.hash != bindparam("of_hash"))
_DELETE_ONE = _DELETE_OF_USER.where(_W.id == bindparam("session"))
_OF_USER = (
    select(_W.id, _W.agent, _W.seen_at, _W.created_at, _W.hash)
    .where(_W.user_id == bindparam("user"), _W.seen_at + _W.lifetime > bindparam("now"))
    .order_by(_W.seen_at.desc())
)


class WebSession(Struct, frozen=True):
    """A signed-in browser: what it calls itself, when it was last seen and signed in (epoch
    seconds), and whether it is the one that asks."""

    id: int
    agent: str
    seen_at: float
    created_at: float
    asking: bool


class WebSessions(Repository):
    """Sessions, of whose token only a SHA-256 is kept."""

    async def add(self, user_id: int, *, lifetime: float, agent: str = "") -> str:
        """A new session's token; it ends `lifetime` seconds after it was last used. `agent` is
        what the browser calls itself."""
        now = self._clock()
        token = secrets.token_urlsafe(32)
        await self._changed(_SWEEP, now=now)
        times = {"lifetime": lifetime, "seen_at": now, "created_at": now}
        row = {"user_id": user_id, "hash": hash_of(token), "agent": clean(agent)[:LONGEST_AGENT]}
        await self._changed(_ADD, **row, **times)
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

    async def has_old_name(self, token: str) -> bool:
        """Whether its browser may know it under the name that cookies had once."""
        row = (await self._execute(_OLD_NAME, {"of_hash": hash_of(token)})).first()
        return row is not None and bool(row[0])

    async def rename(self, token: str) -> bool:
        """Its cookie has the new name; False where it had before."""
        return await self._changed(_RENAME, of_hash=hash_of(token)) == 1

    async def delete(self, token: str) -> None:
        """Sign out; nothing happens where there is no such session."""
        await self._changed(_DELETE, of_hash=hash_of(token))

    async def of_user(self, user_id: int, token: str) -> list[WebSession]:
        """All live sessions of a user, the latest seen first; `token` is the asking one's."""
        mine = hash_of(token)
        rows = await self._rows(_OF_USER, {"user": user_id, "now": self._clock()})
        return [
            WebSession(id_, agent, seen_at, created_at, asking=hash == mine)
            for id_, agent, seen_at, created_at, hash in rows
        ]

    async def delete_one(self, user_id: int, session_id: int) -> None:
        """End one session of a user; nothing happens where it is not theirs."""
        await self._changed(_DELETE_ONE, user=user_id, session=session_id)

    async def delete_others(self, user_id: int, token: str) -> int:
        """End all sessions of a user but this one; how many."""
        return await self._changed(_DELETE_OTHERS, user=user_id, of_hash=hash_of(token))

    async def delete_of_user(self, user_id: int) -> int:
        """Sign a user out everywhere; how many sessions that were."""
        return await self._changed(_DELETE_OF_USER, user=user_id)
