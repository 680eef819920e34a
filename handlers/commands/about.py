"""/about: what answers here."""

from __future__ import annotations

from handlers.exchange import Exchange


async def about(exchange: Exchange, arguments: str) -> None:
    """Name the exact checkpoint and its number format, and say that it is an AI."""
    workers = exchange.context.models.workers
    assistant = exchange.context.persona.assistant_name
    if not workers:
        await exchange.say("about-no-model", assistant=assistant)
        return
    models = sorted({f"{worker.model} ({worker.number_format or '?'})" for worker in workers})
    await exchange.say(
        "about",
        assistant=assistant,
        models=", ".join(models),
        llama="yes" if any(worker.llama for worker in workers) else "no",
        demonstration="yes" if any(worker.demonstration for worker in workers) else "no",
    )
