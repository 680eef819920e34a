"""Writing a decision down, within a transaction; what follows from it: consequences.py."""

from __future__ import annotations

from msgspec import Struct

from chat.messages import Message
from chat.people import User
from handlers.moderation.noting import note_decision
from handlers.moderation.rights import NotPermitted, check_verdict, needs_two, outranks, seconders
from storage.database import Transaction
from storage.repositories import Decision, DecisionState, Flag, ReviewVerdict

UNDO = 10.0  # seconds in which a decision can be undone before anybody hears of it
ALONE = 24 * 3600.0  # that a heavy decision waits where there is no second person
NEVER = 1e12  # epoch seconds


class Choice(Struct, frozen=True):
    """What a reviewer decides, and under which rule. `seconds` is the length of a mute or ban."""

    verdict: ReviewVerdict
    seconds: float | None = None
    category: str = ""
    note: str = ""


async def decide_about(
    tx: Transaction,
    user: User,
    subject_id: int,
    choice: Choice,
    *,
    policy: int,
    now: float,
    conversation_id: int | None = None,
) -> Decision:
    """Decide about a person without any flag. Raises NotPermitted, and NotFound."""
    check_verdict(user, choice.verdict, choice.seconds)
    await check_subject(tx, user, subject_id)
    return await write_decision(
        tx,
        user,
        choice,
        policy=policy,
        now=now,
        subject_id=subject_id,
        conversation_id=conversation_id,
    )


async def write_decision(
    tx: Transaction,
    user: User,
    choice: Choice,
    *,
    policy: int,
    now: float,
    flag: Flag | None = None,
    subject_id: int | None = None,
    conversation_id: int | None = None,
    message: Message | None = None,
) -> Decision:
    """A decision that counts after ten seconds; a heavy one once a second person agrees, or where
    there is none after a day."""
    two = needs_two(choice.verdict, choice.seconds)
    alone = two and not await _has_second(tx, user, choice.verdict)
    due_at = NEVER if two and not alone else now + (ALONE if alone else UNDO)
    if flag is not None:
        conversation_id, message_id = flag.conversation_id, flag.message_id
    elif message is not None:
        conversation_id, message_id = message.conversation_id, message.id
    else:
        message_id = None
    decision = await tx.decisions.add(
        choice.verdict,
        decided_by=user.id,
        category=choice.category or (flag.category if flag else ""),
        policy=policy,
        state=DecisionState.WAITING if two else DecisionState.COUNTING,
        due_at=due_at,
        alone=alone,
        flag_id=flag.id if flag else None,
        user_id=flag.user_id if flag else subject_id,
        conversation_id=conversation_id,
        message_id=message_id,
        seconds=choice.seconds,
        note=choice.note,
    )
    await note_decision(tx, "decision.made", decision, by=user)
    return decision


async def check_subject(tx: Transaction, user: User, subject_id: int | None) -> None:
    """Nobody decides about themselves, their equals or their betters. Raises NotPermitted."""
    if subject_id is None:
        return
    subject = await tx.users.get(subject_id)
    if subject.id == user.id or not outranks(user, subject):
        raise NotPermitted


async def _has_second(tx: Transaction, user: User, verdict: ReviewVerdict) -> bool:
    others = await tx.users.with_roles(seconders(verdict))
    return any(other.id != user.id for other in others)
