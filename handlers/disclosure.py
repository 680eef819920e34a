"""Who answers here, and where words go: said at the beginning and after a long silence.

Regulation (EU) 2024/1689, article 50, wants people to know at the latest at the first exchange that
they talk to a machine.
"""

from __future__ import annotations

from chat.turns import WorkerInfo
from handlers.exchange import Exchange
from handlers.standing import TERMINAL_USER

DAY = 24 * 3600.0


async def disclose(exchange: Exchange) -> None:
    """Say it where it is due: once for each chat, however many messages come together.

    Call it before the message is recorded, since what was said last counts."""
    settings, conversation = exchange.context.answers, exchange.conversation
    if not settings.disclose or _at_terminal(exchange):
        return
    silence = settings.disclose_after * DAY
    known = conversation.disclosed_at
    if known and (not silence or exchange.now - known < silence):
        return
    conversations = exchange.tx.conversations
    said, last = await conversations.disclosure(conversation.key)
    silent = bool(silence) and last is not None and exchange.now - last >= silence
    await conversations.set_disclosed(conversation.id)
    if not said or silent:
        await _say(exchange)


async def forget_places(exchange: Exchange) -> None:
    """Places that nobody's words go to any more are told anew when they do again."""
    models, told = exchange.context.models, exchange.conversation.told_places
    if not told or set(told) <= _places(models.workers):
        return
    await models.refresh()  # what is known here may be older than what was told
    if models.workers:
        kept = [place for place in told if place in _places(models.workers)]
        if len(kept) < len(told):
            await exchange.tx.conversations.set_told(exchange.conversation.id, kept)


async def _say(exchange: Exchange) -> None:
    workers = exchange.context.models.workers
    places = sorted(_places(workers))
    await exchange.say(
        "disclosure",
        assistant=exchange.context.persona.assistant_name,
        models=", ".join(sorted({worker.model for worker in workers})),
        known="yes" if workers else "no",
        llama="yes" if any(worker.llama for worker in workers) else "no",
        place="elsewhere" if places else "here" if workers else "unknown",
        places=", ".join(places),
    )
    if places:
        told = exchange.conversation.told_places
        await exchange.tx.conversations.set_told(
            exchange.conversation.id, [*told, *(each for each in places if each not in told)]
        )


def _places(workers: tuple[WorkerInfo, ...]) -> set[str]:
    return {worker.place or "?" for worker in workers if not worker.local}


def _at_terminal(exchange: Exchange) -> bool:
    """Whoever types commands on this machine has chosen the model themselves."""
    return f"{exchange.channel}:{exchange.message.sender.external_id}" == TERMINAL_USER
