"""Ending a restriction before its time."""

from __future__ import annotations

from chat.people import User
from handlers.moderation.noting import actor_of
from handlers.moderation.rights import NotPermitted, may_second, outranks
from storage.database import Transaction
from storage.repositories import Restriction


def may_lift(user: User, subject: User) -> bool:
    """Whether somebody may end what restricts a person: as with decisions, nobody does for
    themselves, their equals or their betters."""
    return may_second(user) and user.id != subject.id and outranks(user, subject)


def check_lifting(user: User, subject: User) -> None:
    """Raises NotPermitted where somebody may not."""
    if not may_lift(user, subject):
        raise NotPermitted


async def lift(tx: Transaction, user: User, restriction: Restriction) -> bool:
    """End it, and say so in the audit log; False where somebody was quicker. Whether they may is
    for the caller to check."""
    lifted = await tx.restrictions.lift(restriction.id, by=user.id)
    if lifted:
        await tx.audit.add(
            "restriction.lifted",
            actor=actor_of(user),
            kind="restriction",
            object_id=restriction.id,
            details={"kind": restriction.kind.value, "user": restriction.user_id},
        )
    return lifted
