"""A person edits what they said: the answer follows, where it is not too late."""

from __future__ import annotations

from chat.messages import AttachmentPart, Message, Part, TextPart
from chat.turns import Turn, TurnState
from handlers.exchange import Exchange
from handlers.prompts import MAX_TEXT
from handlers.room import over_budget
from handlers.turns import answer_again


async def take_edit(exchange: Exchange, text: str) -> None:
    """Replace a question that waits; restart a running one; answer the latest one again.

    Edits change words: pictures stay as they were sent. Older questions, unknown messages, and
    edits that change nothing (a link preview that was added) are left alone."""
    tx, conversation = exchange.tx, exchange.conversation
    known = await tx.messages.by_platform_id(conversation.id, exchange.message.platform_id)
    if known is None or known.text == text:
        return
    if len(text) > MAX_TEXT:
        await exchange.say("text-too-long", limit=MAX_TEXT)
        return
    parts = _reworded(known, text)
    if not parts:
        return
    if known.turn_id is None:  # it came when too many waited
        await tx.messages.replace(known.id, parts)
        return
    await _follow(exchange, await tx.turns.get(known.turn_id), known, parts)


async def _follow(exchange: Exchange, turn: Turn, known: Message, parts: list[Part]) -> None:
    tx = exchange.tx
    if turn.state in (TurnState.COLLECTING, TurnState.QUEUED):
        await tx.messages.replace(known.id, parts)
        return
    latest = await tx.turns.latest(exchange.conversation.id)
    if turn.state is TurnState.RUNNING or (latest is not None and latest.id == turn.id):
        await tx.messages.replace(known.id, parts)
        if await over_budget(exchange):
            return  # the words stand as they are now; the answer is to the old ones
        await answer_again(tx, turn, exchange.effects, in_place=True)


def _reworded(message: Message, text: str) -> list[Part]:
    parts: list[Part] = [part for part in message.parts if isinstance(part, AttachmentPart)]
    if text:
        parts.append(TextPart(text))
    return parts
