"""/delete: everything of one's own, after it was confirmed."""

from __future__ import annotations

from chat.outbound import Button
from handlers.deletion import delete_with_proof
from handlers.erasure import day_of
from handlers.exchange import Exchange
from handlers.moderation.noting import actor_of
from handlers.standing import WEB
from storage.repositories import Kept

WORDS = ("yes", "ja")
# For how long a question whether to delete everything can be answered, in seconds.
CONFIRM_SECONDS = 3600


async def delete(exchange: Exchange, arguments: str) -> None:
    """Ask first; the word behind the command confirms where there are no buttons."""
    if arguments.lower() in WORDS:
        await confirm(exchange)
        return
    kept = await exchange.tx.holds.kept_of_user(exchange.user.id)
    if kept.count:
        await exchange.say("delete-keeps", count=kept.count, until=_day(exchange, kept))
    buttons = (Button("button-delete", "delete:yes"), Button("button-keep", "delete:no"))
    await exchange.say("delete-question", buttons=buttons)


async def confirm(exchange: Exchange) -> None:
    """Erase everything of the person, if they were asked within the last hour.

    What remains is that they may come in, and the sentence that tells them: on the web page not
    even that, since the way in there is our own."""
    if not await exchange.said_lately("delete-question", CONFIRM_SECONDS):
        await delete(exchange, "")
        return
    tx, user, sender = exchange.tx, exchange.user, exchange.message.sender
    kept = await delete_with_proof(tx, user, exchange.effects, actor=actor_of(user))
    if (exchange.channel, sender.external_id) == (WEB, str(user.id)):
        return
    exchange.user = await tx.users.ensure(
        exchange.channel, sender, default_role=user.role, default_access=user.access
    )
    if user.budget:
        await tx.users.set_budget(exchange.user.id, user.budget)  # no way out of it
    exchange.conversation = await tx.conversations.ensure(exchange.message.key, exchange.user.id)
    if kept.count:
        await exchange.say("deleted-but", count=kept.count, until=_day(exchange, kept))
    else:
        await exchange.say("deleted")


def _day(exchange: Exchange, kept: Kept) -> str:
    return day_of(kept, exchange.context.persona.timezone)
