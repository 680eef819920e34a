"""What a reviewer should see, and why. Who sees it when: review_queue.py."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Boolean, bindparam, func, or_, select, text, update

from chat.moderation import Finding, Measure, Priority, Side, Verdict
from storage.repositories.base import Repository, insert, lockable
from storage.tables import flags
from storage.tables.flags import OPEN

_F = flags.c
IS_OPEN = text(OPEN)
IT = _F.id == bindparam("flag")
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
GET = lockable(select(*COLUMNS).where(IT), flags)
_OF_MESSAGE = lockable(
    select(*COLUMNS).where(_F.message_id == bindparam("message")).order_by(_F.id), flags
)
_OF_MESSAGES = select(*COLUMNS).where(_F.message_id.in_(bindparam("them", expanding=True)))
_OF_CONVERSATION = (
    select(*COLUMNS)
    .where(_F.conversation_id == bindparam("conversation"))
    .order_by(_F.id.desc())
    .limit(bindparam("most"))
)
_FOR_THEM = (
    _F.level.in_(bindparam("levels", expanding=True)),
    or_(~_F.locked, bindparam("unlocked", type_=Boolean())),
)
_SEEN_IN = (
    select(_F.conversation_id)
    .where(_F.conversation_id.in_(bindparam("them", expanding=True)), *_FOR_THEM)
    .distinct()
)
_NEWEST = select(*COLUMNS).where(*_FOR_THEM).order_by(_F.id.desc()).limit(bindparam("most"))
_OF_USER = (
    select(*COLUMNS)
    .where(_F.user_id == bindparam("user"))
    .order_by(_F.id.desc())
    .limit(bindparam("most"))
)
_MERGE = (
    update(flags)
    .where(IT)
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
_LOCK = update(flags).where(IT).values(locked=True)
_CLOSE = (
    update(flags)
    .where(IT, IS_OPEN)
    .values(state=bindparam("new_state"), decided_at=bindparam("now"))
)
_COUNT = select(func.count()).select_from(flags).where(IS_OPEN)
_OPEN_BY_RANK = (
    select(_F.rank, func.count(), func.min(_F.created_at)).where(IS_OPEN).group_by(_F.rank)
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
        return to_flag(await self._one(GET, flag=flag_id))

    async def of_message(self, message_id: int) -> list[Flag]:
        """All that were ever raised about a message."""
        return [to_flag(row) for row in await self._rows(_OF_MESSAGE, {"message": message_id})]

    async def of_messages(self, message_ids: Collection[int]) -> list[Flag]:
        """All that were ever raised about any of these messages."""
        return [to_flag(row) for row in await self._rows(_OF_MESSAGES, {"them": [*message_ids]})]

    async def of_user(self, user_id: int, *, most: int = 100) -> list[Flag]:
        """The newest about what somebody said, newest first."""
        return [to_flag(row) for row in await self._rows(_OF_USER, {"user": user_id, "most": most})]

    async def of_conversation(self, conversation_id: int, *, most: int = 1000) -> list[Flag]:
        """The newest of a conversation, newest first."""
        values = {"conversation": conversation_id, "most": most}
        return [to_flag(row) for row in await self._rows(_OF_CONVERSATION, values)]

    async def seen_in(
        self, conversation_ids: Collection[int], levels: Collection[str], *, unlocked: bool
    ) -> set[int]:
        """Those of these conversations in which anything of these levels was ever flagged; with
        `unlocked` also what is locked."""
        if not conversation_ids:
            return set()
        values = {"them": [*conversation_ids], "levels": [*levels], "unlocked": unlocked}
        return {int(row[0]) for row in await self._rows(_SEEN_IN, values)}

    async def newest(
        self, levels: Collection[str], *, unlocked: bool, most: int = 100
    ) -> list[Flag]:
        """The newest of these levels, open or decided; with `unlocked` also what is locked."""
        values = {"levels": [*levels], "unlocked": unlocked, "most": most}
        return [to_flag(row) for row in await self._rows(_NEWEST, values)]

    async def count_open(self) -> int:
        """How many wait for somebody."""
        return int((await self._one(_COUNT))[0])

    async def open_by_priority(self) -> dict[Priority, tuple[int, float]]:
        """How many wait for somebody, and since when the oldest does (epoch seconds)."""
        rows = await self._rows(_OPEN_BY_RANK)
        return {Priority(-rank): (count, oldest) for rank, count, oldest in rows}

    async def lock(self, flag_id: int) -> None:
        """Let only those see it who may see what is locked. Raises NotFound."""
        await self._change_one(_LOCK, flag=flag_id)

    async def close(self, flag_id: int, state: FlagState = FlagState.DECIDED) -> bool:
        """Nobody has to look at it any more; False where that was so already."""
        values = {"flag": flag_id, "new_state": state.value, "now": self._clock()}
        return await self._changed(_CLOSE, **values) == 1

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


def to_flag(row: Sequence[Any]) -> Flag:
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
