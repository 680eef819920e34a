"""Two bots and two workers beside a broker, each started again whenever it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from bot.children import Child
from bot.home import BOT_ID, WORKER_ID
from bot.ports import answers
from storage.valkey import PrivateValkey
from tests.deployment.processes import free_port
from tests.fakes.proxy import TcpProxy
from tests.waiting import eventually

BROKER = "broker"


def open_to_all(database_url: str, telegram_url: str, telegram_token: str) -> dict[str, str]:
    """The settings of an assistant on this bot of Telegram that everybody may talk to."""
    return {
        "DATABASE_URL": database_url,
        "TELEGRAM_API_URL": telegram_url,
        "TELEGRAM_BOT_TOKEN": telegram_token,
        "ACCESS": "open",
    }


class Fleet:
    """The processes of one installation, as several machines would run them.

    The first bot and worker keep their names in all their lives, as under `whimbrel up`; the second
    take new ones each time, as in containers. `folder` takes the home and the logs; `settings` are
    those of all processes (see `open_to_all`); `worker_command` is what `python -m` runs as a
    worker. Open it with `async with`: it is entered when all can answer. Where a proxy is to stand
    before the broker, it has to listen already.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        *,
        bots: int = 2,
        workers: int = 2,
        worker_command: str = "bot worker",
        broker_between: TcpProxy | None = None,
    ) -> None:
        self._folder = folder
        self._home = folder / "home"
        self._home.mkdir(mode=0o700)
        self._settings = settings
        self._worker_command = worker_command
        self._broker_between = broker_between
        self._names = [
            *(f"bot-{number}" for number in range(1, bots + 1)),
            *(f"worker-{number}" for number in range(1, workers + 1)),
        ]
        self._ports = {name: free_port() for name in self._names if name.startswith("bot")}
        self._valkey = PrivateValkey(self._home)
        self._children: dict[str, Child] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def names(self) -> list[str]:
        """Everything that may be killed."""
        return [*self._names, BROKER]

    @property
    def redis_url(self) -> str:
        """Where the broker is."""
        return self._valkey.url

    async def __aenter__(self) -> Self:
        await self._valkey.start()
        if self._broker_between is not None:
            self._broker_between.target = urlsplit(self._valkey.url).path
        self._tasks = [asyncio.create_task(self._valkey.keep_running(), name=BROKER)]
        for name in self._names:
            child = self._children[name] = self._child(name)
            self._tasks.append(asyncio.create_task(child.keep_running(), name=name))
        await eventually(self._are_ready, seconds=120)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in reversed(self._names):
            await self._children[name].stop(seconds=30)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._valkey.stop()

    def kill(self, name: str) -> bool:
        """kill -9 for one of `names`; False where it does not run just now."""
        return self.signal(name, signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> bool:
        """Send one of `names` a signal; False where it does not run just now."""
        pid = self._valkey.pid if name == BROKER else self._children[name].pid
        with suppress(ProcessLookupError):
            if pid is not None:
                os.kill(pid, number)
                return True
        return False

    async def restart(self, name: str, settings: Mapping[str, str]) -> None:
        """Stop a bot or worker in order and start it with other settings, as in a rolling update;
        until it serves."""
        await self._children[name].stop(seconds=60)
        child = self._children[name] = self._child(name, settings)
        self._tasks.append(asyncio.create_task(child.keep_running(), name=name))
        await eventually(self._are_ready, seconds=120)

    def pids(self) -> dict[str, int]:
        """The processes that run now."""
        found = {name: child.pid for name, child in self._children.items()}
        found[BROKER] = self._valkey.pid
        return {name: pid for name, pid in found.items() if pid is not None}

    def port(self, name: str) -> int:
        """Where a bot serves its pages."""
        return self._ports[name]

    def log(self, name: str) -> str:
        """What a process has said in all its lives."""
        return (self._folder / f"{name}.log").read_text("utf-8", "replace")

    def one_more(self, name: str, settings: Mapping[str, str]) -> Child:
        """Another bot or worker with settings of its own, for the caller to run and stop."""
        if name.startswith("bot"):
            self._ports[name] = free_port()
        return self._child(name, settings)

    def _reached_by(self, between: TcpProxy | None) -> str:
        """The broker's address for the processes, through a proxy where there is one."""
        if between is None:
            return self.redis_url
        password = dict(parse_qsl(urlsplit(self.redis_url).query))["password"]
        return f"redis://:{password}@127.0.0.1:{between.port}"

    async def _are_ready(self) -> bool:
        for task in self._tasks:
            if task.done():
                task.result()
        ports = self._ports.values()
        path = "/readyz" if len(ports) < len(self._names) else "/healthz"  # without any worker
        return all([await answers("127.0.0.1", port, path) for port in ports])

    def _child(self, name: str, more: Mapping[str, str] = MappingProxyType({})) -> Child:
        told = {
            "WHIMBREL_HOME": str(self._home),
            "REDIS_URL": self._reached_by(self._broker_between),
            "LOG_LEVEL": "info",
            "PERSON_BUDGET": "none",  # people here talk as fast as they can
            "CHAT_BUDGET": "none",
            "PERSON_WAITING": "1000",
            "DISCLOSE_AFTER_DAYS": "0",
            "FEEDBACK_BUTTONS": "no",
            **self._settings,
        }
        if name in self._ports:
            told["HTTP_PORT"] = str(self._ports[name])
        if name.endswith("-1"):
            told |= {BOT_ID: name, WORKER_ID: name}
        told |= more
        command = "bot bot" if name in self._ports else self._worker_command
        log = self._folder / f"{name}.log"
        script = f'cd "{self._folder}" && exec "{sys.executable}" -P -m {command} >>"{log}" 2>&1'
        return Child(name, environ=told, command=("/bin/sh", "-c", script))
