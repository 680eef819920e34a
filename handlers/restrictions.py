"""People who may not write for a time: what they are told, and what they can do all the same."""

from __future__ import annotations

from chat.inbound import InboundKind
from handlers.cleaning import clean
from handlers.commands import parse_command
from handlers.exchange import Exchange
from moderation.durations import spoken
from moderation.recording import gravest

# What nobody is ever kept from: to disagree, to leave, and to know where they are.
ALWAYS = frozenset({"appeal", "about", "delete", "export", "help", "privacy"})
TELL_AGAIN = 3600.0  # seconds


async def kept_out(exchange: Exchange) -> bool:
    """Whether the person may not do this now. They are told until when, once an hour."""
    if _always_may(exchange):
        return False
    restriction = gravest(await exchange.tx.restrictions.in_force(exchange.user.id))
    if restriction is None:
        return False
    place = str(exchange.message.key)
    if exchange.context.told.first(place, "restricted-still", TELL_AGAIN):
        left = None if restriction.until is None else restriction.until - exchange.now
        number, unit = (0, "for-good") if left is None else spoken(left)
        await exchange.say(
            "restricted-still", category=restriction.category, number=number, unit=unit
        )
    return True


def _always_may(exchange: Exchange) -> bool:
    message = exchange.message
    if message.kind is InboundKind.BUTTON:
        return message.action.partition(":")[0] in ALWAYS
    parsed = parse_command(clean(message.text))
    return parsed is not None and parsed[0] in ALWAYS
