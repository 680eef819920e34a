"""The admin commands by name, the least role that may give each, and how they are carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chat.outbound import Button
from chat.people import Role
from handlers.commands.admin.broadcasting import broadcast
from handlers.commands.admin.order import Order, Usage
from handlers.commands.admin.people import user, users
from handlers.commands.admin.restricting import FOR_GOOD, ban, mute, unban, unmute, warn
from handlers.commands.admin.running import flags, model, policy, queue, retry, stats, turn
from handlers.errors import NotFound
from handlers.exchange import Exchange
from handlers.moderation.rights import LEVELS, NotPermitted

LONGEST = 48  # bytes of a command that fit behind a button


@dataclass(frozen=True, slots=True)
class AdminCommand:
    """A command; `usage` are the words after its name, `asks` whether to ask before it is done."""

    run: Callable[[Order], Awaitable[None]]
    least: Role
    usage: str = ""
    asks: Callable[[Order], bool] = lambda order: False


def _for_good(order: Order) -> bool:
    return order.word(1) == FOR_GOOD


ADMIN = {
    "stats": AdminCommand(stats, Role.REVIEWER),
    "flags": AdminCommand(flags, Role.REVIEWER),
    "queue": AdminCommand(queue, Role.REVIEWER),
    "model": AdminCommand(model, Role.REVIEWER),
    "policy": AdminCommand(policy, Role.REVIEWER),
    "users": AdminCommand(users, Role.MODERATOR, "[NAME]"),
    "user": AdminCommand(user, Role.MODERATOR, "PERSON"),
    "warn": AdminCommand(warn, Role.REVIEWER, "PERSON CATEGORY [WHY]"),
    "mute": AdminCommand(mute, Role.MODERATOR, "PERSON LENGTH CATEGORY [WHY]"),
    "unmute": AdminCommand(unmute, Role.MODERATOR, "PERSON"),
    "ban": AdminCommand(ban, Role.MODERATOR, "PERSON LENGTH|forever CATEGORY [WHY]", _for_good),
    "unban": AdminCommand(unban, Role.MODERATOR, "PERSON"),
    "broadcast": AdminCommand(broadcast, Role.ADMIN, "[TEXT|stop]"),
    "turn": AdminCommand(turn, Role.ADMIN, "NUMBER"),
    "retry": AdminCommand(retry, Role.ADMIN, "NUMBER"),
}


async def admin(exchange: Exchange, arguments: str, *, confirmed: bool = False) -> None:
    """Carry out what follows /admin; who has no role is not told that there is such a command."""
    if exchange.user.role not in LEVELS:
        await exchange.say("unknown-command", command="/admin")
        return
    name, *words = arguments.split() or ["help"]
    command = ADMIN.get(name.lower())
    if command is None or not _may(exchange, command):
        await _help(exchange)
        return
    order = Order(exchange, words, confirmed, arguments.partition(name)[2].strip())
    try:
        if command.asks(order) and not confirmed:
            await _ask(exchange, arguments)
        else:
            await command.run(order)
    except Usage:
        await exchange.say("admin-usage", usage=f"/admin {name.lower()} {command.usage}".strip())
    except NotFound:
        await exchange.say("admin-nobody")
    except NotPermitted as error:
        await exchange.say(error.key)


async def press_admin(exchange: Exchange, arguments: str) -> None:
    """The button under a question whether something is meant: the command is given once more, by
    whoever presses, and their role counts now."""
    if arguments == "no":
        await exchange.say("admin-kept")
    else:
        await admin(exchange, arguments, confirmed=True)


async def _ask(exchange: Exchange, arguments: str) -> None:
    if len(arguments.encode()) > LONGEST or not arguments.isascii():
        await exchange.say("admin-too-long")
        return
    yes = Button("button-admin-yes", f"admin:{arguments}")
    no = Button("button-admin-no", "admin:no")
    await exchange.say("admin-sure", buttons=(yes, no), command=f"/admin {arguments}")


async def _help(exchange: Exchange) -> None:
    mine = [
        f"/admin {name} {command.usage}".rstrip()
        for name, command in ADMIN.items()
        if _may(exchange, command)
    ]
    await exchange.say("admin-help", lines="\n".join(mine))


def _may(exchange: Exchange, command: AdminCommand) -> bool:
    return LEVELS.index(exchange.user.role) >= LEVELS.index(command.least)
