"""Reporting answers, by the command and by the button under them."""

from __future__ import annotations

from chat.messages import Message, Speaker
from chat.moderation import Category, Deed, Finding, Measure, Priority, Side, Verdict
from handlers.exchange import Exchange

LONGEST = 1000  # characters of a reason
SHORT = 200  # of it that stand in the queue


async def report_answer(exchange: Exchange, answer: Message, reason: str) -> None:
    """Flag an answer for a person, once for each who reports it."""
    tx, conversation = exchange.tx, exchange.conversation
    if await tx.reports.made(exchange.user.id, answer.id):
        await exchange.say("report-known")
        return
    raised = await tx.flags.add(
        conversation.id,
        answer.id,
        _verdict(answer, reason[:LONGEST]),
        side=Side.ANSWER,
        user_id=conversation.user_id,
        turn_id=answer.turn_id,
        reports=1,
    )
    new = raised is not None and await tx.reports.add(
        exchange.user.id,
        conversation_id=conversation.id,
        message_id=answer.id,
        flag_id=raised[0].id,
        reason=reason[:LONGEST],
    )
    await exchange.say("report-thanks" if new else "report-known")


async def meant_answer(exchange: Exchange) -> Message | None:
    """The answer that a message of a person's is about: the one replied to, or the last one."""
    tx, conversation = exchange.tx, exchange.conversation
    if reply_to := exchange.message.reply_to:
        turn_id = await tx.outbound.turn_of(conversation.id, reply_to)
        if turn_id is None:
            return None
        answer_id = (await tx.turns.get(turn_id)).answer_id
        return await tx.messages.get(answer_id) if answer_id else None
    recent = await tx.messages.transcript(conversation.id, limit=20)
    answers = [message for message in recent if message.speaker is Speaker.ASSISTANT]
    return answers[-1] if answers else None


def _verdict(answer: Message, reason: str) -> Verdict:
    evidence = (reason[:SHORT],) if reason else ()
    return Verdict(
        findings=(Finding("people", Category.REPORTED, 1.0, Side.ANSWER, evidence, answer.id),),
        measures=(Measure(Deed.FLAG),),
        category=Category.REPORTED,
        priority=Priority.NORMAL,
    )
