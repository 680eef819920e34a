"""People as staff see them: looked for, read about, written notes about, let write again."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
from msgspec import Struct

from chat.people import Role, User
from handlers.errors import HandlerError, NotFound
from handlers.moderation.history import Entry, entries
from handlers.moderation.lifting import check_lifting, lift, may_lift
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import (
    TooLate,
    seat_in,
    seat_of,
    sees_accounts,
    sees_person,
    sees_staff,
)
from handlers.row_ids import row_id
from storage.allowances import Allowances, Used
from storage.database import Database, Transaction
from storage.repositories import (
    Colleague,
    Event,
    Note,
    Person,
    Restriction,
    RestrictionKind,
    Wanted,
)

LONGEST_NOTE = 2000  # characters
EVENTS = 30  # on one page of a time line


class NothingWritten(HandlerError):
    """Some words are needed, and there are none."""

    key = "people-words-wanted"


class Found(Struct, frozen=True):
    """People who were looked for; `after` is the id to go on from, None at the end."""

    users: tuple[User, ...]
    after: int | None = None


class Profile(Struct, frozen=True):
    """All that one page says of a person, as far as its reader may know it.

    `colleagues` are those who did something about them, nameless where the reader may not know
    them; `after` is the event to go on from, None at the end of the time line."""

    person: Person
    accounts: tuple[tuple[str, str], ...]
    in_force: tuple[Restriction, ...]  # without strikes
    strikes: tuple[Restriction, ...]
    past_strikes: tuple[Restriction, ...]
    used: tuple[Used, ...]
    events: tuple[Entry, ...]
    after: Event | None
    colleagues: dict[int, Colleague]
    lifts: bool


class PeopleBook:
    """What staff may know of people. Who is not for somebody to see is not there for them."""

    def __init__(
        self,
        *,
        database: Database,
        allowances: Allowances,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._allowances = allowances
        self._clock = clock

    async def find(
        self, user: User, words: str, wanted: Wanted, *, most: int, after: int | None = None
    ) -> Found:
        """People by number, by identity such as telegram:123, or by how their name begins."""
        seat_of(user)
        if not sees_staff(user):
            wanted = msgspec.structs.replace(wanted, role=Role.MEMBER)
        async with self._database.read() as tx:
            one = await _exactly(tx, user, words)
            if one is not None:
                return Found((one,) if sees_person(user, one) else ())
            wanted = msgspec.structs.replace(wanted, name=words)
            users = await tx.people.search(wanted, most=most + 1, after=after)
        return Found(tuple(users[:most]), users[most - 1].id if len(users) > most else None)

    async def get(self, user: User, user_id: int, *, after: Event | None = None) -> Profile:
        """Somebody, with a page of their time line. Raises NotFound."""
        async with self._database.read() as tx:
            seat = await seat_in(tx, user)
            person = await self._visible(tx, user, user_id)
            events = await tx.timeline.page(user_id, seat, most=EVENTS + 1, after=after)
            found = await entries(tx, events[:EVENTS])
            restrictions = await tx.restrictions.of_user(user_id)
            accounts = await tx.users.identities(user_id) if sees_accounts(user) else []
            colleagues = await _colleagues(tx, user, found)
        now = self._clock()
        strikes = [each for each in restrictions if each.kind is RestrictionKind.STRIKE]
        return Profile(
            person=person,
            accounts=tuple(accounts),
            in_force=tuple(
                each for each in restrictions if counts(each, now) and each not in strikes
            ),
            strikes=tuple(each for each in strikes if counts(each, now)),
            past_strikes=tuple(each for each in strikes if not counts(each, now)),
            used=tuple(await self._allowances.used(user_id, person.user.budget)),
            events=found,
            after=events[EVENTS - 1] if len(events) > EVENTS else None,
            colleagues=colleagues,
            lifts=may_lift(user, person.user),
        )

    async def check(self, user: User, user_id: int) -> User:
        """The person, where somebody may see them. Raises NotFound."""
        async with self._database.read() as tx:
            return (await self._visible(tx, user, user_id)).user

    async def note(self, user: User, user_id: int, text: str) -> Note:
        """Write something down about somebody. Raises NotFound, and NothingWritten."""
        text = text.strip()[:LONGEST_NOTE]
        async with self._database.write() as tx:
            await self._visible(tx, user, user_id)
            if not text:
                raise NothingWritten
            note = await tx.notes.add(user_id, text, author_id=user.id)
            await tx.audit.add(
                "note.added",
                actor=actor_of(user),
                kind="user",
                object_id=user_id,
                details={"note": note.id},
            )
        return note

    async def lift(self, user: User, user_id: int, restriction_id: int) -> None:
        """End a restriction of somebody's before its time.

        Raises NotFound, NotPermitted, and TooLate where it had ended."""
        async with self._database.write() as tx:
            person = await self._visible(tx, user, user_id)
            check_lifting(user, person.user)
            restriction = await tx.restrictions.get(restriction_id)
            if restriction.user_id != user_id:
                raise NotFound
            if not counts(restriction, self._clock()) or not await lift(tx, user, restriction):
                raise TooLate

    async def _visible(self, tx: Transaction, user: User, user_id: int) -> Person:
        person = await tx.people.get(user_id)
        if not sees_person(user, person.user):
            raise NotFound
        return person


def counts(restriction: Restriction, now: float) -> bool:
    """Whether a restriction is in force."""
    until = restriction.until
    return restriction.lifted_at is None and (until is None or until > now)


async def _exactly(tx: Transaction, user: User, words: str) -> User | None:
    """Whom a number or an identity means, if anybody."""
    words = words.strip().removeprefix("#")
    number = row_id(words)
    if number is not None:
        return await tx.users.get_or_none(number)
    channel, colon, external_id = words.partition(":")
    if colon and sees_accounts(user):
        return await tx.users.by_identity(channel.lower(), external_id)
    return None


async def _colleagues(
    tx: Transaction, user: User, found: tuple[Entry, ...]
) -> dict[int, Colleague]:
    colleagues = await tx.people.colleagues({each.by for each in found if each.by is not None})
    if sees_staff(user):
        return colleagues
    return {id_: Colleague(id_, "", each.code) for id_, each in colleagues.items()}
