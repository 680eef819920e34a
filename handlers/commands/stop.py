"""/stop: stop answering."""

from __future__ import annotations

from handlers.exchange import Exchange
from handlers.turns import stop_all


async def stop(exchange: Exchange, arguments: str) -> None:
    """Stop all that is not answered yet; each turn's own end then tells that it was stopped."""
    if not await stop_all(exchange.tx, exchange.conversation, exchange.effects):
        await exchange.say("nothing-to-stop")
