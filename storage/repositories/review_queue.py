"""The queue of flags: who is offered which one, who looks at it now, when it comes up again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec import Struct
from sqlalchemy import Boolean, Integer, String, bindparam, func, or_, select, tuple_, update

from chat.moderation import Priority
from storage.repositories.base import Repository
from storage.repositories.flags import COLUMNS, GET, IS_OPEN, IT, Flag, to_flag
from storage.tables import flags
from storage.tables.base import Id

NOTHING = 0  # no row has this id
NO_CATEGORY = ""  # nor is any category called so

_F = flags.c
_CAN_SEE = (
    IS_OPEN,
    _F.level.in_(bindparam("levels", expanding=True)),
    or_(~_F.locked, bindparam("unlocked", type_=Boolean())),
    _F.snoozed_until <= bindparam("now"),
    _F.reason.not_in(bindparam("left_out", expanding=True)),
)
_FREE = or_(
    _F.claimed_by.is_(None),
    _F.claimed_until <= bindparam("now"),
    _F.claimed_by == bindparam("me"),
)
_QUEUE = select(*COLUMNS).where(*_CAN_SEE).order_by(_F.rank, _F.id).limit(bindparam("most"))
_QUEUE_AFTER = _QUEUE.where(
    tuple_(_F.rank, _F.id) > tuple_(bindparam("after_rank"), bindparam("after_id"))
)
_NEXT = (
    select(_F.id)
    .where(*_CAN_SEE, _FREE, _F.id.not_in(bindparam("but", expanding=True)))
    .order_by(_F.rank, _F.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=flags)
)
_ANY_CATEGORY, _ANY_PRIORITY = "", 0
_CATEGORY = bindparam("category", type_=String())
_RANK = bindparam("rank", type_=Integer())
_PERSON = bindparam("person", type_=Id)
_ALIKE = (
    select(*COLUMNS)
    .where(
        *_CAN_SEE,
        _FREE,
        or_(_CATEGORY == _ANY_CATEGORY, _F.reason == _CATEGORY),
        or_(_RANK == _ANY_PRIORITY, _F.rank == _RANK),
    )
    .order_by(_F.rank, _F.id)
    .limit(bindparam("most"))
)
# A query of its own: it looks among the flags of one person, not among all that are open.
_ALIKE_OF_PERSON = _ALIKE.where(_F.user_id == _PERSON)
_REASONS = (
    select(_F.reason, func.count()).where(*_CAN_SEE, _FREE).group_by(_F.reason).order_by(_F.reason)
)
_CLAIM = (
    update(flags)
    .where(IT, IS_OPEN, _FREE)
    .values(claimed_by=bindparam("me"), claimed_until=bindparam("until"))
)
_UNCLAIM = (
    update(flags)
    .where(IT, _F.claimed_by == bindparam("me"))
    .values(claimed_by=None, claimed_until=0.0)
)
_SNOOZE = (
    update(flags)
    .where(IT, IS_OPEN)
    .values(snoozed_until=bindparam("until"), claimed_by=None, claimed_until=0.0)
)
_ESCALATE = (
    update(flags)
    .where(IT, IS_OPEN)
    .values(level=bindparam("new_level"), claimed_by=None, claimed_until=0.0)
)
_REOPEN = (
    update(flags)
    .where(IT, _F.state == "decided")
    .values(
        state="open",
        decided_at=None,
        claimed_by=bindparam("me"),
        claimed_until=bindparam("until"),
    )
)


class Seat(Struct, frozen=True):
    """Who looks at a queue, up to which levels, whether also at what is locked; flags whose leading
    category is one of `left_out` are not offered to them."""

    user_id: int
    levels: tuple[str, ...]
    unlocked: bool = False
    left_out: tuple[str, ...] = ()


class ReviewQueue(Repository):
    """Open flags, the most urgent first and then the oldest."""

    async def page(
        self, seat: Seat, *, most: int = 50, after: tuple[int, int] | None = None
    ) -> list[Flag]:
        """What waits for somebody with this seat, the most urgent first and then the oldest.

        `after` is the (minus priority, id) of the last one seen."""
        values = {**self._seen_from(seat), "most": most}
        query = _QUEUE
        if after is not None:
            query, values["after_rank"], values["after_id"] = _QUEUE_AFTER, *after
        return [to_flag(row) for row in await self._rows(query, values)]

    async def alike(
        self,
        seat: Seat,
        *,
        category: str = "",
        priority: Priority | None = None,
        person: int | None = None,
        most: int = 100,
    ) -> list[Flag]:
        """What waits, nobody looks at and has all that is asked, in the order of the queue."""
        values = {
            **self._seen_from(seat),
            "me": seat.user_id,
            "category": category or _ANY_CATEGORY,
            "rank": _ANY_PRIORITY if priority is None else -priority,
            "most": most,
        }
        query = _ALIKE
        if person is not None:
            query, values["person"] = _ALIKE_OF_PERSON, person
        return [to_flag(row) for row in await self._rows(query, values)]

    async def reasons(self, seat: Seat) -> dict[str, int]:
        """How many wait that nobody looks at, by leading category."""
        rows = await self._rows(_REASONS, {**self._seen_from(seat), "me": seat.user_id})
        return {str(reason): int(count) for reason, count in rows}

    async def claim(self, flag_id: int, seat: Seat, *, seconds: float) -> bool:
        """Take a flag, or keep it for longer; False where somebody else looks at it, or it is
        decided."""
        now = self._clock()
        values = {"flag": flag_id, "me": seat.user_id, "now": now, "until": now + seconds}
        return await self._changed(_CLAIM, **values) == 1

    async def claim_next(
        self, seat: Seat, *, seconds: float, but: Collection[int] = ()
    ) -> Flag | None:
        """Take the most urgent flag that nobody looks at; None where there is none."""
        values = {**self._seen_from(seat), "me": seat.user_id, "but": [NOTHING, *but]}
        row = (await self._execute(_NEXT, values)).first()
        if row is None or not await self.claim(row[0], seat, seconds=seconds):
            return None
        return to_flag(await self._one(GET, flag=row[0]))

    async def unclaim(self, flag_id: int, user_id: int) -> None:
        """Let go of a flag."""
        await self._changed(_UNCLAIM, flag=flag_id, me=user_id)

    async def snooze(self, flag_id: int, until: float) -> bool:
        """Have it come up again later (epoch seconds)."""
        return await self._changed(_SNOOZE, flag=flag_id, until=until) == 1

    async def escalate(self, flag_id: int, level: str) -> bool:
        """Leave it to people of a higher role."""
        return await self._changed(_ESCALATE, flag=flag_id, new_level=level) == 1

    async def reopen(self, flag_id: int, user_id: int, *, seconds: float) -> bool:
        """Bring a decided one back, claimed by who looks at it again."""
        until = self._clock() + seconds
        return await self._changed(_REOPEN, flag=flag_id, me=user_id, until=until) == 1

    def _seen_from(self, seat: Seat) -> dict[str, Any]:
        return {
            "levels": [*seat.levels],
            "unlocked": seat.unlocked,
            "left_out": [NO_CATEGORY, *seat.left_out],
            "now": self._clock(),
        }
