"""The admin commands by name, the least role that may give each, and how they are carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from chat.outbound import Button
from chat.people import Role
from handlers.commands.admin.auditing import audit
from handlers.commands.admin.broadcasting import broadcast
from handlers.commands.admin.flagged import flags, for_good
from handlers.commands.admin.inviting import gives_a_role, invite, what_role
from handlers.commands.admin.maintaining import maintenance
from handlers.commands.admin.models import model, switches, what_answers
from handlers.commands.admin.order import Order, Usage
from handlers.commands.admin.people import user, users
from handlers.commands.admin.policies import policy, publishes, what_changes
from handlers.commands.admin.quota import quota
from handlers.commands.admin.restricting import FOR_GOOD, ban, mute, unban, unmute, warn
from handlers.commands.admin.running import queue, retry, stats, turn
from handlers.errors import HandlerError, NotFound
from handlers.exchange import Exchange
from handlers.moderation.rights import LEVELS

LONGEST = 48  # bytes of a command that fit behind a button
SURE = "sure"  # before a command: it is meant, where there are no buttons to say so


async def _nothing(order: Order) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class AdminCommand:
    """A command; `usage` are the words after its name, `about` the text that explains it, `asks`
    whether to ask before it is done, and `question` what would come of it."""

    run: Callable[[Order], Awaitable[None]]
    least: Role
    usage: str = ""
    about: str = ""
    asks: Callable[[Order], bool] = lambda order: False
    question: Callable[[Order], Awaitable[str]] = _nothing


def _for_good(order: Order) -> bool:
    return order.word(1) == FOR_GOOD


ADMIN = {
    "stats": AdminCommand(stats, Role.REVIEWER, about="admin-about-stats"),
    "flags": AdminCommand(
        flags, Role.REVIEWER, "[NUMBER [VERDICT [LENGTH] [WHY]]]", "admin-about-flags", for_good
    ),
    "queue": AdminCommand(queue, Role.REVIEWER, about="admin-about-queue"),
    "model": AdminCommand(
        model, Role.REVIEWER, "[NAME]", "admin-about-model", switches, what_answers
    ),
    "policy": AdminCommand(
        policy,
        Role.REVIEWER,
        "[publish NUMBER | diff NUMBER NUMBER]",
        "admin-about-policy",
        publishes,
        what_changes,
    ),
    "users": AdminCommand(users, Role.MODERATOR, "[NAME]", "admin-about-users"),
    "user": AdminCommand(user, Role.MODERATOR, "PERSON", "admin-about-user"),
    "quota": AdminCommand(
        quota,
        Role.MODERATOR,
        "PERSON [default | messages N | pictures N | tokens N]",
        "admin-about-quota",
    ),
    "warn": AdminCommand(warn, Role.REVIEWER, "PERSON CATEGORY [WHY]", "admin-about-warn"),
    "mute": AdminCommand(mute, Role.MODERATOR, "PERSON LENGTH CATEGORY [WHY]", "admin-about-mute"),
    "unmute": AdminCommand(unmute, Role.MODERATOR, "PERSON", "admin-about-unmute"),
    "ban": AdminCommand(
        ban,
        Role.MODERATOR,
        "PERSON LENGTH|forever CATEGORY [WHY]",
        "admin-about-ban",
        _for_good,
    ),
    "unban": AdminCommand(unban, Role.MODERATOR, "PERSON", "admin-about-unban"),
    "broadcast": AdminCommand(broadcast, Role.ADMIN, "[TEXT | stop]", "admin-about-broadcast"),
    "turn": AdminCommand(turn, Role.ADMIN, "NUMBER", "admin-about-turn"),
    "retry": AdminCommand(retry, Role.ADMIN, "NUMBER", "admin-about-retry"),
    "invite": AdminCommand(
        invite,
        Role.ADMIN,
        "[ROLE] [N days] [N uses] | list | revoke NUMBER",
        "admin-about-invite",
        gives_a_role,
        what_role,
    ),
    "maintenance": AdminCommand(
        maintenance, Role.REVIEWER, "[on [TEXT] | off]", "admin-about-maintenance"
    ),
    "audit": AdminCommand(audit, Role.ADMIN, "[PERSON]", "admin-about-audit"),
}


async def admin(exchange: Exchange, arguments: str, *, confirmed: bool = False) -> None:
    """Carry out what follows /admin; who has no role is not told that there is such a command."""
    if exchange.user.role not in LEVELS:
        await exchange.say("unknown-command", command="/admin")
        return
    first, _, rest = arguments.partition(" ")
    if first.lower() == SURE:
        arguments, confirmed = rest.strip(), True
    name, *words = arguments.split() or ["help"]
    command = ADMIN.get(name.lower())
    if command is None or not _may(exchange, command):
        await _help(exchange, words if name.lower() == "help" else [])
        return
    order = Order(exchange, words, confirmed, written=arguments.partition(name)[2].strip())
    try:
        if command.asks(order) and not confirmed:
            question = await command.question(order)
            await _ask(exchange, order.meant or arguments, question)
        else:
            async with exchange.tx.savepoint():  # nothing is done by halves
                await command.run(order)
    except Usage:
        await exchange.say("admin-usage", usage=_written(name.lower(), command))
    except NotFound:
        await exchange.say("admin-nobody")
    except HandlerError as error:
        if not error.key:
            raise
        await exchange.say(error.key)


async def press_admin(exchange: Exchange, arguments: str) -> None:
    """The button under a question whether something is meant: the command is given once more, by
    whoever presses, and their role counts now."""
    if arguments == "no":
        await exchange.say("admin-kept")
    else:
        await admin(exchange, arguments, confirmed=True)


async def _ask(exchange: Exchange, arguments: str, question: str) -> None:
    can_press = exchange.abilities.buttons or exchange.abilities.pulls
    if can_press and (len(arguments.encode()) > LONGEST or not arguments.isascii()):
        await exchange.say("admin-too-long")
        return
    yes = Button("button-admin-yes", f"admin:{arguments}")
    no = Button("button-admin-no", "admin:no")
    command = f"/admin {arguments}"
    await exchange.say(
        "admin-sure-of" if question else "admin-sure",
        buttons=(yes, no),
        command=command,
        question=question,
        typed="no" if can_press else "yes",
        typing=f"/admin {SURE} {arguments}",
    )


async def _help(exchange: Exchange, words: list[str]) -> None:
    name = words[0].lower().removeprefix("/") if words else ""
    command = ADMIN.get(name)
    if command is not None and command.about and _may(exchange, command):
        about = exchange.context.texts.label(command.about, exchange.user.language)
        await exchange.say("admin-help-of", usage=_written(name, command), about=about)
        return
    mine = [_written(name, command) for name, command in ADMIN.items() if _may(exchange, command)]
    await exchange.say("admin-help", lines="\n".join(mine))


def _written(name: str, command: AdminCommand) -> str:
    return f"/admin {name} {command.usage}".rstrip()


def _may(exchange: Exchange, command: AdminCommand) -> bool:
    return LEVELS.index(exchange.user.role) >= LEVELS.index(command.least)
