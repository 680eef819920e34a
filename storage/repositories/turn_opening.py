"""Turns until a worker takes them: opened, joined, queued, or stopped before they began."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, or_, select, text, update

from chat.messages import AttachmentState
from chat.turns import Turn, TurnState
from storage.repositories.base import Lockable, Repository, insert, lockable
from storage.repositories.conversations import TOUCH
from storage.repositories.turn_rows import (
    COLUMNS,
    FULL,
    IS_UNFINISHED,
    IT,
    QUEUED,
    RUNNING,
    T,
    condition,
    to_turn,
)
from storage.tables import attachments, conversations, message_attachments, messages, turns

_OF_CONVERSATION = T.conversation_id == bindparam("conversation")
_COLLECTING = condition("state = 'collecting'")
_WAITS = T.state != TurnState.RUNNING.value
_NOW: BindParameter[Any] = bindparam("now")

_COUNTS = (
    select(T.state, func.count())
    .where(or_(IS_UNFINISHED, T.created_at >= bindparam("since")))
    .group_by(T.state)
)
_OPEN = insert(turns).returning(T.id)
_GET = lockable(FULL.where(IT), turns)
_COLLECTING_ONE = lockable(FULL.where(_OF_CONVERSATION, _COLLECTING), turns)
_QUEUED_ONE = lockable(
    FULL.where(
        _OF_CONVERSATION,
        IS_UNFINISHED,
        T.state == TurnState.QUEUED.value,
        T.attempt == 0,
        T.postponed_since.is_(None),
    )
    .order_by(T.id.desc())
    .limit(1),
    turns,
)
_LATEST = lockable(FULL.where(_OF_CONVERSATION).order_by(T.id.desc()).limit(1), turns)
_UNFINISHED = lockable(FULL.where(_OF_CONVERSATION, IS_UNFINISHED).order_by(T.id), turns)
_EXTEND = update(turns).where(IT, _COLLECTING).values(due_at=bindparam("new_due_at"))
# As workers take them: everybody's first, everybody's second, and what runs is somebody's first.
_RANKED = (
    select(
        T.id,
        T.state,
        func.row_number()
        .over(partition_by=conversations.c.user_id, order_by=(case((RUNNING, 0), else_=1), T.id))
        .label("rank"),
    )
    .join(conversations, conversations.c.id == T.conversation_id)
    .where(IS_UNFINISHED)
    .subquery("ranked")
)
_LINE = (
    select(_RANKED.c.id)
    .where(_RANKED.c.state != TurnState.RUNNING.value)
    .order_by(_RANKED.c.rank, _RANKED.c.id)
)
_WAITING = select(func.count()).where(IS_UNFINISHED, _WAITS)
# The sum keeps both databases from going through all conversations that the person ever had, of
# which there may be any number; what is unfinished is bounded.
_UNFINISHED_OF = (
    select(func.count())
    .select_from(turns.join(conversations, conversations.c.id == T.conversation_id))
    .where(IS_UNFINISHED, conversations.c.user_id + 0 == bindparam("user"))
)
_OLDEST = select(func.min(T.asked_at)).where(IS_UNFINISHED, _WAITS)
_MISSING_PICTURE = (
    select(messages.c.id)
    .join(message_attachments, message_attachments.c.message_id == messages.c.id)
    .join(attachments, attachments.c.id == message_attachments.c.attachment_id)
    .where(
        messages.c.turn_id == T.id,
        ~messages.c.superseded,
        attachments.c.state == AttachmentState.PENDING.value,
    )
    .correlate(turns)
    .exists()
)
_PROMOTE = (
    update(turns)
    .where(_COLLECTING, T.due_at <= _NOW, ~_MISSING_PICTURE)
    .values(state=TurnState.QUEUED.value)
)
_PROMOTE_ALL = _PROMOTE.returning(*COLUMNS)
_PROMOTE_ONE = _PROMOTE.where(IT)
_END_WAITING = (
    update(turns)
    .where(IT, IS_UNFINISHED, _WAITS)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        cancel_requested=bindparam("new_cancel"),
        ended_at=_NOW,
    )
    .returning(T.conversation_id)
)
_FLAG = update(turns).where(IT, RUNNING).values(cancel_requested=True)
_OLDER = turns.alias("older")
CLAIMABLE = (
    QUEUED,
    T.not_before <= _NOW,
    ~_MISSING_PICTURE,  # of an album whose last piece came late
    ~select(_OLDER.c.id)
    .where(
        _OLDER.c.conversation_id == T.conversation_id,
        text("older.state IN ('collecting', 'queued', 'running')"),
        (_OLDER.c.id < T.id) | (_OLDER.c.state == TurnState.RUNNING.value),
    )
    .correlate(turns)
    .exists(),
)
_TO_HINT = select(T.conversation_id).where(*CLAIMABLE).order_by(T.id).limit(bindparam("most"))


class TurnOpening(Repository):
    """Opening and joining turns, and counting those that wait."""

    async def open(
        self,
        conversation_id: int,
        *,
        state: TurnState,
        due_at: float | None = None,
        delivery_owner: str | None = None,
        delivery_lease_seconds: float = 15,
        shown: bool = False,
    ) -> Turn:
        """Open a turn, collecting (due now unless said otherwise) or queued.

        `shown` where people's clients fetch the answer themselves. Raises WriteConflict when the
        conversation has a collecting turn already."""
        now = self._clock()
        row = await self._one(
            _OPEN,
            conversation_id=conversation_id,
            state=state.value,
            attempt=0,
            crashes=0,
            reason="",
            finish_reason="",
            cancel_requested=False,
            due_at=now if due_at is None else due_at,
            not_before=0.0,
            pulled=shown,
            shown=shown,
            delivery_owner=delivery_owner,
            delivery_until=now + delivery_lease_seconds if delivery_owner else 0.0,
            generation=0,
            prompt_tokens=0,
            cached_tokens=0,
            generated_tokens=0,
            created_at=now,
            asked_at=now,
        )
        return Turn(row[0], conversation_id, state, 0, 0, now, shown=shown)

    async def get(self, turn_id: int) -> Turn:
        """Raises NotFound."""
        return to_turn(await self._one(_GET, turn=turn_id))

    async def collecting(self, conversation_id: int) -> Turn | None:
        """The turn that further pieces join."""
        return await self._turn_or_none(_COLLECTING_ONE, conversation_id)

    async def queued(self, conversation_id: int) -> Turn | None:
        """The newest queued turn that was never claimed nor postponed: text may join it."""
        return await self._turn_or_none(_QUEUED_ONE, conversation_id)

    async def latest(self, conversation_id: int) -> Turn | None:
        """The conversation's newest turn."""
        return await self._turn_or_none(_LATEST, conversation_id)

    async def unfinished(self, conversation_id: int) -> list[Turn]:
        """Turns that have not ended, oldest first."""
        rows = await self._rows(_UNFINISHED, {"conversation": conversation_id})
        return [to_turn(row) for row in rows]

    async def extend(self, turn_id: int, due_at: float) -> bool:
        """Wait longer for further pieces; False when it is not collecting any more."""
        return await self._changed(_EXTEND, turn=turn_id, new_due_at=due_at) == 1

    async def line(self) -> list[int]:
        """Ids of all waiting turns in the order in which they will be taken, as things are now."""
        return [row[0] for row in await self._rows(_LINE)]

    async def waiting(self) -> int:
        """How many turns are queued or collecting."""
        return int((await self._one(_WAITING))[0])

    async def unfinished_of(self, user_id: int) -> int:
        """How many turns of one person have not ended."""
        return int((await self._one(_UNFINISHED_OF, user=user_id))[0])

    async def counts(self, since: float) -> dict[TurnState, int]:
        """Turns by state: all that have not ended, and those opened at or after `since`."""
        rows = await self._rows(_COUNTS, {"since": since})
        return dict.fromkeys(TurnState, 0) | {TurnState(state): count for state, count in rows}

    async def oldest_waiting_age(self) -> float:
        """For how many seconds the oldest of them has waited; 0 when none does."""
        oldest = (await self._one(_OLDEST))[0]
        return 0.0 if oldest is None else max(0.0, self._clock() - oldest)

    async def promote(self) -> list[Turn]:
        """Queue the collecting turns that are due and whose attachments have all come."""
        rows = await self._rows(_PROMOTE_ALL, {"now": self._clock()})
        return sorted((to_turn(row) for row in rows), key=lambda turn: turn.id)

    async def settle(self, turn_id: int) -> bool:
        """Queue this turn if it is due and its attachments have all come."""
        return await self._changed(_PROMOTE_ONE, turn=turn_id, now=self._clock()) == 1

    async def to_hint(self, limit: int) -> list[int]:
        """Ids of conversations with a turn that could be claimed now, oldest turn first."""
        rows = await self._rows(_TO_HINT, {"now": self._clock(), "most": limit})
        return [row[0] for row in rows]

    async def refuse(self, turn_id: int, reason: str) -> bool:
        """End a turn that is collecting or queued as refused, `reason` being a text key."""
        return await self._end_waiting(turn_id, TurnState.REFUSED, reason)

    async def request_cancel(self, turn_id: int) -> bool:
        """Stop a turn: True when it has ended by that, False when a worker must stop it first.

        Also False when it had ended before."""
        if await self._end_waiting(turn_id, TurnState.CANCELLED, "stopped"):
            return True
        await self._changed(_FLAG, turn=turn_id)
        return False

    async def _end_waiting(self, turn_id: int, state: TurnState, reason: str) -> bool:
        now = self._clock()
        values = {
            "new_state": state.value,
            "new_reason": reason,
            "new_cancel": state is TurnState.CANCELLED,
        }
        row = (await self._execute(_END_WAITING, {"turn": turn_id, "now": now, **values})).first()
        if row is not None:
            await self._execute(TOUCH, {"conversation": row[0], "now": now})
        return row is not None

    async def _turn_or_none(self, query: Lockable, conversation_id: int) -> Turn | None:
        row = (await self._execute(query, {"conversation": conversation_id})).first()
        return None if row is None else to_turn(row)
