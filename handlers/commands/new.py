"""/new: begin afresh."""

from __future__ import annotations

from handlers.exchange import Exchange


async def new(exchange: Exchange, arguments: str) -> None:
    """Leave everything said so far out of what the model reads."""
    await exchange.tx.conversations.begin_anew(exchange.conversation.id)
    await exchange.say("new-begun")
