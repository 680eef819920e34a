"""/admin model: which models answer, and switching to another one."""

from __future__ import annotations

from handlers.commands.admin.order import Order, Usage, verbatim
from handlers.model_choice import DEFAULT, called, check_wish, switching, want


async def model(order: Order) -> None:
    """`model`, `model NAME`, `model NUMBER` of the list."""
    if order.word(1):
        raise Usage
    if not order.word(0):
        await _show(order)
        return
    name, exchange = _name(order), order.exchange
    await want(
        exchange.tx,
        order.giver,
        name,
        exchange.context.switchable,
        conversation_id=exchange.conversation.id,
    )
    await exchange.say("admin-model-wanted", model=verbatim(name))


def switches(order: Order) -> bool:
    """Whether it is asked first: a switch."""
    return bool(order.word(0)) and not order.word(1)


async def what_answers(order: Order) -> str:
    """What would answer then, and what happens until then."""
    name, allowed = _name(order), order.exchange.context.switchable
    await check_wish(order.exchange.tx, order.giver, name, allowed)
    place = 0 if name == DEFAULT else 1 + list(allowed).index(name)
    order.meant = f"model {place}"  # names are too long for buttons
    return order.text("admin-model-sure", model=verbatim(name))


async def _show(order: Order) -> None:
    exchange = order.exchange
    workers = exchange.context.models.workers
    lines = [f"{each.model} · {each.number_format} · {each.context_window}" for each in workers]
    choice = await exchange.tx.operations.model()
    allowed = exchange.context.switchable
    for number, name in enumerate([DEFAULT, *allowed] if allowed else []):
        sign = ("…" if switching(choice) else "✓") if called(choice.wanted) == name else " "
        lines.append(f"{sign} {number}: {verbatim(name)}")
    if choice.failed:
        lines.append(order.text("model-switch-failed", model=verbatim(choice.failed)))
    await order.lines("admin-model", lines)


def _name(order: Order) -> str:
    """The name that is meant, also by its number. Raises Usage."""
    word = order.word(0)
    names = [DEFAULT, *order.exchange.context.switchable]
    if word.isascii() and word.isdecimal() and word not in names:
        if int(word) >= len(names):
            raise Usage
        return names[int(word)]
    return word
