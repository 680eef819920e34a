"""Who hears an appeal: somebody other than those who decided, and who outranks the person."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from chat.people import Role, User
from handlers.errors import NotFound
from handlers.moderation.rights import (
    may_second,
    outranks,
    seat_of,
    seconders,
    sees,
    sees_person,
)
from storage.database import Transaction
from storage.repositories import Appeal, Decision, Flag, Habits, Restriction, ReviewVerdict


class Standing(StrEnum):
    """What somebody may do about an appeal."""

    HEARS = "hears"
    ALONE = "alone"  # they took part, but there is nobody else
    TOOK_PART = "took-part"
    OUTRANKED = "outranked"


class Matter(Struct, frozen=True):
    """An appeal with what it is against; `flag` is None where there was none, or it is gone, and
    `decision` where a program decided."""

    appeal: Appeal
    restriction: Restriction
    subject: User
    decision: Decision | None = None
    flag: Flag | None = None

    @property
    def parties(self) -> frozenset[int | None]:
        """Those who cannot be the other person who looks again: the person, who decided, and who
        agreed to it."""
        seconded_by = self.decision.seconded_by if self.decision else None
        return frozenset({self.subject.id, self.restriction.decided_by, seconded_by})


async def matter_of(tx: Transaction, appeal: Appeal) -> Matter:
    """All that an appeal is about."""
    restriction = await tx.restrictions.get(appeal.restriction_id)
    subject = await tx.users.get(appeal.user_id)
    decision = await _decision(tx, restriction)
    return Matter(appeal, restriction, subject, decision, await _flag(tx, restriction))


class Bench(Struct, frozen=True):
    """All who may decide appeals, and those of them who see by name what is locked."""

    members: Collection[User]
    unlocked: Collection[int] = ()

    def sees(self, user: User, matter: Matter) -> bool:
        """Whether an appeal is for somebody to see: those who decide them, as far as they may see
        the person and what was flagged."""
        if not may_second(user) or not sees_person(user, matter.subject):
            return False
        seat = seat_of(user, Habits(unlocked=user.id in self.unlocked))
        return matter.flag is None or sees(seat, matter.flag)

    def standing(self, user: User, matter: Matter) -> Standing:
        """What somebody may do about an appeal that they see."""
        if self._hears(user, matter):
            return Standing.HEARS
        if user.id not in matter.parties:
            return Standing.OUTRANKED
        others = any(self._hears(other, matter) for other in self.members)
        return Standing.ALONE if user.role is Role.OWNER and not others else Standing.TOOK_PART

    def _hears(self, user: User, matter: Matter) -> bool:
        above = user.role is Role.OWNER or outranks(user, matter.subject)
        return self.sees(user, matter) and above and user.id not in matter.parties


async def bench(tx: Transaction) -> Bench:
    """Who there is now."""
    return Bench(
        await tx.users.with_roles(seconders(ReviewVerdict.BAN)), await tx.reviewers.unlocked()
    )


async def _decision(tx: Transaction, restriction: Restriction) -> Decision | None:
    return await tx.decisions.get(restriction.decision_id) if restriction.decision_id else None


async def _flag(tx: Transaction, restriction: Restriction) -> Flag | None:
    if restriction.flag_id is None:
        return None
    try:
        return await tx.flags.get(restriction.flag_id)
    except NotFound:
        return None  # deleted with its conversation
