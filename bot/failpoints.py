"""Dying at a named point when a test run says so: kill -9, as a machine would do it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.environment import SettingsError
from chat.failpoints import Failpoint, arm

VARIABLE = "WHIMBREL_FAILPOINT"


class KillAt:
    """Ends the process at every `every`-th pass of a point, while `lives` holds a file.

    Each death takes one of its files away, so that several processes share the number of deaths,
    and a process that is started again does not die forever.
    """

    def __init__(self, point: Failpoint, *, every: int, lives: Path) -> None:
        self._point = point
        self._every = every
        self._lives = lives
        self._passes = 0

    def __call__(self, point: Failpoint) -> None:
        """The process passes this point."""
        if point is not self._point:
            return
        self._passes += 1
        if self._passes % self._every == 0 and self._take_life():
            os.kill(os.getpid(), signal.SIGKILL)

    def _take_life(self) -> bool:
        for life in self._lives.iterdir():
            with suppress(FileNotFoundError):  # another process took it
                life.unlink()
                return True
        return False


def arm_from(environ: Mapping[str, str]) -> None:
    """Arm what `WHIMBREL_FAILPOINT=POINT:EVERY:FOLDER` says; nothing where it is not set.

    Raises SettingsError.
    """
    told = environ.get(VARIABLE, "")
    if not told:
        return
    name, _, rest = told.partition(":")
    every, _, folder = rest.partition(":")
    if name not in list(Failpoint) or not every.isdecimal() or not Path(folder).is_dir():
        raise SettingsError(f"{VARIABLE} wants POINT:EVERY:FOLDER, for test runs only")
    arm(KillAt(Failpoint(name), every=int(every), lives=Path(folder)))
