"""What each role may decide, and what needs two people."""

from __future__ import annotations

from chat.people import Role, User
from handlers.errors import HandlerError
from storage.database import Transaction
from storage.repositories import Flag, Habits, ReviewVerdict, Seat

MONTH = 30 * 24 * 3600.0
# From the least to the most; a flag's level is the first that may decide it.
LEVELS = (Role.REVIEWER, Role.MODERATOR, Role.ADMIN, Role.OWNER)
_VERDICTS = {
    Role.REVIEWER: {ReviewVerdict.DISMISS, ReviewVerdict.RELEASE, ReviewVerdict.WARN},
    Role.MODERATOR: set(ReviewVerdict) - {ReviewVerdict.EXPORT, ReviewVerdict.DELETE},
    Role.ADMIN: set(ReviewVerdict),
    Role.OWNER: set(ReviewVerdict),
}
# What is never decided by one person, however high: it opens or ends what is somebody else's.
OTHERS_DATA = frozenset({ReviewVerdict.REVEAL, ReviewVerdict.EXPORT, ReviewVerdict.DELETE})
# The role that may see what is locked away, where nobody was given the right by name.
UNLOCKED = frozenset({Role.OWNER})


class NotPermitted(HandlerError):
    """This role may not do that."""

    key = "review-not-permitted"


class Taken(HandlerError):
    """Somebody else looks at it, or has decided it."""

    key = "review-taken"


class TooLate(HandlerError):
    """It cannot be undone, seconded or reversed any more."""

    key = "review-too-late"


def reviews(user: User) -> bool:
    """Whether somebody looks at flags at all."""
    return user.role in LEVELS


def seat_of(user: User, habits: Habits | None = None) -> Seat:
    """What somebody sees of the queue, of which they may have chosen to leave some out. Raises
    NotPermitted."""
    if not reviews(user):
        raise NotPermitted
    habits = habits or Habits()
    mine = LEVELS.index(user.role)
    levels = tuple(role.value for role in LEVELS[: mine + 1])
    return Seat(user.id, levels, user.role in UNLOCKED or habits.unlocked, habits.left_out)


async def seat_in(tx: Transaction, user: User) -> Seat:
    """The same, with what somebody has chosen and may see by name. Raises NotPermitted."""
    if not reviews(user):
        raise NotPermitted
    return seat_of(user, await tx.reviewers.get(user.id))


def sees(seat: Seat, flag: Flag) -> bool:
    """Whether a flag is for somebody to see. What they have left out, they may still open."""
    return flag.level in seat.levels and (not flag.locked or seat.unlocked)


def check_verdict(user: User, verdict: ReviewVerdict, seconds: float | None) -> None:
    """Raises NotPermitted where the role may not decide this. A moderator shuts nobody out for
    longer than a month, and a reviewer nobody at all."""
    if verdict not in _VERDICTS.get(user.role, set()):
        raise NotPermitted
    timed = verdict in (ReviewVerdict.MUTE, ReviewVerdict.BAN)
    if timed and user.role is Role.MODERATOR and seconds is not None and seconds > MONTH:
        raise NotPermitted


def needs_two(verdict: ReviewVerdict, seconds: float | None) -> bool:
    """Whether a second person has to agree."""
    return verdict in OTHERS_DATA or (verdict is ReviewVerdict.BAN and seconds is None)


def seconders(verdict: ReviewVerdict) -> frozenset[Role]:
    """The roles that may agree to, or reject, such a decision where it needs two."""
    moderators = frozenset({Role.MODERATOR, Role.ADMIN, Role.OWNER})
    return frozenset(role for role in moderators if verdict in _VERDICTS[role])


def may_second(user: User) -> bool:
    """Whether somebody may agree to, or reject, some of what needs two."""
    return user.role in seconders(ReviewVerdict.BAN)


def outranks(user: User, other: User) -> bool:
    """Whether a decision about somebody is theirs: nobody decides about their equals or betters."""
    if other.role not in LEVELS:
        return True
    return LEVELS.index(user.role) > LEVELS.index(other.role)


def may_make(user: User, role: Role) -> bool:
    """Whether somebody may give a role: admins and owners, below their own."""
    if role not in LEVELS:
        return sees_staff(user)
    return sees_staff(user) and LEVELS.index(user.role) > LEVELS.index(role)


def sees_staff(user: User) -> bool:
    """Whether somebody may know who their colleagues are; others know them by pseudonyms."""
    return user.role in (Role.ADMIN, Role.OWNER)


def sees_person(user: User, other: User) -> bool:
    """Whether somebody may look at all that is known of a person: staff look at members, and only
    those who may know who their colleagues are look at staff."""
    return reviews(user) and (other.role not in LEVELS or sees_staff(user))


def sees_accounts(user: User) -> bool:
    """Whether somebody may know what messengers call a person, which leads to them elsewhere."""
    return may_second(user)
