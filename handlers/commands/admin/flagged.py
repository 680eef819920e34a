"""/admin flags: what waits for a reviewer, looked at and decided."""

from __future__ import annotations

from handlers.commands.admin.order import Order, Usage
from handlers.commands.admin.restricting import FOR_GOOD, length_of
from handlers.moderation.deciding import Choice
from handlers.moderation.reviews import decide_flag, open_flag
from handlers.moderation.rights import seat_in
from storage.repositories import Flag, ReviewVerdict

TIMED = (ReviewVerdict.MUTE, ReviewVerdict.BAN)


async def flags(order: Order) -> None:
    """`flags`, `flags NUMBER`, `flags NUMBER VERDICT [LENGTH] [WHY]`: LENGTH for mute and ban."""
    if not order.word(0):
        await _list(order)
    elif not order.word(1):
        found = await open_flag(order.exchange.tx, order.giver, order.number(0))
        await order.lines("admin-flag", [_line(order, found), found.state.value])
    else:
        await _decide(order)


def for_good(order: Order) -> bool:
    """Whether it is asked first: a ban for good."""
    return order.word(1) == ReviewVerdict.BAN.value and order.word(2) == FOR_GOOD


async def _list(order: Order) -> None:
    tx = order.exchange.tx
    found = await tx.review_queue.page(await seat_in(tx, order.giver), most=20)
    await order.lines("admin-flags", [_line(order, flag) for flag in found])


async def _decide(order: Order) -> None:
    exchange = order.exchange
    try:
        verdict = ReviewVerdict(order.word(1))
    except ValueError:
        raise Usage from None
    timed = verdict in TIMED
    seconds = length_of(order.word(2), forever=verdict is ReviewVerdict.BAN) if timed else None
    choice = Choice(verdict, seconds=seconds, note=order.rest(3 if timed else 2))
    live = await exchange.context.policy.get()
    decision = await decide_flag(
        exchange.tx,
        order.giver,
        order.number(0),
        choice,
        policy=live.number,
        now=exchange.now,
    )
    key = "admin-second" if decision.due_at - exchange.now > 60 else "admin-decided"
    await exchange.say(key, person=f"#{decision.flag_id}")


def _line(order: Order, flag: Flag) -> str:
    address = order.address(f"queue/{flag.id}")
    return f"#{flag.id} · {flag.category} · {flag.priority.name.lower()} · {address}"
