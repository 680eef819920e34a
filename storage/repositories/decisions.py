"""What was decided about flags and people."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from sqlalchemy import bindparam, select, text, update

from storage.repositories.base import AnyRow, Repository, insert, lockable
from storage.tables import decisions
from storage.tables.decisions import DUE

_D = decisions.c
_IT = _D.id == bindparam("decision")
COLUMNS = (
    _D.id,
    _D.flag_id,
    _D.user_id,
    _D.conversation_id,
    _D.message_id,
    _D.decided_by,
    _D.verdict,
    _D.seconds,
    _D.category,
    _D.policy,
    _D.note,
    _D.state,
    _D.alone,
    _D.created_at,
    _D.due_at,
    _D.seconded_by,
    _D.reversed_by,
    _D.ended_at,
)
_ADD = insert(decisions).returning(_D.id)
_GET = lockable(select(*COLUMNS).where(_IT), decisions)
_OF_FLAG = select(*COLUMNS).where(_D.flag_id == bindparam("flag")).order_by(_D.id)
_OF_USER = (
    select(*COLUMNS)
    .where(_D.user_id == bindparam("user"))
    .order_by(_D.id.desc())
    .limit(bindparam("most"))
)
_DUE = lockable(
    select(*COLUMNS)
    .where(text(DUE), _D.due_at <= bindparam("now"))
    .order_by(_D.due_at, _D.id)
    .limit(bindparam("most")),
    decisions,
)
_WAITING = select(*COLUMNS).where(text(DUE), _D.state == "waiting").order_by(_D.id)
_MOVE = (
    update(decisions)
    .where(_IT, _D.state == bindparam("from_state"))
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("new_due"),
        seconded_by=bindparam("second"),
        reversed_by=bindparam("reverser"),
        ended_at=bindparam("end"),
    )
)


class DecisionState(StrEnum):
    """How far a decision has come."""

    COUNTING = "counting"  # it can be undone without a trace in anybody's chat
    WAITING = "waiting"  # for a second person, or for the time that stands in for one
    IN_FORCE = "in-force"
    UNDONE = "undone"
    REJECTED = "rejected"  # by the second person
    REVERSED = "reversed"


class ReviewVerdict(StrEnum):
    """What a reviewer may decide."""

    DISMISS = "dismiss"  # nothing is wrong
    RELEASE = "release"  # let a held question through
    REMOVE = "remove"  # the message is not shown to the model or to anybody any more
    WARN = "warn"
    STRIKE = "strike"
    MUTE = "mute"
    BAN = "ban"
    # About what is somebody's; never without a second person.
    REVEAL = "reveal"  # read a conversation in which nothing was flagged
    EXPORT = "export"  # take everything of a person along
    DELETE = "delete"  # everything of a person


class Decision(Struct, frozen=True):
    """See DecisionRow. Times are epoch seconds, `seconds` the length of a mute or ban, None for
    good."""

    id: int
    flag_id: int | None
    user_id: int | None
    conversation_id: int | None
    message_id: int | None
    decided_by: int | None
    verdict: ReviewVerdict
    seconds: float | None
    category: str
    policy: int
    note: str
    state: DecisionState
    alone: bool
    created_at: float
    due_at: float
    seconded_by: int | None = None
    reversed_by: int | None = None
    ended_at: float | None = None


class Decisions(Repository):
    """Decisions in the order in which they were made."""

    async def add(
        self,
        verdict: ReviewVerdict,
        *,
        decided_by: int | None,
        category: str,
        policy: int,
        state: DecisionState,
        due_at: float,
        flag_id: int | None = None,
        user_id: int | None = None,
        conversation_id: int | None = None,
        message_id: int | None = None,
        seconds: float | None = None,
        note: str = "",
        alone: bool = False,
    ) -> Decision:
        """Write a decision down; what follows from it happens when it is due."""
        values = {
            "flag_id": flag_id,
            "user_id": user_id,
            "conversation_id": conversation_id,
            "message_id": message_id,
            "decided_by": decided_by,
            "verdict": verdict.value,
            "seconds": seconds,
            "category": category,
            "policy": policy,
            "note": note,
            "state": state.value,
            "alone": alone,
            "created_at": self._clock(),
            "due_at": due_at,
        }
        row = await self._one(_ADD, **values, seconded_by=None, reversed_by=None, ended_at=None)
        return await self.get(row[0])

    async def get(self, decision_id: int) -> Decision:
        """One. Raises NotFound."""
        return to_decision(await self._one(_GET, decision=decision_id))

    async def of_flag(self, flag_id: int) -> list[Decision]:
        """All about one flag."""
        return [to_decision(row) for row in await self._rows(_OF_FLAG, {"flag": flag_id})]

    async def of_user(self, user_id: int, *, most: int = 100) -> list[Decision]:
        """The newest about a person, newest first."""
        values = {"user": user_id, "most": most}
        return [to_decision(row) for row in await self._rows(_OF_USER, values)]

    async def due(self, most: int = 50) -> list[Decision]:
        """Those whose time has come; locked on PostgreSQL."""
        values = {"now": self._clock(), "most": most}
        return [to_decision(row) for row in await self._rows(_DUE, values)]

    async def waiting(self) -> list[Decision]:
        """Those that wait for a second person."""
        return [to_decision(row) for row in await self._rows(_WAITING)]

    async def move(
        self,
        decision: Decision,
        state: DecisionState,
        *,
        due_at: float | None = None,
        seconded_by: int | None = None,
        reversed_by: int | None = None,
    ) -> bool:
        """Bring it into another state; False where somebody else has been quicker."""
        going_on = state in (DecisionState.COUNTING, DecisionState.WAITING)
        ended = decision.ended_at if going_on else self._clock()
        return (
            await self._changed(
                _MOVE,
                decision=decision.id,
                from_state=decision.state.value,
                to_state=state.value,
                new_due=decision.due_at if due_at is None else due_at,
                second=seconded_by or decision.seconded_by,
                reverser=reversed_by or decision.reversed_by,
                end=ended,
            )
            == 1
        )


def to_decision(row: AnyRow) -> Decision:
    """A row of COLUMNS as a value."""
    values = dict(zip(Decision.__struct_fields__, row, strict=True))
    values["verdict"] = ReviewVerdict(values["verdict"])
    values["state"] = DecisionState(values["state"])
    return Decision(**values)
