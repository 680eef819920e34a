"""What a reviewer should see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Boolean, bindparam, func, or_, select, text, tuple_, update

from chat.moderation import Finding, Measure, Priority, Side, Verdict
from storage.repositories.base import AnyRow, Repository, insert, lockable
from storage.tables import flags
from storage.tables.flags import OPEN

NOTHING = 0  # no row has this id

_F = flags.c
_IS_OPEN = text(OPEN)
_IT = _F.id == bindparam("flag")
COLUMNS = (
    _F.id,
    _F.conversation_id,
    _F.message_id,
    _F.user_id,
    _F.turn_id,
    _F.side,
    _F.reason,
    _F.score,
    _F.rank,
    _F.findings,
    _F.proposed,
    _F.confirmed_by,
    _F.policy,
    _F.reports,
    _F.state,
    _F.level,
    _F.locked,
    _F.held,
    _F.claimed_by,
    _F.claimed_until,
    _F.snoozed_until,
    _F.created_at,
    _F.decided_at,
)
_ADD = insert(flags).returning(_F.id)
_GET = lockable(select(*COLUMNS).where(_IT), flags)
_OF_MESSAGE = lockable(
    select(*COLUMNS).where(_F.message_id == bindparam("message")).order_by(_F.id), flags
)
_OF_MESSAGES = select(*COLUMNS).where(_F.message_id.in_(bindparam("them", expanding=True)))
_OF_USER = (
    select(*COLUMNS)
    .where(_F.user_id == bindparam("user"))
    .order_by(_F.id.desc())
    .limit(bindparam("most"))
)
_MERGE = (
    update(flags)
    .where(_IT)
    .values(
        reason=bindparam("new_reason"),
        score=bindparam("new_score"),
        rank=bindparam("new_rank"),
        findings=bindparam("new_findings"),
        proposed=bindparam("new_proposed"),
        confirmed_by=bindparam("new_confirmed_by"),
        policy=bindparam("new_policy"),
        reports=bindparam("new_reports"),
        held=or_(_F.held, bindparam("new_held")),
        locked=or_(_F.locked, bindparam("new_locked")),
    )
)
_CAN_SEE = (
    _IS_OPEN,
    _F.level.in_(bindparam("levels", expanding=True)),
    or_(~_F.locked, bindparam("unlocked", type_=Boolean())),
    _F.snoozed_until <= bindparam("now"),
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
_CLAIM = (
    update(flags)
    .where(_IT, _IS_OPEN, _FREE)
    .values(claimed_by=bindparam("me"), claimed_until=bindparam("until"))
)
_UNCLAIM = (
    update(flags)
    .where(_IT, _F.claimed_by == bindparam("me"))
    .values(claimed_by=None, claimed_until=0.0)
)
_SNOOZE = (
    update(flags)
    .where(_IT, _IS_OPEN)
    .values(snoozed_until=bindparam("until"), claimed_by=None, claimed_until=0.0)
)
_ESCALATE = (
    update(flags)
    .where(_IT, _IS_OPEN)
    .values(level=bindparam("new_level"), claimed_by=None, claimed_until=0.0)
)
_CLOSE = (
    update(flags)
    .where(_IT, _IS_OPEN)
    .values(state=bindparam("new_state"), decided_at=bindparam("now"))
)
_REOPEN = (
    update(flags)
    .where(_IT, _F.state == "decided")
    .values(
        state="open",
        decided_at=None,
        claimed_by=bindparam("me"),
        claimed_until=bindparam("until"),
    )
)
_COUNT = select(func.count()).select_from(flags).where(_IS_OPEN)
_OPEN_BY_RANK = (
    select(_F.rank, func.count(), func.min(_F.created_at)).where(_IS_OPEN).group_by(_F.rank)
)


class FlagState(StrEnum):
    """Whether somebody still has to look at it."""

    OPEN = "open"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  # what was said is gone


class Flag(Struct, frozen=True):
    """A message that somebody should look at, and why; see FlagRow."""

    id: int
    conversation_id: int
    message_id: int | None
    user_id: int | None
    turn_id: int | None
    side: Side
    category: str
    score: float
    priority: Priority
    findings: tuple[Finding, ...]
    proposed: tuple[Measure, ...]
    confirmed_by: str
    policy: int
    reports: int
    state: FlagState
    level: str
    locked: bool
    held: bool
    claimed_by: int | None
    claimed_until: float
    snoozed_until: float
    created_at: float
    decided_at: float | None

    @property
    def categories(self) -> frozenset[str]:
        """All that was found."""
        return frozenset(finding.category for finding in self.findings)


class Seat(Struct, frozen=True):
    """Who looks at a queue, up to which levels, and whether also at what is locked."""

    user_id: int
    levels: tuple[str, ...]
    unlocked: bool = False


class Flags(Repository):
    """Flags in the order they were raised."""

    async def add(
        self,
        conversation_id: int,
        message_id: int | None,
        verdict: Verdict,
        *,
        side: Side,
        user_id: int | None = None,
        turn_id: int | None = None,
        held: bool = False,
        locked: bool = False,
        reports: int = 0,
    ) -> tuple[Flag, bool] | None:
        """Raise a flag, or add to the open one of the same message; whether it is a new one.

        None where somebody has decided the same of this message already, since nothing new is
        known: a turn may be answered several times."""
        known = await self.of_message(message_id) if message_id is not None else []
        fresh = frozenset(finding.category for finding in verdict.findings)
        for flag in known:
            if flag.state is FlagState.OPEN:
                merged = await self._merge(flag, verdict, held=held, locked=locked, reports=reports)
                return merged, False
        if any(flag.state is FlagState.DECIDED and fresh <= flag.categories for flag in known):
            return None
        row = await self._one(
            _ADD,
            conversation_id=conversation_id,
            message_id=message_id,
            user_id=user_id,
            turn_id=turn_id,
            side=side.value,
            reason=verdict.category,
            score=_score(verdict.findings),
            rank=-verdict.priority,
            findings=_json(verdict.findings),
            proposed=_json(verdict.proposed),
            confirmed_by=verdict.confirmed_by,
            policy=verdict.policy,
            reports=reports,
            held=held,
            locked=locked,
            created_at=self._clock(),
        )
        return await self.get(row[0]), True

    async def get(self, flag_id: int) -> Flag:
        """One. Raises NotFound."""
        return to_flag(await self._one(_GET, flag=flag_id))

    async def of_message(self, message_id: int) -> list[Flag]:
        """All that were ever raised about a message."""
        return [to_flag(row) for row in await self._rows(_OF_MESSAGE, {"message": message_id})]

    async def of_messages(self, message_ids: Collection[int]) -> list[Flag]:
        """All that were ever raised about any of these messages."""
        return [to_flag(row) for row in await self._rows(_OF_MESSAGES, {"them": [*message_ids]})]

    async def of_user(self, user_id: int, *, most: int = 100) -> list[Flag]:
        """The newest about what somebody said, newest first."""
        return [to_flag(row) for row in await self._rows(_OF_USER, {"user": user_id, "most": most})]

    async def count_open(self) -> int:
        """How many wait for somebody."""
        return int((await self._one(_COUNT))[0])

    async def open_by_priority(self) -> dict[Priority, tuple[int, float]]:
        """How many wait for somebody, and since when the oldest does (epoch seconds)."""
        rows = await self._rows(_OPEN_BY_RANK)
        return {Priority(-rank): (count, oldest) for rank, count, oldest in rows}

    async def queue(
        self, seat: Seat, *, most: int = 50, after: tuple[int, int] | None = None
    ) -> list[Flag]:
        """What waits for somebody with these rights, the most urgent first and then the oldest.

        `after` is the (minus priority, id) of the last one seen."""
        values = {**self._seen_from(seat), "most": most}
        query = _QUEUE
        if after is not None:
            query, values["after_rank"], values["after_id"] = _QUEUE_AFTER, *after
        return [to_flag(row) for row in await self._rows(query, values)]

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
        return await self.get(row[0])

    async def unclaim(self, flag_id: int, user_id: int) -> None:
        """Let go of a flag."""
        await self._changed(_UNCLAIM, flag=flag_id, me=user_id)

    async def snooze(self, flag_id: int, until: float) -> bool:
        """Have it come up again later (epoch seconds)."""
        return await self._changed(_SNOOZE, flag=flag_id, until=until) == 1

    async def escalate(self, flag_id: int, level: str) -> bool:
        """Leave it to people of a higher role."""
        return await self._changed(_ESCALATE, flag=flag_id, new_level=level) == 1

    async def close(self, flag_id: int, state: FlagState = FlagState.DECIDED) -> bool:
        """Nobody has to look at it any more; False where that was so already."""
        values = {"flag": flag_id, "new_state": state.value, "now": self._clock()}
        return await self._changed(_CLOSE, **values) == 1

    async def reopen(self, flag_id: int, user_id: int, *, seconds: float) -> bool:
        """Bring a decided one back, claimed by who looks at it again."""
        until = self._clock() + seconds
        return await self._changed(_REOPEN, flag=flag_id, me=user_id, until=until) == 1

    def _seen_from(self, seat: Seat) -> dict[str, Any]:
        return {"levels": [*seat.levels], "unlocked": seat.unlocked, "now": self._clock()}

    async def _merge(
        self, flag: Flag, verdict: Verdict, *, held: bool, locked: bool, reports: int
    ) -> Flag:
        findings = _merged(flag.findings, verdict.findings)
        graver = verdict.priority > flag.priority
        await self._change_one(
            _MERGE,
            flag=flag.id,
            new_reason=verdict.category if graver else flag.category,
            new_score=_score(findings),
            new_rank=-max(flag.priority, verdict.priority),
            new_findings=_json(findings),
            new_proposed=_json(tuple({*flag.proposed, *verdict.proposed})),
            new_confirmed_by=verdict.confirmed_by or flag.confirmed_by,
            new_policy=verdict.policy or flag.policy,
            new_reports=flag.reports + reports,
            new_held=held,
            new_locked=locked,
        )
        return await self.get(flag.id)


def to_flag(row: AnyRow) -> Flag:
    """A row of COLUMNS as a value."""
    values = dict(zip(Flag.__struct_fields__, row, strict=True))
    values["side"] = Side(values["side"])
    values["priority"] = Priority(-values["priority"])
    values["findings"] = msgspec.json.decode(values["findings"], type=tuple[Finding, ...])
    values["proposed"] = msgspec.json.decode(values["proposed"], type=tuple[Measure, ...])
    values["state"] = FlagState(values["state"])
    return Flag(**values)


def _merged(known: Sequence[Finding], fresh: Sequence[Finding]) -> tuple[Finding, ...]:
    """Of each check, category and side the surest finding, in the order they came."""
    surest: dict[tuple[str, str, Side], Finding] = {}
    for finding in (*known, *fresh):
        key = (finding.check, finding.category, finding.side)
        if key not in surest or finding.score > surest[key].score:
            surest[key] = finding
    return tuple(surest.values())


def _score(findings: Sequence[Finding]) -> float:
    return max((finding.score for finding in findings), default=0.0)


def _json(values: Sequence[Finding] | Sequence[Measure]) -> str:
    return msgspec.json.encode(values).decode()
