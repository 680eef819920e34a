"""/admin maintenance: questions wait while the assistant is worked on."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.commands.admin.order import Order, Usage, plain
from handlers.maintenance import begin, end


async def maintenance(order: Order) -> None:
    """`maintenance`, `maintenance on [TEXT]`, `maintenance off`."""
    exchange = order.exchange
    match order.word(0):
        case "":
            await _show(order)
        case "on":
            await begin(exchange.tx, order.giver, order.rest(1))
            await exchange.say("admin-maintenance-begun")
        case "off" if not order.word(1):
            ended = await end(exchange.tx, order.giver, exchange.effects)
            await exchange.say("admin-maintenance-ended" if ended else "admin-maintenance-none")
        case _:
            raise Usage


async def _show(order: Order) -> None:
    tx = order.exchange.tx
    found = await tx.operations.maintenance()
    if found is None:
        await order.exchange.say("admin-maintenance-none")
        return
    since = datetime.fromtimestamp(found.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    lines = [since, *([plain(found.text, most=300)] if found.text else [])]
    lines.append(order.text("admin-maintenance-waiting", count=await tx.turns.waiting()))
    await order.lines("admin-maintenance", lines)
