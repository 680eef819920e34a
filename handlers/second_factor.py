"""Codes of an authenticator, asked for besides the password: RFC 6238, for whoever wants them."""

from __future__ import annotations

import hmac
import secrets
import time
import unicodedata
from collections.abc import Callable
from enum import StrEnum

import pyotp
from msgspec import Struct

from chat.people import Access, User
from handlers.moderation.noting import note_user
from storage.database import Database, Transaction

STEP = 30  # seconds for which an authenticator shows a code
WINDOW = 1  # steps before and after this one whose codes count, since clocks differ
DIGITS = 6
HALF_DONE = 300.0  # seconds between the password and the code
RECOVERY_CODES = 10
# 80 bits in base 32: too many to guess, also from their hash.
GROUPS, SIGNS = 4, 4
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class WrongCode(StrEnum):
    """Why a code is not taken; the value is a text key."""

    WRONG = "web-code-wrong"


class FactorState(Struct, frozen=True):
    """`secret` waits to be confirmed where it is not empty; `codes_left` are recovery codes."""

    on: bool = False
    secret: str = ""
    codes_left: int = 0


class SecondFactors:
    """Switches them on and off, and checks codes. Every call is its own transaction."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    async def state(self, user: User) -> FactorState:
        """Whether a user has one, or is about to."""
        async with self._database.read() as tx:
            factor = await tx.second_factors.of_user(user.id)
            if factor is None:
                return FactorState()
            if not factor.confirmed:
                return FactorState(secret=factor.secret)
            return FactorState(on=True, codes_left=await tx.second_factors.codes_left(user.id))

    async def begin(self, user: User) -> None:
        """A new secret; it is asked for once a code of it was shown."""
        async with self._database.write() as tx:
            await tx.second_factors.begin(user.id, pyotp.random_base32())

    async def confirm(self, user: User, code: str, *, token: str) -> list[str] | None:
        """Switch it on, if the code is right: the recovery codes, which nobody can show again.

        All other sessions of theirs end, those but `token`'s."""
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
        async with self._database.write() as tx:
            factor = await tx.second_factors.of_user(user.id)
            step = self._step_of(factor.secret, plain(code)) if factor else None
            if factor is None or step is None:
                return None
            hashed = [plain(each) for each in codes]
            if not await tx.second_factors.confirm(user.id, factor.secret, step, hashed):
                return None
            await tx.web_sessions.delete_others(user.id, token)
            await note_user(tx, "factor.on", user.id, by=user)
        return codes

    async def confirms(self, user: User, code: str) -> bool:
        """Whether the code is right, which uses it up; any is where nobody is asked for one."""
        async with self._database.write() as tx:
            return await self._passes(tx, user.id, code)

    async def remove(self, user: User, *, token: str) -> None:
        """Ask for the password alone again; all other sessions end, those but `token`'s."""
        async with self._database.write() as tx:
            await tx.second_factors.remove(user.id)
            await note_user(tx, "factor.off", user.id, by=user)
            await tx.web_sessions.delete_others(user.id, token)

    async def first_step(self, user: User) -> str | None:
        """After the right password: a token for the browser that now owes a code, or None where
        the password was enough."""
        async with self._database.write() as tx:
            factor = await tx.second_factors.of_user(user.id)
            if factor is None or not factor.confirmed:
                return None
            return await tx.second_factors.open_step(user.id, seconds=HALF_DONE)

    async def whose(self, step_token: str) -> User | None:
        """Who owes the code, if the password is not too long ago."""
        async with self._database.read() as tx:
            return await self._whose(tx, step_token)

    async def second_step(self, step_token: str, code: str) -> User | None:
        """Who is signed in by this code. The token is good for one sign-in only."""
        async with self._database.write() as tx:
            user = await self._whose(tx, step_token)
            if user is None or not await self._passes(tx, user.id, code):
                return None
            return user if await tx.second_factors.close_step(step_token) else None

    async def _whose(self, tx: Transaction, step_token: str) -> User | None:
        user_id = await tx.second_factors.whose_step(step_token) if step_token else None
        user = await tx.users.get_or_none(user_id) if user_id is not None else None
        return user if user is not None and user.access is Access.ALLOWED else None

    async def _passes(self, tx: Transaction, user_id: int, code: str) -> bool:
        factor = await tx.second_factors.of_user(user_id)
        if factor is None or not factor.confirmed:
            return True
        given = plain(code)
        if len(given) != DIGITS:
            return await tx.second_factors.use_code(user_id, given)
        step = self._step_of(factor.secret, given)
        return step is not None and await tx.second_factors.use_step(user_id, step)

    def _step_of(self, secret: str, code: str) -> int | None:
        """The time step that a code belongs to, of those that count now."""
        now, totp = int(self._clock() // STEP), pyotp.TOTP(secret, digits=DIGITS, interval=STEP)
        for step in range(now - WINDOW, now + WINDOW + 1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                return step
        return None


def address_of(secret: str, *, name: str, issuer: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(
        name=name, issuer_name=issuer
    )


def plain(code: str) -> str:
    """A code as it is compared: people write it in groups, and in capitals."""
    folded = unicodedata.normalize("NFKC", code[:100]).casefold()
    return "".join(sign for sign in folded if sign not in " -‐–\t\r\n")


def _recovery_code() -> str:
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(SIGNS)) for _ in range(GROUPS)]
    return "-".join(groups)
