"""/help: what can be asked for."""

from __future__ import annotations

from handlers.exchange import Exchange
from handlers.standing import STAFF


async def help_(exchange: Exchange, arguments: str) -> None:
    """List the commands; owners also see theirs."""
    owner = "yes" if exchange.user.role in STAFF else "no"
    await exchange.say("help", assistant=exchange.context.persona.assistant_name, owner=owner)
