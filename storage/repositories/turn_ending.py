"""Turns that workers let go: finished, put off, taken from silent workers, asked for anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, literal, select, update

from chat.messages import Speaker, TextPart
from chat.turns import Turn, TurnResult, TurnState
from storage.repositories.base import Repository
from storage.repositories.conversations import TOUCH
from storage.repositories.messages import Messages
from storage.repositories.turn_claiming import ALONE_AFTER, SET_ASIDE_AFTER
from storage.repositories.turn_rows import COLUMNS, IS_QUESTION, IT, RUNNING, T, to_turn
from storage.tables import conversations, messages, turns

SET_ASIDE_REASON = "failed-set-aside"
STOPPED_REASON = "stopped"

_NOW: BindParameter[Any] = bindparam("now")
_MINE = (IT, T.attempt == bindparam("mine"), RUNNING)
_TOUCH_MINE = (
    update(conversations)
    .where(conversations.c.id == select(T.conversation_id).where(*_MINE).scalar_subquery())
    .values(revision=conversations.c.revision + 1, updated_at=_NOW)
    .returning(conversations.c.id)
)
_LOCK_CONVERSATION = (
    select(conversations.c.id)
    .where(conversations.c.id == select(T.conversation_id).where(IT).scalar_subquery())
    .with_for_update(key_share=True)
)
_LOCK_MINE = select(T.id).where(*_MINE).with_for_update(key_share=True)
_FINISH = (
    update(turns)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        finish_reason=bindparam("new_finish_reason"),
        answer_id=bindparam("new_answer"),
        prompt_tokens=bindparam("new_prompt_tokens"),
        cached_tokens=bindparam("new_cached_tokens"),
        generated_tokens=bindparam("new_generated_tokens"),
        first_text_seconds=bindparam("new_first_text_seconds"),
        pictures=bindparam("new_pictures"),
        model=bindparam("new_model"),
        ended_at=_NOW,
    )
)
_AGAIN = update(turns).where(*_MINE)
_POSTPONE = _AGAIN.values(
    state=TurnState.QUEUED.value,
    not_before=bindparam("until"),
    postponed_since=func.coalesce(T.postponed_since, _NOW),
    reason=bindparam("new_reason"),
)
_RELEASE = _AGAIN.values(state=TurnState.QUEUED.value, not_before=bindparam("until"))
_TOO_OFTEN = T.crashes + 1 >= SET_ASIDE_AFTER
_ENDS = T.cancel_requested | _TOO_OFTEN
_EXPIRE = (
    update(turns)
    .where(RUNNING, T.lease_until < _NOW)
    .values(
        crashes=T.crashes + 1,
        state=case(
            (T.cancel_requested, literal(TurnState.CANCELLED.value)),
            (_TOO_OFTEN, literal(TurnState.FAILED.value)),
            else_=literal(TurnState.QUEUED.value),
        ),
        reason=case(
            (T.cancel_requested, literal(STOPPED_REASON)),
            (_TOO_OFTEN, literal(SET_ASIDE_REASON)),
            else_=literal(""),
        ),
        not_before=0.0,
        ended_at=case((_ENDS, _NOW), else_=T.ended_at),
    )
    .returning(*COLUMNS)
)
_CLEAR = (
    update(turns)
    .where(IT)
    .values(
        cleared_up_to=select(func.coalesce(func.max(messages.c.id), 0))
        .where(messages.c.turn_id == T.id, messages.c.speaker == Speaker.PERSON.value)
        .correlate(turns)
        .scalar_subquery()
    )
)
_HAS_QUESTION = select(messages.c.id).where(IS_QUESTION).correlate(turns).exists()
_RESTART = (
    update(turns)
    .where(IT, T.state != TurnState.COLLECTING.value, _HAS_QUESTION)
    .values(
        state=TurnState.QUEUED.value,
        # What killed workers before has one more try, alone.
        crashes=case((T.reason == SET_ASIDE_REASON, ALONE_AFTER), else_=0),
        reason="",
        finish_reason="",
        answer_id=None,
        cancel_requested=False,
        not_before=0.0,
        postponed_since=None,
        shown=T.pulled,
        generation=T.generation + bindparam("new_messages"),
        asked_at=_NOW,
        ended_at=None,
    )
    .returning(T.conversation_id)
)
_SUPERSEDE_ANSWER = (
    update(messages)
    .where(
        messages.c.turn_id == bindparam("turn"),
        messages.c.speaker == Speaker.ASSISTANT.value,
        ~messages.c.superseded,
    )
    .values(superseded=True)
)


class TurnEnding(Repository):
    """How attempts end, and what becomes of turns whose worker went silent."""

    async def finish(self, result: TurnResult) -> bool:
        """End a running turn and store its answer; False, and nothing written, when fenced out."""
        now = self._clock()
        mine = {"turn": result.turn_id, "mine": result.attempt}
        if self._connection.locks_rows:  # in the order in which messages are accepted
            await self._execute(_LOCK_CONVERSATION, mine)
            await self._execute(_LOCK_MINE, mine)
        row = (await self._execute(_TOUCH_MINE, {**mine, "now": now})).first()
        if row is None:
            return False
        answer_id = await self._add_answer(row[0], result) if result.text else None
        finished = await self._changed(
            _FINISH,
            **mine,
            now=now,
            new_state=result.state.value,
            new_reason=result.reason,
            new_finish_reason=result.finish_reason,
            new_answer=answer_id,
            new_prompt_tokens=result.prompt_tokens,
            new_cached_tokens=result.cached_tokens,
            new_generated_tokens=result.generated_tokens,
            new_first_text_seconds=result.first_text_seconds,
            new_pictures=result.pictures,
            new_model=result.model,
        )
        assert finished == 1, "the turn is locked"
        return True

    async def postpone(self, turn_id: int, attempt: int, *, until: float, reason: str) -> bool:
        """Queue a running turn again for later, its endpoint being away; no crash is counted."""
        values = {"until": until, "new_reason": reason, "now": self._clock()}
        return await self._changed(_POSTPONE, turn=turn_id, mine=attempt, **values) == 1

    async def release(self, turn_id: int, attempt: int, *, until: float = 0.0) -> bool:
        """Queue a running turn again, at once because its worker is going away, or for later."""
        return await self._changed(_RELEASE, turn=turn_id, mine=attempt, until=until) == 1

    async def expire(self) -> list[tuple[Turn, bool]]:
        """Take turns from workers that went silent: queued again, or set aside (True).

        One that was to be cancelled is cancelled."""
        now = self._clock()
        expired = sorted(
            (to_turn(row) for row in await self._rows(_EXPIRE, {"now": now})),
            key=lambda turn: turn.id,
        )
        for turn in expired:
            if turn.state.is_end:
                await self._execute(TOUCH, {"conversation": turn.conversation_id, "now": now})
        return [(turn, turn.state is TurnState.FAILED) for turn in expired]

    async def restart(self, turn_id: int, *, in_place: bool) -> bool:
        """Queue a turn anew for an edited question or a retry; its answer is superseded.

        `in_place` shows the new answer in the messages of the old one. False when it is collecting
        still, or has no question any more."""
        now = self._clock()
        values = {"turn": turn_id, "new_messages": 0 if in_place else 1, "now": now}
        row = (await self._execute(_RESTART, values)).first()
        if row is None:
            return False
        await self._changed(_SUPERSEDE_ANSWER, turn=turn_id)
        await self._execute(TOUCH, {"conversation": row[0], "now": now})
        return True

    async def clear(self, turn_id: int) -> None:
        """Let what was asked so far through: checks keep it from nothing any more. What is said or
        edited later is looked at again. Raises NotFound."""
        await self._change_one(_CLEAR, turn=turn_id)

    async def _add_answer(self, conversation_id: int, result: TurnResult) -> int:
        answer = await Messages(self._connection, self._clock).add(
            conversation_id,
            speaker=Speaker.ASSISTANT,
            parts=(TextPart(result.text),),
            turn_id=result.turn_id,
        )
        return answer.id
