"""/about: what answers here."""

from __future__ import annotations

from chat.budgets import What
from chat.people import Access, Role
from handlers.exchange import Exchange


async def about(exchange: Exchange, arguments: str) -> None:
    """Name the exact checkpoint and its number format, say that it is an AI, and what is left of
    the person's budget."""
    await _name_models(exchange)
    if exchange.user.role is Role.OWNER or exchange.user.access is not Access.ALLOWED:
        return  # no budget binds the one, and the other has none
    left = await exchange.context.allowances.left(exchange.user.id, exchange.user.budget)
    if left:
        messages, pictures, tokens = (str(left.get(what, "any")) for what in What)
        await exchange.say("about-budget", messages=messages, pictures=pictures, tokens=tokens)


async def _name_models(exchange: Exchange) -> None:
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
