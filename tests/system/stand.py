"""The whole system as an operator runs it: a home, a messenger, a model, and `whimbrel up`."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import psutil

from bot.home import Home
from tests.deployment.environments import clean_environ
from tests.deployment.processes import Running, free_port, started
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.fakes.telegram import Chat, FakeTelegram, Person, Shown
from tests.system.listener import Listener
from tests.waiting import eventually

WHIMBREL = (sys.executable, "-P", "-m", "bot")
OWNER_LINK = re.compile(r"http://127\.0\.0\.1:\d+/pair/([A-Za-z0-9_-]{20,})")


class Ended(NamedTuple):
    """A command that has run to its end."""

    status: int
    out: str
    err: str


@dataclass(slots=True)
class Up:
    """A running `whimbrel up`. `log` is what it and its children have said."""

    running: Running
    url: str

    @property
    def log(self) -> str:
        return self.running.said()

    @property
    def owner_code(self) -> str:
        """The code in the banner's link."""
        (code,) = OWNER_LINK.findall(self.log)
        return str(code)

    def events(self) -> list[dict[str, Any]]:
        """The lines of the log that are JSON."""
        found = []
        for line in self.log.splitlines():
            with suppress(ValueError):
                found.append(json.loads(line))
        return [each for each in found if isinstance(each, dict)]

    def part(self, name: str) -> psutil.Process:
        """A process of it: bot, worker or valkey-server."""
        for child in psutil.Process(self.running.process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if name in child.cmdline() or child.name() == name:
                    return child
        raise AssertionError(f"no {name} runs")

    def parts(self) -> list[psutil.Process]:
        """Every process that it has started, and that those have."""
        return psutil.Process(self.running.process.pid).children(recursive=True)

    async def kills(self, name: str) -> None:
        """kill -9 for one part, and wait until another one has been started."""
        before = self.part(name)
        before.kill()

        async def again() -> bool:
            with suppress(AssertionError):
                return self.part(name).pid != before.pid
            return False

        await eventually(again, seconds=30)

    async def until_ready(self) -> None:
        """Wait until it can answer."""
        await self.running.until_it_serves(f"{self.url}/readyz")


@dataclass(slots=True)
class Stand:
    """Everything around the product. `listener` is the model behind `endpoint`."""

    folder: Path
    telegram: FakeTelegram
    endpoint: OpenAIEndpoint
    listener: Listener
    environ: dict[str, str]
    starts: int = field(default=0)

    @property
    def home(self) -> Home:
        return Home(Path(self.environ["WHIMBREL_HOME"]))

    @property
    def ways(self) -> Ways:
        """How the endpoint behaves."""
        return self.endpoint.ways

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environ['HTTP_PORT']}"

    @asynccontextmanager
    async def up(self, **settings: str) -> AsyncIterator[Up]:
        """`whimbrel up`, ready to answer; stopped in order where the test has not done it."""
        self.starts += 1
        environ = self.environ | settings
        name = f"up-{self.starts}"
        async with started((*WHIMBREL, "up"), environ, self.folder, name=name) as running:
            up = Up(running, self.url)
            await running.until_it_says("Ctrl-C stops it.")
            await up.until_ready()
            yield up
            if running.process.returncode is None:
                assert await running.stop() == 0, up.log

    async def run(self, *arguments: str, ctrl_c: asyncio.Event | str = "") -> Ended:
        """A `whimbrel` command to its end.

        Ctrl-C is pressed at the event, or once these words were printed."""
        process = await asyncio.create_subprocess_exec(
            *(*WHIMBREL, *arguments),
            env=self.environ,
            cwd=self.folder,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
        )
        assert process.stdout is not None
        seen = b""
        try:
            async with asyncio.timeout(60):
                if isinstance(ctrl_c, asyncio.Event):
                    await ctrl_c.wait()
                elif ctrl_c:
                    seen = await process.stdout.readuntil(ctrl_c.encode())
                if ctrl_c:
                    process.send_signal(signal.SIGINT)
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        return Ended(process.returncode or 0, (seen + out).decode(), err.decode())

    @asynccontextmanager
    async def slowly(self, words_per_second: float) -> AsyncIterator[None]:
        """Answers that begin meanwhile come so slowly."""
        self.ways.words_per_second = words_per_second
        try:
            yield
        finally:
            self.ways.words_per_second = 0

    @asynccontextmanager
    async def endpoint_away(self) -> AsyncIterator[None]:
        """Nobody listens where the endpoint was, until the context ends."""
        await self.endpoint.__aexit__()
        try:
            yield
        finally:
            await self.endpoint.__aenter__()

    @asynccontextmanager
    async def refused(self, words: str, *, status: int = 400) -> AsyncIterator[None]:
        """The endpoint answers every prompt with this error meanwhile."""
        self.ways.status, self.ways.refusal = status, words
        try:
            yield
        finally:
            self.ways.status = 200


@asynccontextmanager
async def stand(**settings: str) -> AsyncIterator[Stand]:
    """An empty home with short paths, a fake Telegram and an endpoint; nothing runs yet."""
    listener = Listener()
    endpoint = OpenAIEndpoint(listener, Ways(model="listener", window=200_000))
    with tempfile.TemporaryDirectory(prefix="wb-") as name:
        async with FakeTelegram() as telegram, endpoint:
            environ = clean_environ(
                WHIMBREL_HOME=f"{name}/home",
                HTTP_PORT=str(free_port()),
                TELEGRAM_API_URL=telegram.url,
                TELEGRAM_BOT_TOKEN=telegram.token,
                ENGINE_URL=endpoint.url,
            )
            yield Stand(Path(name), telegram, endpoint, listener, environ | settings)
            assert telegram.violations == []
            assert telegram.world.limits.early == 0


async def ends(chat: Chat, words: str, *, seconds: float = 15) -> Shown:
    """Wait for a message of the bot with these words that grows no more, and return it."""

    def found() -> list[Shown]:
        return [each for each in chat.from_bot if words in each.text and "Stop" not in each.buttons]

    await chat.until(lambda _: bool(found()), seconds)
    return found()[-1]


async def asks(person: Person, text: str, *, seconds: float = 15) -> Shown:
    """Say something short, and wait for the whole answer to it."""
    person.says(text)
    return await ends(person.chat, f"I heard: {text}.", seconds=seconds)


@asynccontextmanager
async def browser(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody at the web page who is not signed in."""
    headers = {"accept": "text/html", "accept-language": "en"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=20) as client:
        yield client
