"""A pool of decoder processes: Pillow never runs in the process that holds the secrets."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import structlog
from msgspec import Struct

from chat.errors import AttachmentError
from handlers.pictures.limits import PictureLimits
from handlers.pictures.sniffing import picture_format

log = structlog.get_logger()

ROOT = Path(__file__).parents[2]
# A process is replaced after so many pictures: none lives long after a hostile one.
PICTURES_EACH = 50
MEDIA_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG"}


class DecodedPicture(Struct, frozen=True):
    """A picture that was re-encoded without its metadata. Sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


class PictureDecoder:
    """Decodes pictures in processes that are started when needed and end when idle.

    `processes` is how many pictures are decoded at once; `idle` the time in seconds after which an
    unused process ends.
    """

    def __init__(
        self, *, processes: int = 1, idle: float = 30.0, limits: PictureLimits | None = None
    ) -> None:
        self._limits = limits or PictureLimits()
        self._idle = idle
        self._places = asyncio.Semaphore(processes)
        self._resting: list[_DecoderProcess] = []
        self._ending: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        while self._resting:
            await self._resting.pop().end()
        await asyncio.gather(*self._ending)

    @property
    def limits(self) -> PictureLimits:
        """The bounds that pictures are held to."""
        return self._limits

    @property
    def resting(self) -> list[int]:
        """The process ids of the decoders that wait for work."""
        return [process.pid for process in self._resting]

    async def decode(self, content: bytes) -> DecodedPicture:
        """The picture, upright, in sRGB, at most `max_side` pixels long, without metadata.

        Raises AttachmentError with the key of the sentence that says what is wrong with it."""
        if len(content) > self._limits.max_bytes:
            raise AttachmentError(key="refused-picture-too-large")
        kind = picture_format(content)
        async with self._places:
            process = self._take() or await _DecoderProcess.start(self._limits)
            try:
                decoded = await process.decode(kind, content)
            except BaseException:
                await asyncio.shield(process.end())
                raise
            self._rest(process)
        if isinstance(decoded, str):
            raise AttachmentError(key=decoded)
        return decoded

    def _take(self) -> _DecoderProcess | None:
        while self._resting:
            process = self._resting.pop()
            if process.awaken():
                return process
        return None

    def _rest(self, process: _DecoderProcess) -> None:
        if process.worn:
            self._end(process)
            return
        self._resting.append(process)
        process.rest(self._idle, self._end)

    def _end(self, process: _DecoderProcess) -> None:
        if process in self._resting:
            self._resting.remove(process)
        task = asyncio.create_task(process.end(), name=f"end-decoder-{process.pid}")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class _DecoderProcess:
    """One child and the pipes to it; see decoder_process.py for what is said on them."""

    def __init__(self, process: Process, limits: PictureLimits) -> None:
        self._process = process
        self._limits = limits
        self._pictures = 0
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls, limits: PictureLimits) -> Self:
        """Start a child. Its environment is empty of ours, which may hold secrets."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-B", "-m", "handlers.pictures.decoder_process"),
            msgspec.json.encode(limits).decode(),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd="/",
            env={"PYTHONPATH": os.fspath(ROOT)},
            limit=2**20,
        )
        return cls(process, limits)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def worn(self) -> bool:
        return self._pictures >= PICTURES_EACH

    async def decode(self, kind: str, content: bytes) -> DecodedPicture | str:
        """The picture, or the key of its refusal. Raises AttachmentError where the child dies or
        is too slow; it is of no use then."""
        self._pictures += 1
        try:
            async with asyncio.timeout(self._limits.timeout):
                return _checked(await self._ask(kind, content), self._limits)
        except TimeoutError as error:
            log.warning("decoder too slow", format=kind, size=len(content))
            raise AttachmentError(key="refused-picture-slow") from error
        except (OSError, EOFError, msgspec.MsgspecError) as error:
            log.warning("decoder died", format=kind, size=len(content), error=repr(error))
            raise AttachmentError(key="refused-picture-broken") from error

    async def _ask(self, kind: str, content: bytes) -> bytes:
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        sink.write(len(content).to_bytes(4, "big") + kind.ljust(4).encode("ascii"))
        sink.write(content)
        await sink.drain()
        size = int.from_bytes(await source.readexactly(4), "big")
        if size > self._limits.max_reply:
            raise EOFError(f"a reply of {size} bytes")
        return await source.readexactly(size)

    def rest(self, seconds: float, then: Callable[[Self], None]) -> None:
        """Call `then` with this process unless it is awakened within `seconds`."""
        self._timer = asyncio.get_running_loop().call_later(seconds, then, self)

    def awaken(self) -> bool:
        """Whether the process is still there to work."""
        if self._timer is not None:
            self._timer.cancel()
        return self._process.returncode is None

    async def end(self) -> None:
        """Kill the process and wait for its end; it keeps nothing."""
        if self._timer is not None:
            self._timer.cancel()
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()


def _checked(reply: bytes, limits: PictureLimits) -> DecodedPicture | str:
    """A reply, believed only as far as it can be checked: the child may have been taken over."""
    decoded = msgspec.msgpack.decode(reply, type=DecodedPicture | str)
    if isinstance(decoded, str):
        if not decoded.startswith("refused-picture-"):
            raise EOFError("an unknown refusal")
        return decoded
    honest = (
        0 < decoded.width <= limits.max_side
        and 0 < decoded.height <= limits.max_side
        and decoded.media_type in MEDIA_TYPES
        and picture_format(decoded.content) == MEDIA_TYPES[decoded.media_type]
    )
    if not honest:
        raise EOFError("not a picture of ours")
    return decoded
