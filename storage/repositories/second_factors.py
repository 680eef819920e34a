"""Second factors of people who sign in with a password."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, delete, false, func, select, true, update

from storage.repositories.base import Repository, insert
from storage.repositories.codes import hash_of
from storage.tables import first_steps, recovery_codes, second_factors

_F, _R, _S = second_factors.c, recovery_codes.c, first_steps.c
_OF_USER = select(_F.secret, _F.confirmed).where(_F.user_id == bindparam("user"))
_ADD = insert(second_factors)
_BEGIN = _ADD.on_conflict_do_update(
    index_elements=[_F.user_id],
    set_={"secret": _ADD.excluded.secret, "created_at": _ADD.excluded.created_at},
    where=_F.confirmed == false(),
)
_CONFIRM = (
    update(second_factors)
    .where(
        _F.user_id == bindparam("user"),
        _F.secret == bindparam("of_secret"),
        _F.confirmed == false(),
    )
    .values(confirmed=True, last_step=bindparam("step"))
)
_USE_STEP = (
    update(second_factors)
    .where(
        _F.user_id == bindparam("user"),
        _F.confirmed == true(),
        _F.last_step < bindparam("step"),
    )
    .values(last_step=bindparam("step"))
)
_ADD_CODE = insert(recovery_codes)
_USE_CODE = delete(recovery_codes).where(
    _R.user_id == bindparam("user"), _R.hash == bindparam("of_hash")
)
_CODES_LEFT = (
    select(func.count()).select_from(recovery_codes).where(_R.user_id == bindparam("user"))
)
_REMOVE = [
    delete(table).where(table.c.user_id == bindparam("user"))
    for table in (second_factors, recovery_codes, first_steps)
]
_SWEEP = delete(first_steps).where(_S.expires_at <= bindparam("now"))
_OPEN = insert(first_steps)
_WHOSE = select(_S.user_id).where(_S.hash == bindparam("of_hash"), _S.expires_at > bindparam("now"))
_CLOSE = delete(first_steps).where(_S.hash == bindparam("of_hash"))
_FORGET = delete(first_steps).where(_S.user_id == bindparam("user"))


class SecondFactor(Struct, frozen=True):
    """The secret in base 32, and whether its owner has shown that they have it, too."""

    secret: str
    confirmed: bool


class SecondFactors(Repository):
    """One a user at most, with its recovery codes, and those who still owe a code."""

    async def of_user(self, user_id: int) -> SecondFactor | None:
        """A user's second factor, also where it is not confirmed yet."""
        row = (await self._execute(_OF_USER, {"user": user_id})).first()
        return None if row is None else SecondFactor(row[0], row[1])

    async def begin(self, user_id: int, secret: str) -> bool:
        """A new secret, to be confirmed; False where there is a confirmed one."""
        row = {"user_id": user_id, "secret": secret, "last_step": 0, "confirmed": False}
        return await self._changed(_BEGIN, **row, created_at=self._clock()) == 1

    async def confirm(self, user_id: int, secret: str, step: int, codes: Sequence[str]) -> bool:
        """From now on it is asked for, or one of these recovery codes; False where this secret
        does not wait to be confirmed."""
        keys = {"user": user_id, "of_secret": secret, "step": step}
        if not await self._changed(_CONFIRM, **keys):
            return False
        for code in codes:
            await self._changed(_ADD_CODE, user_id=user_id, hash=hash_of(code))
        return True

    async def use_step(self, user_id: int, step: int) -> bool:
        """Take the code of a time step; False where this one, or a later one, was taken before."""
        return await self._changed(_USE_STEP, user=user_id, step=step) == 1

    async def use_code(self, user_id: int, code: str) -> bool:
        """Use a recovery code up."""
        return await self._changed(_USE_CODE, user=user_id, of_hash=hash_of(code)) == 1

    async def codes_left(self, user_id: int) -> int:
        """How many recovery codes are unused."""
        found = await self._execute(_CODES_LEFT, {"user": user_id})
        return int(found.scalar_one())

    async def remove(self, user_id: int) -> None:
        """Ask for no code any more; nothing happens where there is none."""
        for statement in _REMOVE:
            await self._changed(statement, user=user_id)

    async def open_step(self, user_id: int, *, seconds: float) -> str:
        """The token of a browser whose person has given the password."""
        now, token = self._clock(), secrets.token_urlsafe(32)
        await self._changed(_SWEEP, now=now)
        row = {"user_id": user_id, "hash": hash_of(token), "expires_at": now + seconds}
        await self._changed(_OPEN, **row)
        return token

    async def whose_step(self, token: str) -> int | None:
        """The user whose password was given, if that is not too long ago."""
        keys = {"of_hash": hash_of(token), "now": self._clock()}
        row = (await self._execute(_WHOSE, keys)).first()
        return None if row is None else int(row[0])

    async def close_step(self, token: str) -> bool:
        """Use the token up; False where somebody else has."""
        return await self._changed(_CLOSE, of_hash=hash_of(token)) == 1

    async def forget_steps(self, user_id: int) -> None:
        """The password that was given is the right one no more."""
        await self._changed(_FORGET, user=user_id)
