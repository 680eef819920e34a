"""Saying that an AI answers: when somebody begins, and again after a long silence.

Article 50 of the EU's AI Act wants people to know it at the latest when they are first answered.
"""

from __future__ import annotations

from handlers.commands import parse_command
from handlers.exchange import Exchange

DAY = 24 * 3600.0
# Their own answers say it.
SAYING_SO = frozenset({"start", "help", "about"})


async def disclose(exchange: Exchange) -> None:
    """Say it where it is due. Where people fetch what is said, the page says it all the time."""
    days = exchange.context.persona.disclose_after_days
    if days == 0 or exchange.abilities.pulls or _says_so(exchange):
        return
    quiet_since = exchange.conversation.quiet_since
    if quiet_since and exchange.now - quiet_since < days * DAY:
        return
    llama = any(worker.llama for worker in exchange.context.models.workers)
    await exchange.say(
        "disclosure",
        assistant=exchange.context.persona.assistant_name,
        llama="yes" if llama else "no",
    )


def _says_so(exchange: Exchange) -> bool:
    parsed = parse_command(exchange.message.text.strip())
    return parsed is not None and parsed[0] in SAYING_SO
