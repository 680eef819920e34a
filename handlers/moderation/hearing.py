"""Who hears an appeal: somebody other than those who decided, and who outranks the person."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from msgspec import Struct

from chat.people import Role, User
from handlers.errors import NotFound
from handlers.moderation.rights import may_second, outranks, seat_of, sees_person
from storage.database import Transaction
from storage.repositories import Appeal, Decision, Flag, Restriction


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


def sees(user: User, matter: Matter) -> bool:
    """Whether an appeal is for somebody to see: those who decide them, as far as they may see the
    person and what was flagged."""
    return may_second(user) and sees_person(user, matter.subject) and _sees_flag(user, matter.flag)


def standing(user: User, matter: Matter, colleagues: Collection[User]) -> Standing:
    """What somebody may do about an appeal that they see; `colleagues` are all who may decide
    any."""
    if _hears(user, matter):
        return Standing.HEARS
    if user.id not in matter.parties:
        return Standing.OUTRANKED
    others = any(_hears(other, matter) for other in colleagues)
    return Standing.ALONE if user.role is Role.OWNER and not others else Standing.TOOK_PART


def _hears(user: User, matter: Matter) -> bool:
    above = user.role is Role.OWNER or outranks(user, matter.subject)
    return sees(user, matter) and above and user.id not in matter.parties


def _sees_flag(user: User, flag: Flag | None) -> bool:
    seat = seat_of(user)
    return flag is None or (flag.level in seat.levels and (seat.unlocked or not flag.locked))


async def _decision(tx: Transaction, restriction: Restriction) -> Decision | None:
    return await tx.decisions.get(restriction.decision_id) if restriction.decision_id else None


async def _flag(tx: Transaction, restriction: Restriction) -> Flag | None:
    if restriction.flag_id is None:
        return None
    try:
        return await tx.flags.get(restriction.flag_id)
    except NotFound:
        return None  # deleted with its conversation
