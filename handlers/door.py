"""People who may not talk to the assistant: what they are told, and how they may come in."""

from __future__ import annotations

from chat.inbound import InboundKind
from chat.people import Access
from handlers.buttons import press_of_stranger
from handlers.cleaning import clean
from handlers.commands import COMMANDS, parse_command
from handlers.exchange import Exchange
from handlers.settings import AccessMode

# The same sentence is said to a stranger again after so many seconds.
REPEAT_AFTER = 600.0


async def meet(exchange: Exchange, access: Access) -> None:
    """Answer somebody who is not allowed in. Blocked people were told once, and hear nothing.

    What strangers write is not kept."""
    if access is Access.BLOCKED:
        return
    kind = exchange.message.kind
    if kind is InboundKind.BUTTON:
        await press_of_stranger(exchange)
        return
    if kind is not InboundKind.EDIT and await _command(exchange):
        return
    await _wait(exchange, access)


async def _command(exchange: Exchange) -> bool:
    parsed = parse_command(clean(exchange.message.text))
    if parsed is None:
        return False
    name, arguments = parsed
    command = COMMANDS.get(name)
    if command is None or not command.for_strangers or (name == "start" and not arguments):
        return False
    await command.run(exchange, arguments)
    return True


async def _wait(exchange: Exchange, access: Access) -> None:
    context = exchange.context
    assistant = context.persona.assistant_name
    if context.access.access is AccessMode.ALLOWLIST:
        await _once(exchange, "door-closed", assistant)
    elif access is Access.WAITING:
        await _once(exchange, "door-waiting", assistant)
    else:
        await exchange.say("door-waiting", assistant=assistant)
        await context.requests.ask(exchange.tx, exchange.user, exchange.channel, exchange.effects)


async def _once(exchange: Exchange, key: str, assistant: str) -> None:
    if not await exchange.said_lately(key, REPEAT_AFTER):
        await exchange.say(key, assistant=assistant)
