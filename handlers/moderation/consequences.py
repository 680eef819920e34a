"""What follows from decisions once they count, and who is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from chat.moderation import Side
from chat.outbound import Notice
from chat.ports import AttachmentStore
from handlers.deletion import delete_with_proof
from handlers.effects import Effects
from handlers.erasure import delete_message
from handlers.moderation.noting import actor_of, note_decision
from handlers.requests import Requests
from handlers.turns import answer_again, stop_all
from moderation.policy.live import LivePolicy
from moderation.policy.rules import Policy
from moderation.recording import About, restrict
from storage.broker import Broker
from storage.database import Database, Transaction
from storage.errors import NotFound
from storage.repositories import ASSISTANT, Decision, DecisionState, RestrictionKind, ReviewVerdict

log = structlog.get_logger()

_KINDS = {
    ReviewVerdict.WARN: RestrictionKind.WARNING,
    ReviewVerdict.STRIKE: RestrictionKind.STRIKE,
    ReviewVerdict.MUTE: RestrictionKind.MUTE,
    ReviewVerdict.BAN: RestrictionKind.BAN,
}
MANY = 1_000_000
READABLE = 24 * 3600.0  # seconds for which two people's word opens a conversation
_RIGHT = "report-outcome-right"
_NOTHING = "report-outcome-nothing"


class Consequences:
    """Brings due decisions about. Several bots may: each decision is moved on by one alone."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        policy: LivePolicy,
        requests: Requests,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`requests` knows where somebody is best told something."""
        self._database = database
        self._broker = broker
        self._store = store
        self._policy = policy
        self._people = requests
        self._clock = clock

    async def bring_about(self) -> int:
        """Everything that is due; how many decisions."""
        policy = await self._policy.get()
        effects = Effects()
        async with self._database.write() as tx:
            due = await tx.decisions.due()
            for decision in due:
                if await tx.decisions.move(decision, DecisionState.IN_FORCE):
                    await self._one(tx, decision, policy, effects)
        await effects.announce(self._broker)
        await effects.remove_files(self._database, self._store)
        return len(due)

    async def _one(
        self, tx: Transaction, decision: Decision, policy: Policy, effects: Effects
    ) -> None:
        await note_decision(tx, "decision.in-force", decision, by=None)
        log.info("decision-in-force", decision=decision.id, verdict=decision.verdict.value)
        if kind := _KINDS.get(decision.verdict):
            await self._restrict(tx, decision, kind, policy, effects)
        elif decision.verdict is ReviewVerdict.RELEASE:
            await self._release(tx, decision, effects)
        elif decision.verdict is ReviewVerdict.REMOVE and decision.message_id is not None:
            await delete_message(tx, decision.message_id, effects)
            if decision.conversation_id is not None:  # nobody's hot memory has it any more
                await tx.conversations.touch(decision.conversation_id)
        elif decision.verdict is ReviewVerdict.REVEAL:
            await _let_read(tx, decision)
        elif decision.verdict is ReviewVerdict.DELETE:
            await _delete(tx, decision, effects)
        await self._tell_reporters(tx, decision, effects)

    async def _restrict(
        self,
        tx: Transaction,
        decision: Decision,
        kind: RestrictionKind,
        policy: Policy,
        effects: Effects,
    ) -> None:
        user = await tx.users.get_or_none(decision.user_id) if decision.user_id else None
        if user is None:
            return
        conversation_id = decision.conversation_id or await self._people.where(tx, user)
        about = About(
            conversation_id, user.id, 0, decision.message_id, Side.QUESTION, user.language
        )
        await restrict(
            tx,
            kind,
            about,
            policy,
            self._clock(),
            category=decision.category,
            seconds=decision.seconds,
            flag_id=decision.flag_id,
            decision=(decision.id, decision.decided_by),
        )
        if conversation_id is not None:
            effects.spoken.add(conversation_id)
        if kind in (RestrictionKind.MUTE, RestrictionKind.BAN):
            for conversation in await tx.conversations.of_user(user.id, limit=MANY):
                await stop_all(tx, conversation, effects)

    async def _release(self, tx: Transaction, decision: Decision, effects: Effects) -> None:
        """Answer a held question, in the place where the person was told to wait."""
        flag = await tx.flags.get(decision.flag_id) if decision.flag_id else None
        if flag is None or flag.turn_id is None:
            return
        try:
            turn = await tx.turns.get(flag.turn_id)
        except NotFound:
            return  # deleted meanwhile
        await tx.turns.clear(turn.id)
        if turn.state.is_end:
            await answer_again(tx, turn, effects, in_place=True)

    async def _tell_reporters(self, tx: Transaction, decision: Decision, effects: Effects) -> None:
        if decision.flag_id is None:
            return
        key = _NOTHING if decision.verdict is ReviewVerdict.DISMISS else _RIGHT
        for report in await tx.reports.of_flag(decision.flag_id):
            if await tx.reports.tell(report.id):
                await tx.outbound.add_notice(report.conversation_id, Notice(key))
                effects.spoken.add(report.conversation_id)


async def _let_read(tx: Transaction, decision: Decision) -> None:
    """Open the conversation for who asked, if both are still there."""
    reader = await tx.users.get_or_none(decision.decided_by or 0)
    if reader is None or decision.conversation_id is None:
        return
    try:
        await tx.conversations.get(decision.conversation_id)
    except NotFound:
        return  # deleted meanwhile
    await tx.openings.add(
        reader.id, decision.conversation_id, ground="two", reason=decision.note, seconds=READABLE
    )


async def _delete(tx: Transaction, decision: Decision, effects: Effects) -> None:
    """Delete the person, if they are still there."""
    user = await tx.users.get_or_none(decision.user_id or 0)
    if user is None:
        return
    by = await tx.users.get_or_none(decision.decided_by or 0)
    await delete_with_proof(
        tx,
        user,
        effects,
        actor=actor_of(by) if by else ASSISTANT,
        seconded_by=decision.seconded_by,
        decision=decision.id,
    )
