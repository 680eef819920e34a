"""The processes that are measured: the endpoint, the whole product, and a plain echo."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes.telegram import FakeTelegram


class Running:
    """A process of ours with its children, ended with the context that started it."""

    def __init__(self, process: Process) -> None:
        self.process = process

    def peak_memory(self, name: str) -> int:
        """Peak resident bytes of the child `python -m bot NAME`; 0 where it cannot be read."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                status = (folder / "status").read_text()
            except OSError:
                continue
            is_child = f"PPid:\t{self.process.pid}\n" in status
            if is_child and words[-4:-1] == [b"-m", b"bot", name.encode()]:
                peak = re.search(r"VmHWM:\s+(\d+) kB", status)
                return int(peak[1]) * 1024 if peak else 0
        return 0


class Endpoint:
    """The OpenAI-compatible endpoint of the tests as a process of its own."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self.url = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.fakes.openai_endpoint", "--port", "0", *self._options),
            stdout=PIPE,
        )
        assert self._process.stdout is not None
        line = (await self._process.stdout.readline()).decode()
        self.url = line.strip()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await ended(self._process)


@asynccontextmanager
async def whimbrel(
    telegram: FakeTelegram, endpoint: Endpoint, **settings: str
) -> AsyncIterator[Running]:
    """`whimbrel up` in an empty home, connected to both services and ready to answer."""
    with tempfile.TemporaryDirectory(prefix="whimbrel-") as home:
        environ = {
            **os.environ,
            "WHIMBREL_HOME": home,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "ENGINE_URL": endpoint.url,
            "ACCESS": "open",
            "DISCLOSE_AFTER_DAYS": "0",
            "FEEDBACK_BUTTONS": "no",
            "LOG_LEVEL": "warning",
            **settings,
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "up"), env=environ, stdout=PIPE
        )
        try:
            assert process.stdout is not None
            while b"is running at" not in (line := await process.stdout.readline()):
                if not line:
                    raise RuntimeError("whimbrel up ended before it was ready")
            yield Running(process)
        finally:
            await ended(process)


@asynccontextmanager
async def echo_bot(telegram: FakeTelegram) -> AsyncIterator[Running]:
    """A python-telegram-bot application that answers with three calls and stores nothing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.echo_bot", telegram.url, telegram.token), stdout=DEVNULL
    )
    try:
        yield Running(process)
    finally:
        await ended(process)


async def ended(process: Process) -> None:
    """End a process, by force where it does not."""
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(30):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
