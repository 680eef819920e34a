"""A process of ours that another one starts, starts again when it dies, and stops in order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog

from bot.signals import PARENT
from chat.errors import AssistantError

WRONG_SETTING = 2  # the exit status of a process that cannot work with its settings
LONG_ENOUGH = 30.0  # seconds after which a process counts as having worked
TRIES = 6  # times in a row that it may end by itself sooner than that

log = structlog.get_logger()


class GaveUp(AssistantError):
    """A process of ours does not stay up; `status` is what `whimbrel up` ends with."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class Child:
    """One `whimbrel NAME` process (or another command), which ends when this one does."""

    def __init__(
        self,
        name: str,
        *,
        environ: Mapping[str, str],
        command: Sequence[str] = (),
        tries: int = TRIES,
    ) -> None:
        self.name = name
        self._tries = tries
        # -P: a folder named `bot` wherever the operator happens to be is not ours.
        self._command = command or (sys.executable, "-P", "-m", "bot", name)
        self._environ = {**os.environ, **environ, PARENT: str(os.getpid())}
        self._process: Process | None = None
        self._stop = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def keep_running(self) -> None:
        """Run the process until it is stopped, again when it dies. Raises GaveUp."""
        short_lives = deaths = 0
        while not self._stop.is_set():
            began = time.monotonic()
            status = await self._run()
            if self._stop.is_set():
                return
            if time.monotonic() - began > LONG_ENOUGH:
                short_lives = deaths = 0
            deaths += 1
            short_lives += status > 0
            self._consider(status, short_lives)
            pause = min(0.2 * 2**deaths, 5.0 if status < 0 else 30.0)
            log.error(
                "process ended, starting it again", name=self.name, status=status, pause=pause
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stop.wait()

    async def stop(self, *, seconds: float) -> None:
        """Ask the process to end, and end it when it has not after that time."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(seconds):
                await process.wait()
        except TimeoutError:
            log.warning("process did not stop in time", name=self.name, seconds=seconds)
            self.kill()
            await process.wait()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        self._stop.set()
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _run(self) -> int:
        # A session of its own: Ctrl-C reaches the parent only, which stops us in order.
        self._process = await asyncio.create_subprocess_exec(
            *self._command, env=self._environ, stdin=DEVNULL, start_new_session=True
        )
        log.info("process started", name=self.name, pid=self._process.pid)
        try:
            return await self._process.wait()
        finally:
            if self._process.returncode is None:
                self.kill()

    def _consider(self, status: int, short_lives: int) -> None:
        if status == WRONG_SETTING:
            raise GaveUp(f"{self.name}: see the line above", status=WRONG_SETTING)
        if short_lives >= self._tries:
            raise GaveUp(
                f"{self.name} ended {self._tries} times in a row soon after its start, "
                f"with status {status}; the lines above say why",
                status=1,
            )
