"""Whether there is room for one more question: in the line, and in everybody's budget."""

from __future__ import annotations

from msgspec import structs

from chat.budgets import Scope, What
from chat.people import Role
from handlers.exchange import Exchange
from moderation.durations import spoken
from storage.allowances import Refusal, Usage

# How often people are told that too many questions wait, or that they send too much, in seconds.
TELL_AGAIN = 60.0
_SENTENCES = {
    What.MESSAGES: "budget-messages",
    What.PICTURES: "budget-pictures",
    What.TOKENS: "budget-tokens",
}


async def no_room(exchange: Exchange) -> bool:
    """Whether too many questions wait already, of everybody or of this person, who is told so."""
    turns, context = exchange.tx.turns, exchange.context
    if await turns.waiting() >= context.max_waiting:
        exchange.effects.refused.append((Scope.TOTAL, "waiting"))
        if _first(exchange, "busy", TELL_AGAIN):
            await exchange.say("busy")
        return True
    most = context.person_waiting
    if await turns.unfinished_of(exchange.user.id) < most:
        return False
    exchange.effects.refused.append((Scope.PERSON, "waiting"))
    if _first(exchange, "too-many-questions", TELL_AGAIN):
        await exchange.say("too-many-questions", most=most)
    return True


async def over_budget(exchange: Exchange, *, messages: int = 1, pictures: int = 0) -> bool:
    """Count what the person sends; whether there was no budget left for it, which they are told.

    Owners are counted but never refused: they set the budgets."""
    usage = _usage(exchange, messages=messages, pictures=pictures)
    return await _told(exchange, exchange.ledger.take(usage))


async def known_over_budget(exchange: Exchange, *, pictures: int) -> bool:
    """The same, where it is known already and there is no need to look at anything: a flood should
    cost little. What is not known yet is not counted."""
    usage = _usage(exchange, messages=1, pictures=pictures)
    return await _told(exchange, exchange.ledger.known(usage))


def _usage(exchange: Exchange, *, messages: int, pictures: int) -> Usage:
    message = exchange.message
    key = message.key
    return Usage(
        user_id=exchange.user.id,
        key=key,
        receipt=f"{key.channel}:{key.account}:{message.kind}:{message.update_id}",
        messages=messages,
        pictures=pictures,
        exempt=exchange.user.role is Role.OWNER,
        budget=exchange.user.budget,
    )


async def _told(exchange: Exchange, refusal: Refusal | None) -> bool:
    """Whether there is a refusal; the person hears of it."""
    if refusal is not None:
        await _tell(exchange, refusal)
    return refusal is not None


async def _tell(exchange: Exchange, refusal: Refusal) -> None:
    """Say it once for the time told, not for each message of a flood."""
    exchange.effects.refused.append((refusal.scope, refusal.what))
    if refusal.wait is None:
        if _first(exchange, "budget-pictures-at-once", TELL_AGAIN):
            await exchange.say("budget-pictures-at-once", most=refusal.limit)
        return
    total = refusal.scope is Scope.TOTAL
    key = "budget-total" if total else _SENTENCES[refusal.what]
    if _first(exchange, key, refusal.wait):
        number, unit = spoken(refusal.wait)
        await exchange.say(key, number=number, unit=unit)


def _first(exchange: Exchange, key: str, seconds: float) -> bool:
    """Whether it is to be said: once for all threads of a messenger's chat, whose send budget they
    share; where people fetch what is said, once in each of their conversations."""
    where = exchange.message.key
    place = str(where) if exchange.abilities.pulls else str(structs.replace(where, thread=""))
    return exchange.context.told.first(place, key, seconds)
