"""/admin stats, queue, turn, retry: what runs, and what waits."""

from __future__ import annotations

from chat.turns import WorkerInfo
from handlers import turns
from handlers.commands.admin.order import Order
from handlers.moderation.noting import note_turn

DAY = 24 * 3600.0


async def stats(order: Order) -> None:
    """The turns of a day, what waits, and who answers."""
    exchange = order.exchange
    tx = exchange.tx
    counts = await tx.turns.counts(exchange.now - DAY)
    lines = [f"{state.value}: {count}" for state, count in counts.items()]
    lines.append(f"flags: {await tx.flags.count_open()}")
    lines.append(f"appeals: {await tx.appeals.count_open()}")
    lines += [f"worker: {each.model} · {each.number_format}" for each in _workers(order)]
    await order.lines("admin-stats", lines)


async def queue(order: Order) -> None:
    """How many questions wait, and for how long the oldest has."""
    tx = order.exchange.tx
    waiting, age = await tx.turns.waiting(), await tx.turns.oldest_waiting_age()
    await order.lines("admin-queue", [f"{waiting} · {age:.0f} s"])


async def turn(order: Order) -> None:
    """`turn NUMBER`: how far a question has come; never its words."""
    found = await order.exchange.tx.turns.get(order.number(0))
    lines = [
        f"#{found.id} · {found.state.value} · {found.reason or '—'}",
        f"attempt {found.attempt} · crashes {found.crashes}",
    ]
    await order.lines("admin-turn", lines)


async def retry(order: Order) -> None:
    """`retry NUMBER`: answer a question that ended once more."""
    tx = order.exchange.tx
    found = await tx.turns.get(order.number(0))
    again = await turns.retry(tx, found, order.exchange.effects)
    if again:
        await note_turn(tx, "turn.retried", found.id, by=order.giver)
    await order.exchange.say("admin-retried" if again else "nothing-to-retry")


def _workers(order: Order) -> tuple[WorkerInfo, ...]:
    return order.exchange.context.models.workers
