"""/admin warn, mute, unmute, ban, unban: the same decisions as on the dashboard."""

from __future__ import annotations

from chat.people import User
from handlers.commands.admin.order import Order, Usage, called
from handlers.moderation.deciding import Choice, decide_about
from handlers.moderation.lifting import check_lifting, lift
from moderation.durations import seconds_of
from storage.repositories import Decision, RestrictionKind, ReviewVerdict

FOR_GOOD = "forever"


async def warn(order: Order) -> None:
    """`warn PERSON CATEGORY [why]`."""
    person = await order.person(0)
    await _told(order, person, await _decide(order, person, ReviewVerdict.WARN, None, at=1))


async def mute(order: Order) -> None:
    """`mute PERSON LENGTH CATEGORY [why]`."""
    person = await order.person(0)
    length = length_of(order.word(1), forever=False)
    await _told(order, person, await _decide(order, person, ReviewVerdict.MUTE, length, at=2))


async def ban(order: Order) -> None:
    """`ban PERSON LENGTH CATEGORY [why]`; LENGTH may be `forever`, which two have to decide."""
    person = await order.person(0)
    length = length_of(order.word(1), forever=True)
    await _told(order, person, await _decide(order, person, ReviewVerdict.BAN, length, at=2))


async def unmute(order: Order) -> None:
    """`unmute PERSON`."""
    await _lift(order, RestrictionKind.MUTE)


async def unban(order: Order) -> None:
    """`unban PERSON`."""
    await _lift(order, RestrictionKind.BAN)


async def _decide(
    order: Order, person: User, verdict: ReviewVerdict, seconds: float | None, *, at: int
) -> Decision:
    exchange = order.exchange
    policy = await exchange.context.policy.get()
    category = order.word(at)
    if category not in policy.categories:
        raise Usage
    choice = Choice(verdict, seconds=seconds, category=category, note=order.rest(at + 1))
    return await decide_about(
        exchange.tx, order.giver, person.id, choice, policy=policy.number, now=exchange.now
    )


async def _told(order: Order, person: User, decision: Decision) -> None:
    """What was decided, and how it can be undone."""
    key = "admin-second" if decision.due_at - order.exchange.now > 60 else "admin-decided"
    await order.exchange.say(key, person=called(person), number=str(decision.id))


async def _lift(order: Order, kind: RestrictionKind) -> None:
    person, exchange = await order.person(0), order.exchange
    check_lifting(order.giver, person)
    lifted = 0
    for each in await exchange.tx.restrictions.in_force(person.id):
        if each.kind is kind:
            lifted += await lift(exchange.tx, order.giver, each)
    await exchange.say("admin-lifted" if lifted else "admin-nothing", person=called(person))


def length_of(word: str, *, forever: bool) -> float | None:
    """A length in seconds, None for `forever` where that is possible. Raises Usage."""
    if forever and word == FOR_GOOD:
        return None
    try:
        return seconds_of(word)
    except ValueError:
        raise Usage from None
