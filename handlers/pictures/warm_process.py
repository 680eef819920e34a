"""The process that decoders are forked from, seen from the process that asks."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import msgspec
import structlog

from chat.errors import AttachmentError
from handlers.pictures.decoded import DecodedPicture, checked
from handlers.pictures.limits import PictureLimits

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
PROGRAM = "handlers.pictures.decoder_process"
START_SECONDS = 30.0
# What the child does after its reply is to end.
END_SECONDS = 2.0


class WarmProcess:
    """One process that never sees a picture, and the line to it; see decoder_process.py for what is
    said on it. A fork of a process that has loaded Pillow is there at once."""

    def __init__(self, process: Process, line: socket.socket, limits: PictureLimits) -> None:
        self._process = process
        self._line = line
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self.pictures = 0

    @classmethod
    async def start(cls, program: str, limits: PictureLimits) -> Self:
        """Start one and wait until it is ready. Its environment is empty of ours, which may hold
        secrets. Raises OSError where it does not start."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-s", "-B", "-m", program),
                    *(str(theirs.fileno()), msgspec.json.encode(limits).decode()),
                    stdin=DEVNULL,
                    stdout=DEVNULL,
                    stderr=DEVNULL,
                    cwd="/",
                    env={"PYTHONPATH": os.fspath(ROOT)},
                    pass_fds=(theirs.fileno(),),
                )
            except BaseException:
                ours.close()
                raise
        warm = cls(process, ours, limits)
        try:
            async with asyncio.timeout(START_SECONDS):
                if not await warm._heard():
                    log.warning("pictures are decoded without seccomp", platform=sys.platform)
        except BaseException as error:
            await asyncio.shield(warm.end())
            if isinstance(error, (TimeoutError, EOFError)):
                raise OSError("a picture decoder does not start") from error
            raise
        return warm

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def decode(self, kind: str, content: bytes) -> DecodedPicture | str:
        """The picture, or the key of its refusal, from a child that is gone afterwards.

        Raises AttachmentError where the child dies, lies or is too slow; this process is to be
        ended then, and the child with it."""
        self.pictures += 1
        facts = {"format": kind, "size": len(content)}
        try:
            async with asyncio.timeout(self._limits.timeout):
                reply = await self._ask(kind, content)
            async with asyncio.timeout(END_SECONDS):
                status = await self._heard()
            if reply is None or status != 0:
                raise EOFError(f"status {status}")
            return checked(reply, self._limits)
        except TimeoutError as error:
            log.warning("decoder too slow", **facts)
            raise AttachmentError(key="refused-picture-slow") from error
        except (OSError, EOFError, ValueError) as error:
            log.warning("decoder died", error=str(error), **facts)
            slow = str(error) == f"status {-signal.SIGXCPU}"
            raise AttachmentError(key=f"refused-picture-{'slow' if slow else 'broken'}") from error

    async def _ask(self, kind: str, content: bytes) -> bytes | None:
        """What a new child says about a picture; None where it ends without saying anything."""
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._line, [b"\0"], [theirs.fileno()])
        source, sink = await asyncio.open_unix_connection(sock=ours, limit=2**20)
        try:
            sink.write(len(content).to_bytes(4, "big") + kind.ljust(4).encode("ascii"))
            sink.write(content)
            await sink.drain()
            size = int.from_bytes(await source.readexactly(4), "big")
            if size > self._limits.max_reply:
                raise ValueError(f"a reply of {size} bytes")
            return await source.readexactly(size)
        except (ConnectionError, asyncio.IncompleteReadError):
            return None
        finally:
            sink.transport.abort()

    async def _heard(self) -> int:
        """The next number that the process itself says."""
        said = await asyncio.get_running_loop().sock_recv(self._line, 4)
        if len(said) != 4:
            raise EOFError("the process is gone")
        number: int = struct.unpack("=i", said)[0]
        return number

    def rest(self, seconds: float, then: Callable[[Self], None]) -> None:
        """Call `then` with this process unless it is awakened within `seconds`."""
        self._timer = asyncio.get_running_loop().call_later(seconds, then, self)

    def awaken(self) -> bool:
        """Whether the process is still there to work, and has said nothing unasked."""
        if self._timer is not None:
            self._timer.cancel()
        try:
            self._line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def end(self) -> None:
        """Kill the process, and by that its child, and wait for its end."""
        if self._timer is not None:
            self._timer.cancel()
        self._line.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
