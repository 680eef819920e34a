"""Signing in with a name and a password: a second way in, for whoever wants one."""

from __future__ import annotations

import asyncio
import unicodedata
from enum import StrEnum
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat.people import Access, Role, User
from handlers.moderation.noting import note_user
from handlers.standing import STAFF
from storage.database import Database

# OWASP's password storage cheat sheet: argon2id with 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
AT_ONCE = 2  # hashes that are computed at the same time: each takes a core and its memory
SHORTEST, SHORTEST_OF_STAFF, LONGEST = 8, 12, 1000  # characters; NIST SP 800-63B asks for 8
LONGEST_NAME = 60
# The most used ones that are long enough, of every list of stolen passwords.
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())


class Wrong(StrEnum):
    """Why a name and a password are not taken; the values are text keys."""

    SHORT = "web-password-short"
    SHORT_OF_STAFF = "web-password-short-staff"
    LONG = "web-password-long"
    COMMON = "web-password-common"
    NAME = "web-password-name"
    NAME_TAKEN = "web-password-name-taken"
    CURRENT = "web-password-current-wrong"


class Passwords:
    """Sets, checks and removes them. Hashing runs in threads, few at a time."""

    def __init__(self, database: Database, *, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES
        )
        self._places = asyncio.Semaphore(AT_ONCE)
        # What an unknown name is held against, so that it takes as long as a known one.
        self._nobodys = self._hasher.hash("nobody has this password")

    async def sign_in(self, name: str, password: str) -> User | None:
        """Who this is; None for an unknown name as for a wrong password, after the same time."""
        async with self._database.read() as tx:
            stored = await tx.passwords.by_name(folded(name))
        right = await self._matches(stored.hash if stored else self._nobodys, password)
        if stored is None or not right:
            return None
        if self._hasher.check_needs_rehash(stored.hash):
            hash = await self._hash(password)
            async with self._database.write() as tx:
                await tx.passwords.set(stored.user_id, stored.name, hash)
        async with self._database.read() as tx:
            user = await tx.users.get(stored.user_id)
        return user if user.access is Access.ALLOWED else None

    async def name_of(self, user: User) -> str:
        """The name that a user signs in with; empty where they have no password."""
        async with self._database.read() as tx:
            stored = await tx.passwords.of_user(user.id)
        return stored.name if stored else ""

    async def confirms(self, user: User, password: str) -> bool:
        """Whether this is the user's password."""
        async with self._database.read() as tx:
            stored = await tx.passwords.of_user(user.id)
        return stored is not None and await self._matches(stored.hash, password)

    async def set(self, user: User, name: str, password: str, *, token: str) -> Wrong | None:
        """Let the user sign in so; what is wrong with it, or None. All other sessions of theirs
        end, those but `token`'s, and so do sign-ins that are half done."""
        wrong = unfit(user, name, password)
        if wrong is not None:
            return wrong
        hash = await self._hash(password)
        async with self._database.write() as tx:
            if not await tx.passwords.set(user.id, folded(name), hash):
                return Wrong.NAME_TAKEN
            await tx.web_sessions.delete_others(user.id, token)
            await tx.second_factors.forget_steps(user.id)
            await note_user(tx, "password.set", user.id, by=user)
        return None

    async def remove(self, user: User) -> None:
        """Only links lead in from then on; without a password there is no second factor."""
        async with self._database.write() as tx:
            await tx.passwords.remove(user.id)
            await tx.second_factors.remove(user.id)
            await note_user(tx, "password.removed", user.id, by=user)

    async def offered(self, user: User) -> bool:
        """Whether to offer a password now: an owner who loses the cookie needs the terminal."""
        async with self._database.read() as tx:
            declined = await tx.users.declined_password(user.id)
            has_one = await tx.passwords.of_user(user.id) is not None
        return user.role is Role.OWNER and not declined and not has_one

    async def decline(self, user: User) -> None:
        """They do not want to be offered one again."""
        async with self._database.write() as tx:
            await tx.users.decline_password(user.id)

    async def _hash(self, password: str) -> str:
        async with self._places:
            return await asyncio.to_thread(self._hasher.hash, normal(password))

    async def _matches(self, hash: str, password: str) -> bool:
        if len(password) > LONGEST:
            return False
        async with self._places:
            return await asyncio.to_thread(self._verify, hash, normal(password))

    def _verify(self, hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(hash, password)
        except (VerificationError, InvalidHashError):
            return False


def unfit(user: User, name: str, password: str) -> Wrong | None:
    """What is wrong with a new name and password: length, not composition, as NIST has it."""
    shortest = SHORTEST_OF_STAFF if user.role in STAFF else SHORTEST
    plain = normal(password)
    if not folded(name) or len(name) > LONGEST_NAME:
        return Wrong.NAME
    if len(plain) < shortest:
        return Wrong.SHORT_OF_STAFF if user.role in STAFF else Wrong.SHORT
    if len(password) > LONGEST:
        return Wrong.LONG
    if plain.casefold() in COMMON or plain.casefold() == folded(name) or len(set(plain)) < 3:
        return Wrong.COMMON
    return None


def normal(password: str) -> str:
    """The same password from every keyboard: Unicode's NFKC, as NIST SP 800-63B advises."""
    return unicodedata.normalize("NFKC", password)


def folded(name: str) -> str:
    """A name as it is compared: case, width and spaces do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
