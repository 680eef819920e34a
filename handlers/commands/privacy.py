"""/privacy: one screen on who reads what, and for how long it is kept."""

from __future__ import annotations

import math

from handlers.exchange import Exchange
from storage.repositories import DataKind

DAY = 24 * 3600  # seconds


async def privacy(exchange: Exchange, arguments: str) -> None:
    """Say which model answers, on whose machine, who may read, and how long it is kept."""
    workers = exchange.context.models.workers
    place = "unknown"
    if workers:
        place = "here" if all(worker.local for worker in workers) else "elsewhere"
    await exchange.say(
        "privacy",
        assistant=exchange.context.persona.assistant_name,
        models=", ".join(sorted({worker.model for worker in workers})) or "?",
        place=place,
        days=math.ceil((exchange.context.keep.seconds(DataKind.MESSAGES) or 0) / DAY),
    )
