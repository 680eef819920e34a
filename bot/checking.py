"""Wires what a worker looks at messages with: words, pictures, and Llama Guard where one is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from msgspec import Struct

from bot.home import Home
from bot.settings import Settings
from models.guard.loading import guard_from_settings
from moderation.checks import Check
from moderation.pictures.checker import PictureChecker
from moderation.pictures.known import KnownPicturesCheck
from moderation.pictures.live import LiveBank
from moderation.pictures.nudity import NudityCheck
from moderation.policy.rules import Policy
from moderation.text.making import TextChecks
from storage.database import Database

log = structlog.get_logger()


class Checks(Struct, frozen=True):
    """Those that are the same under every policy, and what makes the others."""

    fixed: Sequence[Check]
    of_policy: Callable[[Policy], Sequence[Check]]


@asynccontextmanager
async def open_checks(settings: Settings, home: Home, database: Database) -> AsyncIterator[Checks]:
    """All checks that this machine can run; those of pictures only where their extra is installed.

    Raises CheckpointError where the guard cannot be loaded."""
    async with AsyncExitStack() as stack:
        words = TextChecks()
        stack.callback(words.close)
        fixed: list[Check] = []
        pictures = PictureChecker()
        if not pictures.why_off:
            await stack.enter_async_context(pictures)
            fixed += [
                NudityCheck(pictures),
                KnownPicturesCheck(pictures, LiveBank(database, pictures)),
            ]
        else:
            log.info("pictures-unchecked", why=pictures.why_off)
        guard = guard_from_settings(settings.guard, pins=home.pins)
        if guard is not None:
            fixed.append(await stack.enter_async_context(guard))
        log.info("checks-ready", checks=[check.name for check in fixed])
        yield Checks(fixed, words.made)
