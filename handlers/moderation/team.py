"""Who works on the dashboard, in which role, and how each of them wants to work."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from chat.moderation import Category
from chat.people import Access, Role, User
from handlers.errors import NotFound
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import LEVELS, NotPermitted, outranks, reviews, sees_staff
from storage.database import Database, Transaction
from storage.repositories import Habits, PicturesShown


class Member(Struct, frozen=True):
    """One of staff: how colleagues call them, and by what they come in."""

    user: User
    code: str
    password: bool
    factor: bool
    accounts: tuple[str, ...]  # channels
    browsers: int
    unlocked: bool
    roles: tuple[Role, ...]  # that the asking one may give them


class Team:
    """Every call is its own transaction."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def members(self, user: User) -> tuple[Member, ...]:
        """All of staff, the highest first; nobody for those who may not know who they are."""
        if not sees_staff(user):
            return ()
        async with self._database.read() as tx:
            staff = await tx.users.with_roles(LEVELS)
            codes = await tx.people.colleagues([each.id for each in staff])
            unlocked = await tx.reviewers.unlocked()
            members = [
                await _member(tx, user, each, codes[each.id].code, each.id in unlocked)
                for each in staff
            ]
        return tuple(
            sorted(members, key=lambda each: (-LEVELS.index(each.user.role), each.user.id))
        )

    async def set_role(self, user: User, user_id: int, role: Role) -> None:
        """Give somebody a role below one's own, or take theirs away (MEMBER).

        Raises NotPermitted, and NotFound for whoever is not let in."""
        _check_manager(user)
        async with self._database.write() as tx:
            person = await _somebody(tx, user_id)
            if role not in roles_for(user, person):
                raise NotPermitted
            if role is person.role:
                return
            await tx.users.set_role(person.id, role)
            await self._note(tx, user, "team.role", person, {"from": person.role, "to": role})

    async def unlock(self, user: User, user_id: int, *, unlocked: bool) -> None:
        """Let one of staff see what is locked, or not any more: the owner's to say."""
        if user.role is not Role.OWNER:
            raise NotPermitted
        async with self._database.write() as tx:
            person = await _somebody(tx, user_id)
            if not reviews(person):
                raise NotFound
            await tx.reviewers.unlock(person.id, unlocked)
            await self._note(tx, user, "team.unlocked", person, {"unlocked": unlocked})

    async def sign_out(self, user: User, user_id: int) -> None:
        """Sign one of staff out of all browsers. Raises NotPermitted and NotFound."""
        _check_manager(user)
        async with self._database.write() as tx:
            person = await _somebody(tx, user_id)
            if not (reviews(person) and outranks(user, person)):
                raise NotPermitted
            await tx.web_sessions.delete_of_user(person.id)
            await self._note(tx, user, "team.signed-out", person, {})

    async def habits(self, user: User) -> Habits:
        """How somebody wants to work."""
        async with self._database.read() as tx:
            return await tx.reviewers.get(user.id)

    async def choose(self, user: User, *, pictures: PicturesShown, left_out: Iterable[str]) -> None:
        """Keep how somebody wants to work. Raises NotPermitted."""
        if not reviews(user):
            raise NotPermitted
        wanted = tuple(sorted(set(left_out) & set(may_leave_out(user))))
        async with self._database.write() as tx:
            await tx.reviewers.choose(user.id, pictures=pictures, left_out=wanted)
            await tx.audit.add(
                "reviewer.chose",
                actor=actor_of(user),
                kind="user",
                object_id=user.id,
                details={"pictures": pictures.value, "left_out": list(wanted)},
            )

    async def _note(
        self, tx: Transaction, user: User, action: str, person: User, details: dict[str, str | bool]
    ) -> None:
        await tx.audit.add(
            action, actor=actor_of(user), kind="user", object_id=person.id, details=details
        )


def roles_for(user: User, person: User) -> tuple[Role, ...]:
    """The roles that somebody may give a person: none to themselves, to their equals or betters."""
    if not sees_staff(user) or user.id == person.id or not outranks(user, person):
        return ()
    below = LEVELS[: LEVELS.index(user.role)]
    return (Role.MEMBER, *below)


def may_leave_out(user: User) -> tuple[str, ...]:
    """The categories that somebody need not be offered; the owner is offered everything, so that
    nothing is left out by all."""
    return () if user.role is Role.OWNER else tuple(each.value for each in Category)


def _check_manager(user: User) -> None:
    """First of all, so that nobody else learns which numbers are somebody's."""
    if not sees_staff(user):
        raise NotPermitted


async def _somebody(tx: Transaction, user_id: int) -> User:
    person = await tx.users.get(user_id)
    if person.access is not Access.ALLOWED:
        raise NotFound
    return person


async def _member(tx: Transaction, user: User, person: User, code: str, unlocked: bool) -> Member:
    accounts = await tx.users.identities(person.id)
    factor = await tx.second_factors.of_user(person.id)
    return Member(
        user=person,
        code=code,
        password=await tx.passwords.of_user(person.id) is not None,
        factor=factor is not None and factor.confirmed,
        accounts=tuple(sorted({channel for channel, _ in accounts})),
        browsers=len(await tx.web_sessions.of_user(person.id, "")),
        unlocked=unlocked or person.role is Role.OWNER,
        roles=roles_for(user, person),
    )
