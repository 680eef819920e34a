"""Stopping turns and answering questions once more, for commands, buttons and the web page."""

from __future__ import annotations

from chat.conversations import Conversation
from chat.turns import Turn, TurnState
from handlers.effects import Effects
from storage.database import Transaction


async def stop_turn(tx: Transaction, turn: Turn, channel: str, effects: Effects) -> None:
    """End a waiting turn, or ask the worker of a running one to stop."""
    if await tx.turns.request_cancel(turn.id):
        effects.end(turn.id, channel, TurnState.CANCELLED)
    else:
        effects.cancelled.add(turn.id)


async def stop_all(tx: Transaction, conversation: Conversation, effects: Effects) -> int:
    """Stop everything that is not answered yet in a conversation; how many turns that were."""
    turns = await tx.turns.unfinished(conversation.id)
    for turn in turns:
        await stop_turn(tx, turn, conversation.key.channel, effects)
    return len(turns)


async def answer_again(tx: Transaction, turn: Turn, effects: Effects, *, in_place: bool) -> bool:
    """Queue a turn anew; what its worker is computing now counts no more."""
    if not await tx.turns.restart(turn.id, in_place=in_place):
        return False
    if turn.state is TurnState.RUNNING:
        effects.cancelled.add(turn.id)
    effects.ended.add(turn.id)  # its answer was taken back
    effects.hints.add(turn.conversation_id)
    return True


async def retry(tx: Transaction, turn: Turn, effects: Effects) -> bool:
    """Answer an ended turn once more: a failed one in the same place, an answered one below."""
    if not turn.state.is_end:
        return False
    answered = turn.state is TurnState.ANSWERED
    return await answer_again(tx, turn, effects, in_place=not answered)
