"""/retry: answer the last question once more."""

from __future__ import annotations

from chat.turns import Turn
from handlers import turns
from handlers.exchange import Exchange
from handlers.room import no_room, over_budget


async def retry(exchange: Exchange, arguments: str) -> None:
    """Answer the latest question again."""
    turn = await exchange.tx.turns.latest(exchange.conversation.id)
    if turn is None:
        await exchange.say("nothing-to-retry")
    else:
        await retry_turn(exchange, turn)


async def retry_turn(exchange: Exchange, turn: Turn) -> None:
    """Answer a turn of this conversation again, or say why not."""
    tx = exchange.tx
    if not turn.state.is_end:
        await exchange.say("still-answering")
    elif await no_room(exchange) or await over_budget(exchange):
        return  # the person was told
    elif not await turns.retry(tx, turn, exchange.effects):
        await exchange.say("nothing-to-retry")
