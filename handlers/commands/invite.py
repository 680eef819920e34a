"""/invite [uses] [days]: one link for friends, on every channel."""

from __future__ import annotations

from handlers.exchange import Exchange
from handlers.invitations import make_invitation
from handlers.standing import STAFF

USES, DAYS = 5, 7
MAX_USES, MAX_DAYS = 1000, 365


async def invite(exchange: Exchange, arguments: str) -> None:
    """Make a code and say the links that redeem it; owners only."""
    if exchange.user.role not in STAFF:
        await exchange.say("owner-only")
        return
    numbers = _numbers(arguments)
    if numbers is None:
        await exchange.say("invite-usage", uses=MAX_USES, days=MAX_DAYS)
        return
    uses, days = numbers
    code = await make_invitation(exchange.tx, exchange.user, uses=uses, days=days, now=exchange.now)
    links = "\n".join(links_of(exchange, code))
    await exchange.say("invite-made", links=links, uses=uses, days=days)


def links_of(exchange: Exchange, code: str) -> list[str]:
    """The links that redeem a code, on the web page and on messengers."""
    page = f"{exchange.context.public_url().rstrip('/')}/pair/{code}"
    return [page, *exchange.context.code_links(code)]


def _numbers(arguments: str) -> tuple[int, int] | None:
    """Uses and days, or None where the arguments are something else."""
    words = arguments.split()
    if len(words) > 2 or not all(word.isdecimal() and len(word) < 10 for word in words):
        return None
    uses, days = [*map(int, words), *(USES, DAYS)[len(words) :]]
    if not (1 <= uses <= MAX_USES and 1 <= days <= MAX_DAYS):
        return None
    return uses, days
