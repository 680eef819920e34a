"""/start: the first hello, and the way in with a code."""

from __future__ import annotations

from chat.people import Access, Role
from handlers.codes import redeem
from handlers.exchange import Exchange


async def start(exchange: Exchange, code: str) -> None:
    """Greet; with a code, redeem it first. Strangers without one are met at the door."""
    if code:
        await _enter(exchange, code)
    else:
        await _greet(exchange, "welcome")


async def _enter(exchange: Exchange, code: str) -> None:
    sender = exchange.message.sender
    before = exchange.user
    user = await redeem(
        exchange.tx,
        code,
        identity=(exchange.channel, sender.external_id),
        name=sender.name,
        language=sender.language,
    )
    if user is None:
        await exchange.say("code-wrong")
        return
    exchange.user = user
    if user.role is Role.OWNER and (before.role is not Role.OWNER or before.id != user.id):
        await _greet(exchange, "welcome-owner")
    elif user.access is Access.ALLOWED:
        await _greet(exchange, "welcome")


async def _greet(exchange: Exchange, key: str) -> None:
    assistant = exchange.context.persona.assistant_name
    name = exchange.user.name
    await exchange.say(key, assistant=assistant, name=name, named="yes" if name else "no")
