"""`whimbrel policy`: trying a policy on what was said lately, from a terminal or for the dashboard.

Each try is a process of its own, for some minutes and at low priority: the bot, which answers
people meanwhile, neither computes it nor keeps its word lists in memory.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from bot.database import open_database
from bot.files import FileError, opened
from bot.settings import Settings
from bot.signals import PARENT
from handlers.moderation import trials
from handlers.moderation.policies import checked
from moderation.policy.live import LivePolicy
from moderation.policy.rules import Policy
from moderation.policy.trying import Change, Outcome

GENTLE = 10  # added to the niceness
Say = Callable[[str], None]

log = structlog.get_logger()


class TrialProcesses:
    """Starts a process for each try. They end with this one."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, trial_id: int) -> None:
        """Begin one."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot", "policy", "run", str(trial_id)),
            env={**os.environ, PARENT: str(os.getpid())},
            stdin=asyncio.subprocess.DEVNULL,
        )
        task = asyncio.create_task(_wait(process, trial_id), name=f"trial {trial_id}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def ended(self) -> None:
        """Wait until none runs."""
        await asyncio.gather(*self._running)


async def _wait(process: asyncio.subprocess.Process, trial_id: int) -> None:
    status = await process.wait()
    if status:
        log.error("a try of a policy ended without an outcome", trial=trial_id, status=status)


async def run(settings: Settings, trial_id: int) -> None:
    """Run a try that was asked for on the dashboard. Raises StorageError and PolicyError."""
    os.nice(GENTLE)
    async with open_database(settings) as database:
        await trials.run(database, trial_id)


async def try_file(settings: Settings, file: Path, *, days: float, most: int, say: Say) -> None:
    """Say what a policy in a file would change. Raises PolicyError, FileError and StorageError."""
    then = _read(file)
    async with open_database(settings) as database:
        now = await LivePolicy(database).get()
        since = time.time() - days * trials.DAY
        outcome = await trials.try_policy(database, now, then, since=since, most=most, tell=_silent)
    for line in describe(outcome):
        say(line)


def _read(file: Path) -> Policy:
    with opened(file) as found:
        try:
            return checked(found.read().decode())
        except UnicodeDecodeError as error:
            raise FileError(f"{file} is no UTF-8 text") from error


def describe(outcome: Outcome) -> list[str]:
    """An outcome for people, a line each."""
    lines = [f"Looked at {outcome.looked} messages."]
    if not outcome.changes:
        return [*lines, "Nothing would change."]
    for change in outcome.changes:
        lines.append(_sentence(change))
        lines += [
            f"    message {each.message_id}: {each.category} by {each.check}, {each.score}"
            for each in change.examples
        ]
    return lines


def _sentence(change: Change) -> str:
    before, after = (" + ".join(deeds) or "nothing" for deeds in (change.before, change.after))
    return f"{before} -> {after}: {change.messages} messages of {change.people} people"


async def _silent(looked: int, expected: int) -> None:
    """Nobody waits for it to be told."""
