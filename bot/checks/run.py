"""Run every check, one after the other, and print what each found."""

from __future__ import annotations

from collections.abc import Callable

from bot.checks import engine, guard, messengers, moderators, packages, stores
from bot.checks.finding import Check, Finding, State, wrong
from bot.logs import Redactor
from bot.settings import Settings, SettingsError, load
from handlers.cleaning import printable

SOMETHING_WRONG, WRONG_SETTING = 1, 2

CHECKS: tuple[Check, ...] = (
    stores.check_home,
    stores.check_database,
    stores.check_broker,
    stores.check_attachments,
    packages.check_packages,
    engine.check_engine,
    engine.find_endpoints,
    guard.check_guard,
    messengers.check_telegram,
    messengers.check_web,
    moderators.check_moderators,
)


async def check(*, say: Callable[[str], None], checks: tuple[Check, ...] = CHECKS) -> int:
    """Check everything and `say` a line for each; the exit status of the command."""
    try:
        settings = load()
    except SettingsError as error:
        say(str(wrong("settings", str(error))[0]))
        return WRONG_SETTING
    redact = Redactor(settings.secrets())
    say(str(Finding("settings", State.OK, "read from the environment and .env")))
    found: list[Finding] = []
    for each in checks:
        for finding in await _guarded(each, settings):
            # names of models and answers of servers are words from outside
            say(" ".join(printable(redact(str(finding))).splitlines()))
            found.append(finding)
    bad = sum(finding.state is State.WRONG for finding in found)
    say("Everything is in order." if not bad else f"{bad} of these must be put right.")
    return SOMETHING_WRONG if bad else 0


async def _guarded(each: Check, settings: Settings) -> list[Finding]:
    """What a check found; its own failure is a finding too, and the others still run."""
    try:
        return await each(settings)
    except Exception as error:
        subject = each.__name__.partition("_")[2]
        return wrong(subject, f"could not be checked: {type(error).__name__}: {error}")
