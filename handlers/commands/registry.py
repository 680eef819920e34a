"""The commands by name, and how one is told from other text."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.commands.about import about
from handlers.commands.admin import admin
from handlers.commands.appeal import appeal
from handlers.commands.delete import delete
from handlers.commands.export import export
from handlers.commands.feedback import feedback
from handlers.commands.help import help_
from handlers.commands.invite import invite
from handlers.commands.new import new
from handlers.commands.privacy import privacy
from handlers.commands.report import report
from handlers.commands.retry import retry
from handlers.commands.start import start
from handlers.commands.stop import stop
from handlers.exchange import Exchange

# "/name", "/name@bot" or either with arguments; "/etc/passwd" and "/ and so on" are mere text.
PATTERN = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:@[A-Za-z0-9_]+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A command; `menu` is the text key of its line in a messenger's menu of commands, empty for
    those that have none.

    One `for_strangers` may be used by people who may not talk to the assistant."""

    run: Callable[[Exchange, str], Awaitable[None]]
    menu: str = ""
    for_strangers: bool = False


COMMANDS = {
    "start": Command(start, for_strangers=True),
    "help": Command(help_, "command-help"),
    "new": Command(new, "command-new"),
    "stop": Command(stop, "command-stop"),
    "retry": Command(retry, "command-retry"),
    "invite": Command(invite, "command-invite"),
    "about": Command(about, "command-about", for_strangers=True),
    "feedback": Command(feedback, "command-feedback"),
    "report": Command(report, "command-report"),
    "appeal": Command(appeal, "command-appeal"),
    "admin": Command(admin),
    "privacy": Command(privacy, "command-privacy", for_strangers=True),
    "export": Command(export, "command-export"),
    "delete": Command(delete, "command-delete", for_strangers=True),
}


def parse_command(text: str) -> tuple[str, str] | None:
    """Name in lower case and arguments, or None where the text is no command."""
    match = PATTERN.fullmatch(text)
    if match is None:
        return None
    return match[1].lower(), (match[2] or "").strip()
