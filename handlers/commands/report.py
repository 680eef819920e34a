"""/report [why]: say that an answer is not all right; as a reply to it, or else to the last one."""

from __future__ import annotations

from handlers.exchange import Exchange
from handlers.reporting import meant_answer, report_answer


async def report(exchange: Exchange, arguments: str) -> None:
    """Put the answer into the queue of those who look after the assistant."""
    answer = await meant_answer(exchange)
    if answer is None:
        await exchange.say("report-nothing")
        return
    await report_answer(exchange, answer, arguments)
