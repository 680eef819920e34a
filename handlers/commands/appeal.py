"""/appeal [number] [why]: disagree with a warning, a strike, a mute or a ban."""

from __future__ import annotations

from handlers.exchange import Exchange
from handlers.row_ids import row_id
from storage.repositories import Restriction

LONGEST = 4000  # characters
OPEN_FOR = 183 * 24 * 3600.0  # seconds after it began; six months, as article 20 of the DSA has it


async def appeal(exchange: Exchange, arguments: str) -> None:
    """Ask for another person to look at it again."""
    tx = exchange.tx
    restriction, words = await _meant(exchange, arguments)
    if restriction is None:
        await exchange.say("appeal-nothing")
        return
    earlier = await tx.appeals.of_restriction(restriction.id)
    if earlier:
        await exchange.say("appeal-known" if earlier[-1].state == "open" else "appeal-decided")
        return
    await tx.appeals.add(
        exchange.user.id,
        restriction.id,
        conversation_id=exchange.conversation.id,
        words=words[:LONGEST],
    )
    await exchange.say("appeal-thanks")


async def _meant(exchange: Exchange, arguments: str) -> tuple[Restriction | None, str]:
    """The restriction that is named by its number, else the latest; and the words."""
    first, _, rest = arguments.partition(" ")
    named = row_id(first)
    since = exchange.now - OPEN_FOR
    theirs = [
        each
        for each in await exchange.tx.restrictions.of_user(exchange.user.id)
        if each.created_at >= since and each.lifted_at is None
    ]
    if named is None:
        return (theirs[-1] if theirs else None), arguments
    return next((each for each in theirs if each.id == named), None), rest.strip()
