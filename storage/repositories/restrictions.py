"""Warnings, strikes, mutes and bans."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, or_, select, update

from storage.repositories.base import AnyRow, Repository, insert
from storage.tables import restrictions
from storage.tables.base import Id

_R = restrictions.c
COLUMNS = (
    _R.id,
    _R.user_id,
    _R.kind,
    _R.category,
    _R.reason,
    _R.policy,
    _R.flag_id,
    _R.decision_id,
    _R.decided_by,
    _R.created_at,
    _R.until,
    _R.lifted_at,
    _R.lifted_by,
)
_ADD = insert(restrictions).returning(_R.id)
_GET = select(*COLUMNS).where(_R.id == bindparam("restriction"))
_OF_USER = select(*COLUMNS).where(_R.user_id == bindparam("user")).order_by(_R.id)
_COUNTS = (
    _R.user_id == bindparam("user"),
    _R.lifted_at.is_(None),
    or_(_R.until.is_(None), _R.until > bindparam("now")),
)
_IN_FORCE = select(*COLUMNS).where(*_COUNTS).order_by(_R.id)
_LIFT = (
    update(restrictions)
    .where(_R.id == bindparam("restriction"), _R.lifted_at.is_(None))
    .values(lifted_at=bindparam("now"), lifted_by=bindparam("by"))
)


_FOLLOWING = (
    select(*COLUMNS)
    .where(
        _R.user_id == bindparam("user"),
        _R.id > bindparam("first"),
        _R.created_at <= bindparam("until"),
        _R.kind.in_(("mute", "ban")),
        _R.decided_by.is_(None),
        _R.decision_id.is_(None),
        _R.flag_id.is_not_distinct_from(bindparam("flag", type_=Id)),
        _R.lifted_at.is_(None),
    )
    .order_by(_R.id)
)
AT_ONCE = 5.0  # seconds: what is written in one transaction lies closer together


class RestrictionKind(StrEnum):
    """From the mildest to the gravest."""

    WARNING = "warning"
    STRIKE = "strike"
    MUTE = "mute"
    BAN = "ban"


class Restriction(Struct, frozen=True):
    """What somebody was told off for, or may not do; see RestrictionRow."""

    id: int
    user_id: int
    kind: RestrictionKind
    category: str
    reason: str
    policy: int
    flag_id: int | None
    decision_id: int | None
    decided_by: int | None
    created_at: float
    until: float | None
    lifted_at: float | None = None
    lifted_by: int | None = None


class Restrictions(Repository):
    """Restrictions in the order in which they began; ended ones are kept."""

    async def add(
        self,
        user_id: int,
        kind: RestrictionKind,
        *,
        category: str,
        until: float | None,
        reason: str = "",
        policy: int = 0,
        flag_id: int | None = None,
        decision_id: int | None = None,
        decided_by: int | None = None,
    ) -> Restriction:
        """Restrict somebody from now on, until a time (epoch seconds) or for good."""
        now = self._clock()
        row = await self._one(
            _ADD,
            user_id=user_id,
            kind=kind.value,
            category=category,
            reason=reason,
            policy=policy,
            flag_id=flag_id,
            decision_id=decision_id,
            decided_by=decided_by,
            created_at=now,
            until=until,
            lifted_at=None,
            lifted_by=None,
        )
        return await self.get(row[0])

    async def get(self, restriction_id: int) -> Restriction:
        """One. Raises NotFound."""
        return _restriction(await self._one(_GET, restriction=restriction_id))

    async def of_user(self, user_id: int) -> list[Restriction]:
        """All there ever were."""
        return [_restriction(row) for row in await self._rows(_OF_USER, {"user": user_id})]

    async def in_force(self, user_id: int) -> list[Restriction]:
        """Those that count now."""
        values = {"user": user_id, "now": self._clock()}
        return [_restriction(row) for row in await self._rows(_IN_FORCE, values)]

    async def following(self, strike: Restriction) -> list[Restriction]:
        """What rules added by themselves to a strike for the same message, up their ladder, and
        nobody has lifted."""
        values = {
            "user": strike.user_id,
            "first": strike.id,
            "until": strike.created_at + AT_ONCE,
            "flag": strike.flag_id,
        }
        return [_restriction(row) for row in await self._rows(_FOLLOWING, values)]

    async def lift(self, restriction_id: int, *, by: int | None) -> bool:
        """End one before its time; False where it had been lifted."""
        values = {"restriction": restriction_id, "now": self._clock(), "by": by}
        return await self._changed(_LIFT, **values) == 1


def _restriction(row: AnyRow) -> Restriction:
    id_, user_id, kind, *rest = row
    return Restriction(id_, user_id, RestrictionKind(kind), *rest)
