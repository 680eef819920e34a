"""/admin users, user: who there is, and what is known of somebody."""

from __future__ import annotations

from datetime import UTC, datetime

from handlers.commands.admin.order import Order, called, plain
from handlers.commands.admin.quota import budget_lines
from handlers.moderation.rights import NotPermitted, sees_person

MOST = 30


async def users(order: Order) -> None:
    """The latest people, or those whose name has these words in it."""
    found = await order.exchange.tx.users.search(order.rest(0), most=MOST)
    lines = [f"{called(user)} · {user.access.value}" for user in found]
    await order.lines("admin-users", lines)


async def user(order: Order) -> None:
    """Somebody's identities, flags, restrictions and budget."""
    tx, person = order.exchange.tx, await order.person(0)
    if not sees_person(order.giver, person):
        raise NotPermitted
    identities = await tx.users.identities(person.id)
    in_force = await tx.restrictions.in_force(person.id)
    flags = await tx.flags.of_user(person.id)
    lines = [
        called(person),
        f"{person.access.value} · {_day(person.created_at)}",
        *(f"{channel}:{plain(external_id)}" for channel, external_id in identities),
        *(f"{each.kind.value} · {each.category} · {_until(each.until)}" for each in in_force),
        f"flags: {len(flags)}",
        *await budget_lines(order, person),
    ]
    await order.lines("admin-user", lines)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def _until(seconds: float | None) -> str:
    return "∞" if seconds is None else f"→ {_day(seconds)}"
