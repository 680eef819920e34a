"""/admin broadcast: something for everybody."""

from __future__ import annotations

from handlers import broadcasts
from handlers.commands.admin.order import Order

STOP = "stop"


async def broadcast(order: Order) -> None:
    """`broadcast TEXT` asks whether it is meant; `broadcast` tells how far the last one has come,
    `broadcast stop` stops it."""
    if not order.written:
        await broadcasts.show(order.exchange)
    elif order.written.lower() == STOP:
        await broadcasts.stop(order.exchange)
    else:
        await broadcasts.propose(order.exchange, order.written)
