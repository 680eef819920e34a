"""The bank of known pictures: filled from cases and lists, looked through, passed on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable

from msgspec import Struct

from chat.moderation import Category
from chat.people import Role, User
from chat.ports import AttachmentStore
from handlers.errors import HandlerError, NotFound
from handlers.moderation.cases import Cases
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted, may_second
from moderation.checks import Shown
from moderation.pictures.bank_lines import Listed, is_flat, line_of, read_lines
from moderation.pictures.checker import PictureChecker
from moderation.pictures.errors import PictureChecksOff, PictureUnchecked
from moderation.pictures.known import LEAST_QUALITY
from moderation.policy.live import LivePolicy
from storage.database import Database
from storage.repositories import Actor, KnownPicture, NewPicture

REMOVERS = (Role.ADMIN, Role.OWNER)
TOLD = 10  # refused lines that are named
LONGEST_NOTE = 200  # characters
DEFAULT = Category.KNOWN_PICTURE.value
OPERATOR = Actor(None, "operator")
"""Whoever runs commands on the machine."""
_BEGINNING = re.compile("[0-9a-f]{4,64}")


class TooFlat(HandlerError):
    """A picture, or a hash, that shows too little to be told from others."""

    key = "bank-too-flat"


class NotLookedAt(HandlerError):
    """The picture could not be looked at, so that it has no hash."""

    key = "bank-not-looked-at"


class UnknownCategory(HandlerError):
    """The policy does not speak of this category."""

    key = "bank-unknown-category"


class Taken(Struct, frozen=True):
    """What came of a list: how many hashes are new, were there already, and were refused."""

    added: int
    known: int
    listed: Listed


class Shelf(Struct, frozen=True):
    """A part of the bank, and how much there is of each category."""

    entries: tuple[KnownPicture, ...]
    counts: dict[str, int]
    before: int | None

    @property
    def count(self) -> int:
        """How many pictures are known in all."""
        return sum(self.counts.values())


class PictureBank:
    """What moderators up do with the bank; only admins and owners take something out again. Every
    call is its own transaction."""

    def __init__(
        self,
        *,
        database: Database,
        cases: Cases,
        policy: LivePolicy,
        store: AttachmentStore,
        pictures: PictureChecker | None,
    ) -> None:
        """`pictures` makes the hashes of pictures in cases; without it none can be added so."""
        self._database = database
        self._cases = cases
        self._policy = policy
        self._store = store
        self._pictures = pictures

    async def look(
        self, user: User, *, begins: str = "", category: str = "", before: int | None, most: int
    ) -> Shelf:
        """The newest, or those whose hash begins so. Raises NotPermitted."""
        _check_adder(user)
        async with self._database.read() as tx:
            counts = await tx.known_pictures.by_category()
            if begins:
                fits = _BEGINNING.fullmatch(begins.lower())
                found = await tx.known_pictures.by_hash(begins.lower(), most=most) if fits else []
                return Shelf(tuple(found), counts, None)
            found = await tx.known_pictures.newest(category=category, before=before, most=most + 1)
        shown = tuple(found[:most])
        return Shelf(shown, counts, shown[-1].id if len(found) > most else None)

    async def remember(
        self, user: User, flag_id: int, attachment_id: int, *, category: str, note: str = ""
    ) -> int:
        """Know a picture of a case from now on; how many are new, 0 or 1.

        Raises NotPermitted, NotFound, UnknownCategory, TooFlat, NotLookedAt."""
        _check_adder(user)
        if category not in (await self._policy.get()).categories:
            raise UnknownCategory
        case = await self._cases.get(user, flag_id)
        attachment = case.attachments.get(attachment_id)
        if attachment is None or attachment.picture is None:
            raise NotFound
        stored = attachment.picture
        content = await self._store.get(stored.sha256)
        pdq = await self._hash(Shown(stored.sha256, stored.media_type, content, 0, attachment_id))
        async with self._database.write() as tx:
            added = await tx.known_pictures.add(
                [NewPicture(pdq, category)],
                source=f"flag {flag_id}",
                note=note[:LONGEST_NOTE],
                added_by=user.id,
            )
            await tx.audit.add(
                "bank.remembered",
                actor=actor_of(user),
                kind="flag",
                object_id=flag_id,
                details={"pdq": pdq, "category": category, "added": added},
            )
        return added

    async def _hash(self, picture: Shown) -> str:
        if self._pictures is None:
            raise NotLookedAt
        try:
            seen = await self._pictures.see(picture)
        except (PictureUnchecked, PictureChecksOff) as error:
            raise NotLookedAt from error
        if not seen.hashes or seen.quality < LEAST_QUALITY or is_flat(seen.hashes[0].hex()):
            raise TooFlat
        return seen.hashes[0].hex()

    async def take(
        self, user: User, lines: str, *, category: str, source: str, note: str = ""
    ) -> Taken:
        """Know the hashes of a list, of which those without a category have this one.

        Raises NotPermitted, UnknownCategory."""
        _check_adder(user)
        categories = (await self._policy.get()).categories
        if category not in categories:
            raise UnknownCategory
        listed = await asyncio.to_thread(
            read_lines, lines.splitlines(), categories, default=category
        )
        return await keep(
            self._database,
            listed,
            actor=actor_of(user),
            source=source,
            note=note[:LONGEST_NOTE],
        )

    async def remove(self, user: User, entry_id: int) -> None:
        """Know a picture no more. Raises NotPermitted, NotFound."""
        if not may_remove(user):
            raise NotPermitted
        async with self._database.write() as tx:
            gone = await tx.known_pictures.remove(entry_id)
            await tx.audit.add(
                "bank.removed",
                actor=actor_of(user),
                kind="known-picture",
                object_id=entry_id,
                details={"pdq": gone.pdq, "category": gone.category},
            )

    async def exported(self, user: User) -> None:
        """Say in the audit log that somebody takes the bank along. Raises NotPermitted."""
        _check_adder(user)
        async with self._database.write() as tx:
            await tx.audit.add(
                "bank.exported",
                actor=actor_of(user),
                kind="known-picture",
                object_id="all",
                details={"count": await tx.known_pictures.count()},
            )

    async def lines(self) -> AsyncIterator[str]:
        """The whole bank as a list, many lines at once."""
        async for page in lines_in(self._database):
            yield page


async def keep(
    database: Database, listed: Listed, *, actor: Actor, source: str, note: str = ""
) -> Taken:
    """Know what a list holds, and say so in the audit log."""
    async with database.write() as tx:
        added = await tx.known_pictures.add(
            listed.pictures, source=source, note=note, added_by=actor.user_id
        )
        taken = Taken(added, len(listed.pictures) - added, listed)
        await tx.audit.add(
            "bank.imported",
            actor=actor,
            kind="known-picture",
            object_id="list",
            details={
                "source": source,
                "added": added,
                "known": taken.known,
                "refused": len(listed.refused),
            },
        )
    return taken


async def lines_in(database: Database) -> AsyncIterator[str]:
    """The whole bank as a list, of one state of the database."""
    async with database.read() as tx:
        async for page in tx.known_pictures.pages():
            yield "".join(_lines(page))


def _lines(page: Iterable[KnownPicture]) -> Iterable[str]:
    return (line_of(each.pdq, each.category) for each in page)


def may_add(user: User) -> bool:
    """Whether somebody sees the bank and adds to it."""
    return may_second(user)


def may_remove(user: User) -> bool:
    """Whether somebody takes pictures out of the bank."""
    return user.role in REMOVERS


def _check_adder(user: User) -> None:
    if not may_add(user):
        raise NotPermitted
