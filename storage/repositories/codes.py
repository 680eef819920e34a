"""Secrets that open a door once or a few times: owner links, invitations, moves of a browser."""

from __future__ import annotations

import hashlib
import secrets

from msgspec import Struct
from sqlalchemy import bindparam, case, delete, or_, select, update

from storage.repositories.base import Repository, insert
from storage.tables import codes

OWNER, INVITE = "owner", "invite"
WRONG_TRIES = 5

_C = codes.c
_ALIVE = (_C.uses > 0, or_(_C.expires_at.is_(None), _C.expires_at > bindparam("now")))
_SWEEP = delete(codes).where(or_(_C.uses <= 0, _C.expires_at <= bindparam("now")))
_ADD = insert(codes)
_REDEEM = (
    update(codes)
    .where(_C.hash == bindparam("of_hash"), *_ALIVE)
    .values(uses=_C.uses - 1)
    .returning(_C.kind, _C.user_id, _C.id, _C.role, _C.made_by)
)
_KIND = select(_C.kind).where(_C.hash == bindparam("of_hash"), *_ALIVE)
_WRONG = (
    update(codes)
    .where(_C.kind == OWNER, _C.uses > 0)
    .values(
        wrong_tries=_C.wrong_tries + 1,
        uses=case((_C.wrong_tries + 1 >= WRONG_TRIES, 0), else_=_C.uses),
    )
)
_REVOKE = delete(codes).where(_C.kind == bindparam("of_kind"))
_REVOKE_OF_USER = _REVOKE.where(_C.user_id == bindparam("user"))
_REVOKE_ONE = delete(codes).where(_C.id == bindparam("code"), _C.kind == INVITE, *_ALIVE)
_INVITATIONS = (
    select(_C.id, _C.role, _C.uses, _C.expires_at, _C.made_by)
    .where(_C.kind == INVITE, *_ALIVE)
    .order_by(_C.id.desc())
    .limit(bindparam("most"))
)
_NUMBER = select(_C.id).where(_C.hash == bindparam("of_hash"))
_LIVE = select(_C.id).where(_C.kind == bindparam("of_kind"), *_ALIVE).limit(1)


class RedeemedCode(Struct, frozen=True):
    """What a code was good for, and whose it was; of an invitation its number, the role that it
    gives (empty: a member's), and who invited."""

    kind: str
    user_id: int | None
    id: int = 0
    role: str = ""
    made_by: int | None = None


class Invitation(Struct, frozen=True):
    """An invitation that would still be taken; `role` as in RedeemedCode."""

    id: int
    role: str
    uses: int
    expires_at: float | None
    made_by: int | None


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is long and random: a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


class Codes(Repository):
    """Codes, of which only a SHA-256 is kept."""

    async def add(
        self,
        kind: str,
        *,
        user_id: int | None = None,
        uses: int = 1,
        expires_at: float | None = None,
        role: str = "",
        made_by: int | None = None,
    ) -> str:
        """A new secret of `[A-Za-z0-9_-]`, at most 64 characters, shown this once only."""
        now = self._clock()
        secret = secrets.token_urlsafe(24)
        await self._changed(_SWEEP, now=now)
        await self._changed(
            _ADD,
            kind=kind,
            hash=hash_of(secret),
            user_id=user_id,
            uses=uses,
            wrong_tries=0,
            expires_at=expires_at,
            created_at=now,
            role=role,
            made_by=made_by,
        )
        return secret

    async def redeem(self, code: str) -> RedeemedCode | None:
        """Use a code up by one; None when it is wrong, used up, expired or revoked."""
        keys = {"of_hash": hash_of(code), "now": self._clock()}
        row = (await self._execute(_REDEEM, keys)).first()
        return None if row is None else RedeemedCode(*row)

    async def kind_of(self, code: str) -> str:
        """What a code that would be taken is good for; empty for any other."""
        keys = {"of_hash": hash_of(code), "now": self._clock()}
        row = (await self._execute(_KIND, keys)).first()
        return "" if row is None else str(row[0])

    async def wrong_try(self) -> None:
        """Count a wrong try against all live owner codes, which fall after five."""
        await self._changed(_WRONG)

    async def revoke(self, kind: str, *, user_id: int | None = None) -> int:
        """End all codes of a kind (of one user); how many."""
        if user_id is None:
            return await self._changed(_REVOKE, of_kind=kind)
        return await self._changed(_REVOKE_OF_USER, of_kind=kind, user=user_id)

    async def number_of(self, code: str) -> int:
        """What a code is called without giving it away. Raises NotFound."""
        return int((await self._one(_NUMBER, of_hash=hash_of(code)))[0])

    async def invitations(self, *, most: int = 30) -> list[Invitation]:
        """Those that would still be taken, the newest first."""
        keys = {"now": self._clock(), "most": most}
        return [Invitation(*row) for row in await self._rows(_INVITATIONS, keys)]

    async def revoke_invitation(self, number: int) -> bool:
        """End one; False where there is none that would still be taken."""
        return await self._changed(_REVOKE_ONE, code=number, now=self._clock()) == 1

    async def live(self, kind: str) -> bool:
        """Whether there is a code of this kind that would still be taken."""
        keys = {"of_kind": kind, "now": self._clock()}
        return (await self._execute(_LIVE, keys)).first() is not None
