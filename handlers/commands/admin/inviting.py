"""/admin invite: links that let people in, with a role where the owner agrees."""

from __future__ import annotations

import math

from msgspec import Struct

from chat.outbound import Button, Notice
from chat.people import Role
from handlers.commands.admin.order import Order, Usage, called
from handlers.commands.invite import MAX_DAYS, MAX_USES, links_of
from handlers.invitations import DAY, make_invitation, revoke_invitation
from handlers.moderation.rights import NotPermitted, may_make

USES, DAYS = 1, 7


class Wish(Struct, frozen=True):
    """What is asked for: a role, how long, how often, and for whom by an owner who agrees."""

    role: Role = Role.MEMBER
    uses: int = USES
    days: int = DAYS
    giver: int | None = None

    @property
    def words(self) -> str:
        """The same as a command has it."""
        return f"invite {self.role.value} {self.days} days"


async def invite(order: Order) -> None:
    """`invite [ROLE] [N days] [N uses]`, `invite list`, `invite revoke NUMBER`."""
    match order.word(0):
        case "list" if not order.word(1):
            await _list(order)
        case "revoke" if not order.word(2):
            await revoke_invitation(order.exchange.tx, order.giver, order.number(1))
            await order.exchange.say("admin-invite-revoked", number=str(order.number(1)))
        case _:
            await _invite(order, _wish(order.words))


def gives_a_role(order: Order) -> bool:
    """Whether an owner is asked first; anybody else has to ask one."""
    try:
        wish = _wish(order.words)
    except Usage:
        return False
    return order.giver.role is Role.OWNER and wish.role is not Role.MEMBER


async def what_role(order: Order) -> str:
    """What the bearer of the link would be."""
    wish = _wish(order.words)
    return order.text("admin-invite-role", role=wish.role.value, days=wish.days)


async def _invite(order: Order, wish: Wish) -> None:
    exchange, giver = order.exchange, order.giver
    if wish.giver is not None:
        await _allow(order, wish, wish.giver)
    elif wish.role is Role.MEMBER or giver.role is Role.OWNER:
        code = await _make(order, wish)
        links = "\n".join(links_of(exchange, code))
        await exchange.say("invite-made", links=links, uses=wish.uses, days=wish.days)
    else:
        await _ask_owners(order, wish)


async def _make(order: Order, wish: Wish) -> str:
    return await make_invitation(
        order.exchange.tx,
        order.giver,
        uses=wish.uses,
        days=wish.days,
        now=order.exchange.now,
        role=wish.role,
    )


async def _ask_owners(order: Order, wish: Wish) -> None:
    """Somebody below the owner wants to give a role: the owners are asked in their own chats."""
    exchange, giver = order.exchange, order.giver
    if not may_make(giver, wish.role):
        raise NotPermitted
    args: dict[str, str | int | float] = {
        "person": called(giver),
        "role": wish.role.value,
        "days": wish.days,
    }
    buttons = (
        Button("button-admin-yes", f"admin:{wish.words} for {giver.id}"),
        Button("button-admin-no", "admin:no"),
    )
    for owner in await exchange.tx.users.owners():
        await exchange.context.requests.tell(
            exchange.tx, owner, Notice("admin-invite-asks", args), exchange.effects, buttons
        )
    await exchange.say("admin-invite-asked")


async def _allow(order: Order, wish: Wish, giver_id: int) -> None:
    """An owner agrees: whoever asked gets the link, and what they may give counts now."""
    exchange = order.exchange
    if order.giver.role is not Role.OWNER:
        raise NotPermitted
    giver = await exchange.tx.users.get(giver_id)
    code = await make_invitation(
        exchange.tx,
        giver,
        uses=wish.uses,
        days=wish.days,
        now=exchange.now,
        role=wish.role,
        allowed_by=order.giver,
    )
    links = "\n".join(links_of(exchange, code))
    notice = Notice("invite-made", {"links": links, "uses": wish.uses, "days": wish.days})
    await exchange.context.requests.tell(exchange.tx, giver, notice, exchange.effects)
    await exchange.say("admin-invite-allowed", person=called(giver))


async def _list(order: Order) -> None:
    if not may_make(order.giver, Role.MEMBER):
        raise NotPermitted
    lines = []
    for each in await order.exchange.tx.codes.invitations():
        left = max(0.0, (each.expires_at or 0.0) - order.exchange.now)
        by = f" · #{each.made_by}" if each.made_by is not None else ""
        lines.append(f"{each.id} · {each.role or 'member'} · {each.uses} × · {_days(left)}{by}")
    await order.lines("admin-invitations", lines)


def _days(seconds: float) -> str:
    return f"{math.ceil(seconds / DAY)} d"


def _wish(words: list[str]) -> Wish:
    """Raises Usage."""
    words, role = list(words), Role.MEMBER
    if words and words[0] in {each.value for each in Role}:
        role = Role(words.pop(0))
    numbers: dict[str, int] = {}
    while words:
        first, second = words.pop(0), words.pop(0) if words else ""
        if first == "for":
            name, number = "for", second.removeprefix("#")
        else:
            name, number = second.removesuffix("s"), first
        if not (number.isascii() and number.isdecimal() and len(number) < 19) or name in numbers:
            raise Usage
        numbers[name] = int(number)
    if numbers.keys() - {"day", "use", "for"}:
        raise Usage
    wish = Wish(role, numbers.get("use", USES), numbers.get("day", DAYS), numbers.get("for"))
    fits = 1 <= wish.days <= MAX_DAYS and 1 <= wish.uses <= MAX_USES
    if not fits or (role is not Role.MEMBER and wish.uses != 1):
        raise Usage
    return wish
