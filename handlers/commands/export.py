"""/export: a zip of one's own messages and pictures."""

from __future__ import annotations

from chat.outbound import OutboundKind
from handlers.exchange import Exchange


async def export(exchange: Exchange, arguments: str) -> None:
    """Write a row for the zip, which is made when it is handed over."""
    if exchange.abilities.documents:
        await exchange.say("export-ready", kind=OutboundKind.EXPORT)
    else:
        await exchange.say("export-elsewhere", url=exchange.context.public_url())
