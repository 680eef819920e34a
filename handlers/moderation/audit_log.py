"""The audit log for those who may read it: looked through, verified, taken along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from chat.people import Role, User
from handlers.moderation.rights import NotPermitted
from storage.chain import ChainBroken, Entry, Flaw, Head
from storage.chain_lines import lines_of
from storage.database import Database
from storage.repositories import Sought
from storage.repositories.audit import PAGE

READERS = frozenset({Role.ADMIN, Role.OWNER})


class Checked(Struct, frozen=True):
    """What following the whole log has found: its head; or the first entry that is wrong, by its
    number, and what is wrong with it."""

    head: Head | None = None
    broken: int = 0
    flaw: Flaw | None = None


class Extract(Struct, frozen=True):
    """A page of the log, newest first; `before` is the number to go on from, None at the end."""

    entries: tuple[Entry, ...]
    before: int | None = None


class AuditLog:
    """What admins and owners do with the log. Nobody changes it."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def search(self, user: User, sought: Sought, *, most: int) -> Extract:
        """Entries that are looked for. Raises NotPermitted."""
        _check(user)
        async with self._database.read() as tx:
            found = await tx.audit.search(sought, most + 1)
        shown = tuple(found[:most])
        return Extract(shown, shown[-1].number if len(found) > most else None)

    async def verify(self, user: User, anchors: Iterable[Head] = ()) -> Checked:
        """Follow the whole log, and compare it with heads that were kept elsewhere.

        Raises NotPermitted."""
        _check(user)
        try:
            async with self._database.read() as tx:
                return Checked(await tx.audit.verify(anchors))
        except ChainBroken as broken:
            return Checked(None, broken.number, broken.flaw)

    async def lines(self) -> AsyncIterator[bytes]:
        """The log as JSON Lines, a thousand entries at a time; who may have it: see may_read.

        Each piece is read by itself, so that a slow reader keeps no transaction open. What is
        added meanwhile comes last."""
        after: int | None = None
        while page := await self._after(after):
            yield lines_of(page)
            await asyncio.sleep(0)  # SQLite lets nobody else have their turn
            after = page[-1].number

    async def _after(self, number: int | None) -> list[Entry]:
        async with self._database.read() as tx:
            return await tx.audit.read(number, PAGE)


def may_read(user: User) -> bool:
    """Whether the log is for somebody to read: it says what colleagues do."""
    return user.role in READERS


def _check(user: User) -> None:
    if not may_read(user):
        raise NotPermitted
