"""One process that looks at pictures, seen from the process that asks."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec
import structlog

from moderation.pictures.messages import (
    LENGTH,
    MOST_REPLY,
    Ready,
    Reply,
    Request,
    Setup,
    checked,
    framed,
)

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
PROGRAM = "moderation.pictures.process"
START_SECONDS = 60.0
# Threads would be of no use to one picture, and the filter of the kernel's calls holds for one.
# ONNX Runtime starts one of its own to report how it is used; that is none of anybody's business.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
}


class CheckingProcess:
    """Asks one thing after the other. After an error or a cancelled question it is to be ended:
    nobody knows any more which answer would come next."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.answers = 0
        self.learnt: object = None  # what the process knows, for whoever taught it

    @classmethod
    async def start(cls, setup: Setup, program: str = PROGRAM) -> Self:
        """Start one and wait until it has loaded everything. Its environment is empty of ours,
        which may hold secrets. Raises OSError where it does not start."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-B", "-m", program, msgspec.json.encode(setup).decode()),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd="/",
            env={"PYTHONPATH": os.fspath(ROOT), **ENVIRONMENT},
        )
        started = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                await started._greet()
        except BaseException as error:
            await asyncio.shield(started.end())
            if isinstance(error, (TimeoutError, EOFError, ValueError)):
                raise OSError("the process that looks at pictures does not start") from error
            raise
        return started

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(self, request: Request, *, seconds: float) -> Reply:
        """The answer. Raises TimeoutError, EOFError where it died, ValueError where it lies."""
        async with asyncio.timeout(seconds):
            reply = await self._exchange(request)
        self.answers += 1
        return reply

    async def end(self) -> None:
        """Kill it and wait for its end."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def _greet(self) -> None:
        ready = await self._heard()
        if not isinstance(ready, Ready):
            raise ValueError("not the word that it is ready")
        if not ready.confined:
            log.warning("pictures are checked without seccomp", platform=sys.platform)

    async def _exchange(self, request: Request) -> Reply:
        sink = self._process.stdin
        assert sink is not None
        try:
            sink.write(framed(request))
            await sink.drain()
            return await self._heard()
        except ConnectionError as error:
            raise EOFError("the process is gone") from error

    async def _heard(self) -> Reply:
        source = self._process.stdout
        assert source is not None
        size = int.from_bytes(await source.readexactly(LENGTH), "big")
        if size > MOST_REPLY:
            raise ValueError(f"a reply of {size} bytes")
        return checked(await source.readexactly(size))
