"""/feedback WORDS: what one thinks of an answer; as a reply to it, or else of the last one."""

from __future__ import annotations

from chat.turns import TurnState
from handlers.exchange import Exchange
from handlers.feedback import answer_buttons, words_about
from handlers.reporting import meant_answer


async def feedback(exchange: Exchange, arguments: str) -> None:
    """Keep the words; without any, offer the buttons."""
    answer = await meant_answer(exchange)
    turn_id = answer.turn_id if answer else None
    turn = await exchange.tx.turns.get(turn_id) if turn_id else None
    if turn is None or turn.state is not TurnState.ANSWERED:
        await exchange.say("feedback-nothing")
    elif arguments:
        await words_about(exchange, turn, arguments)
    else:
        await exchange.say("feedback-how", buttons=answer_buttons(turn.id, turn.attempt))
