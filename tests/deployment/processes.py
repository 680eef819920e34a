"""Processes of ours as an operator runs them: started, waited for, stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx2

from tests.waiting import eventually


class Running:
    """A process and the file that takes what it says."""

    def __init__(self, process: Process, log: Path) -> None:
        self.process = process
        self.log = log

    def said(self) -> str:
        """Everything that it has said so far."""
        return self.log.read_text("utf-8", "replace")

    async def until_it_says(self, words: str, *, seconds: float = 90) -> None:
        """Wait for these words; fails with what was said instead."""

        async def spoken() -> bool:
            self.still_runs()
            return words in self.said()

        await eventually(spoken, seconds=seconds)

    async def until_it_serves(self, url: str, *, seconds: float = 90) -> None:
        """Wait until a GET of this address succeeds."""
        async with httpx2.AsyncClient(timeout=2) as client:

            async def served() -> bool:
                self.still_runs()
                with suppress(httpx2.HTTPError):
                    return (await client.get(url)).is_success
                return False

            await eventually(served, seconds=seconds)

    def still_runs(self) -> None:
        """Fails with what was said where the process has ended."""
        assert self.process.returncode is None, self.said()[-4000:]

    async def stop(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 60) -> int:
        """Ask it to end, and its exit status."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), seconds)


@asynccontextmanager
async def started(
    command: Sequence[str | Path], environ: Mapping[str, str], folder: Path, *, name: str
) -> AsyncIterator[Running]:
    """A process that runs in `folder` as long as the context."""
    log = folder / f"{name}.log"
    with open(log, "wb") as out:  # noqa: ASYNC230
        process = await asyncio.create_subprocess_exec(
            *command, env=dict(environ), cwd=folder, stdin=DEVNULL, stdout=out, stderr=STDOUT
        )
    try:
        yield Running(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
