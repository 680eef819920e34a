"""Invitations: made by those who run the assistant, with a role where they stand above it."""

from __future__ import annotations

from chat.people import Role, User
from handlers.codes import CodeKind
from handlers.errors import NotFound
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted, may_make
from storage.database import Transaction

DAY = 24 * 3600


async def make_invitation(
    tx: Transaction,
    user: User,
    *,
    uses: int,
    days: int,
    now: float,
    role: Role = Role.MEMBER,
    allowed_by: User | None = None,
) -> str:
    """A code that lets so many people in within so many days, and makes them what `role` says.

    `allowed_by` is the owner who has agreed to the role. Raises NotPermitted."""
    if not may_make(user, role):
        raise NotPermitted
    if role is not Role.MEMBER and (allowed_by or user).role is not Role.OWNER:
        raise NotPermitted
    code = await tx.codes.add(
        CodeKind.INVITE,
        uses=uses,
        expires_at=now + days * DAY,
        role="" if role is Role.MEMBER else role.value,
        made_by=user.id,
    )
    await tx.audit.add(
        "invitation.made",
        actor=actor_of(allowed_by or user),
        kind="invitation",
        object_id=await tx.codes.number_of(code),
        details={"role": role.value, "uses": uses, "days": days, "for": user.id},
    )
    return code


async def revoke_invitation(tx: Transaction, user: User, number: int) -> None:
    """End an invitation that would still be taken. Raises NotPermitted and NotFound."""
    if not may_make(user, Role.MEMBER):
        raise NotPermitted
    known = {each.id: each for each in await tx.codes.invitations(most=1000)}
    if number not in known:
        raise NotFound
    if not may_make(user, Role(known[number].role or Role.MEMBER)):
        raise NotPermitted
    if not await tx.codes.revoke_invitation(number):
        raise NotFound
    await tx.audit.add(
        "invitation.revoked", actor=actor_of(user), kind="invitation", object_id=number
    )
