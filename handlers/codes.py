"""Codes that let people in: the owner's, invitations, and those that add a browser or messenger."""

from __future__ import annotations

from enum import StrEnum

from chat.people import Access, Role, Sender, User
from handlers.cleaning import clean_name
from handlers.moderation.noting import actor_of, note_user
from handlers.moderation.rights import LEVELS, may_make
from handlers.standing import WEB
from storage.database import Transaction
from storage.repositories import RedeemedCode


class CodeKind(StrEnum):
    """What a code is good for."""

    OWNER = "owner"
    INVITE = "invite"
    LINK = "link"  # one more browser or messenger for the same user


Identity = tuple[str, str]


async def redeem(
    tx: Transaction, code: str, *, identity: Identity | None, name: str = "", language: str = ""
) -> User | None:
    """The user whom a code lets in, under the given identity or as one of the web page.

    None where the code is no good: that is counted, and five wrong tries end an owner's code. An
    invitation is not used up by somebody who is in already."""
    known = await tx.users.by_identity(*identity) if identity else None
    try:
        redeemed = await _use(tx, code, known)
    except _InAlready:
        return known
    if redeemed is None:
        await tx.codes.wrong_try()
        return None
    if redeemed.kind == CodeKind.INVITE:
        return await _invited(tx, redeemed, known, identity, name, language)
    if redeemed.kind == CodeKind.OWNER:
        return await _owner(tx, redeemed.user_id, known, identity, name, language)
    if redeemed.user_id is None:
        return None
    return await _joined(tx, redeemed.user_id, identity)


class _InAlready(Exception):
    """An invitation was shown by somebody who needs none."""


async def _use(tx: Transaction, code: str, known: User | None) -> RedeemedCode | None:
    async with tx.savepoint():  # which the exception undoes
        redeemed = await tx.codes.redeem(code)
        inside = known is not None and known.access is Access.ALLOWED
        if redeemed is not None and redeemed.kind == CodeKind.INVITE and inside:
            assert known is not None
            if not await _gives(tx, redeemed, known):
                raise _InAlready
        return redeemed


async def _gives(tx: Transaction, redeemed: RedeemedCode, user: User) -> Role | None:
    """The role that an invitation still gives somebody: whoever invited has to stand above it now,
    and nobody is made less than they are."""
    if not redeemed.role or redeemed.made_by is None:
        return None
    role, inviter = Role(redeemed.role), await tx.users.get_or_none(redeemed.made_by)
    if inviter is None or not may_make(inviter, role):
        return None
    more = user.role not in LEVELS or LEVELS.index(role) > LEVELS.index(user.role)
    return role if more else None


async def _invited(
    tx: Transaction,
    redeemed: RedeemedCode,
    known: User | None,
    identity: Identity | None,
    name: str,
    language: str,
) -> User | None:
    user = known or await _new_user(tx, identity, name, language)
    if user.access is Access.BLOCKED:
        return None
    if user.access is not Access.ALLOWED:
        await tx.users.set_access(user.id, Access.ALLOWED)
    role = await _gives(tx, redeemed, user)
    if role is not None:
        await tx.users.set_role(user.id, role)
    after = await tx.users.get(user.id)
    await tx.audit.add(
        "invitation.used",
        actor=actor_of(after),
        kind="invitation",
        object_id=redeemed.id,
        details={"by": redeemed.made_by, "role": after.role.value},
    )
    return after


async def _owner(
    tx: Transaction,
    user_id: int | None,
    known: User | None,
    identity: Identity | None,
    name: str,
    language: str,
) -> User:
    """There is one owner by code: who holds a second owner's code is the same person."""
    owners = await tx.users.owners()
    if user_id is None and owners:
        user_id = owners[0].id
    if user_id is not None:
        return await _joined(tx, user_id, identity)
    user = known or await _new_user(tx, identity, name, language)
    await tx.users.set_role(user.id, Role.OWNER)
    await tx.users.set_access(user.id, Access.ALLOWED)
    await note_user(tx, "access.owner", user.id, by=user)
    return await tx.users.get(user.id)


async def _joined(tx: Transaction, user_id: int, identity: Identity | None) -> User:
    """Make an identity, and the conversations held under it, this user's."""
    channel, external_id = identity or (WEB, str(user_id))
    holder = await tx.users.by_identity(channel, external_id)
    if holder is None or holder.id != user_id:
        await tx.users.link(user_id, channel, external_id)
        joined = await tx.users.get(user_id)
        await note_user(tx, "identity.linked", user_id, by=joined, details={"channel": channel})
    return await tx.users.get(user_id)


async def _new_user(tx: Transaction, identity: Identity | None, name: str, language: str) -> User:
    if identity is None:
        return await add_web_user(tx, name=name, language=language, access=Access.STRANGER)
    channel, external_id = identity
    return await tx.users.ensure(channel, Sender(external_id, clean_name(name), language[:35]))


async def add_web_user(tx: Transaction, *, name: str, language: str, access: Access) -> User:
    """A new user of the web page; the identity there is the user's own number."""
    user = await tx.users.add(clean_name(name), language[:35], Role.MEMBER, access)
    await tx.users.link(user.id, WEB, str(user.id))
    return user
