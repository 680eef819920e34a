"""/admin quota: what somebody may use, shown and set."""

from __future__ import annotations

from chat.budgets import What
from chat.people import Role, User
from handlers.commands.admin.order import Order, Usage, called
from handlers.moderation.quotas import reset_quota, set_quota
from handlers.moderation.rights import NotPermitted, sees_person
from moderation.durations import spoken

DEFAULT = "default"


async def quota(order: Order) -> None:
    """`quota PERSON [messages N|pictures N|tokens N|default]`: N a day."""
    person = await order.person(0)
    tx, giver = order.exchange.tx, order.giver
    if not sees_person(giver, person):
        raise NotPermitted
    if order.word(1) == DEFAULT and not order.word(2):
        person = await reset_quota(tx, giver, person)
    elif order.word(1):
        person = await _set(order, person)
    await order.lines("admin-quota", [called(person), *await budget_lines(order, person)])


async def budget_lines(order: Order, person: User) -> list[str]:
    """What somebody has used of what they may."""
    if person.role is Role.OWNER:
        return ["∞"]
    own = f"= {person.budget}" if person.budget else ""
    used = await order.exchange.context.allowances.used(person.id, person.budget)
    lines = []
    for each in used:
        number, unit = spoken(each.allowance.seconds)
        what = each.allowance.what.value
        lines.append(f"{what}: {each.amount} / {each.allowance.amount} · {number} {unit}")
    return [*lines, own] if own else lines or ["—"]


async def _set(order: Order, person: User) -> User:
    try:
        what = What(order.word(1))
    except ValueError:
        raise Usage from None
    if order.word(3):
        raise Usage
    amount = None if order.word(2) == DEFAULT else order.number(2)
    usual = order.exchange.context.allowances.usual
    return await set_quota(order.exchange.tx, order.giver, person, what, amount, usual=usual)
