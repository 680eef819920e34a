"""Pictures are decoded in processes of their own: Pillow never runs where the secrets are."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

from chat.errors import AttachmentError
from handlers.pictures.decoded import DecodedPicture
from handlers.pictures.limits import PictureLimits
from handlers.pictures.sniffing import picture_format
from handlers.pictures.warm_process import PROGRAM, WarmProcess

# A warm process is replaced after so many pictures, and at once when one of its children died: all
# its children have their memory laid out alike, which nobody shall have time to find out.
PICTURES_EACH = 50


class PictureDecoder:
    """Decodes each picture in a process that is forked for it and ends with it.

    So nothing of one person's picture is there when another's is decoded, and whoever takes a
    decoder over has it for one picture. `processes` is how many pictures are decoded at once;
    `idle` the time in seconds after which a warm process without work ends; `program` the module
    that decodes, for tests of one that misbehaves.
    """

    def __init__(
        self,
        *,
        processes: int = 1,
        idle: float = 300.0,
        limits: PictureLimits | None = None,
        program: str = PROGRAM,
    ) -> None:
        self._limits = limits or PictureLimits()
        self._idle = idle
        self._program = program
        self._places = asyncio.Semaphore(processes)
        self._resting: list[WarmProcess] = []
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
        """The process ids of the warm processes that wait for work."""
        return [process.pid for process in self._resting]

    async def decode(self, content: bytes) -> DecodedPicture:
        """The picture, upright, in sRGB, at most `max_side` pixels long, without metadata.

        Raises AttachmentError with the key of the sentence that says what is wrong with it, and
        OSError where no decoder can be started."""
        if len(content) > self._limits.max_bytes:
            raise AttachmentError(key="refused-picture-too-large")
        return await self.decode_as(picture_format(content), content)

    async def decode_as(self, kind: str, content: bytes) -> DecodedPicture:
        """The same by Pillow's decoder for `kind`, whatever the content looks like."""
        async with self._places:
            process = self._take() or await WarmProcess.start(self._program, self._limits)
            try:
                decoded = await process.decode(kind, content)
            except BaseException:
                await asyncio.shield(process.end())
                raise
            self._rest(process)
        if isinstance(decoded, str):
            raise AttachmentError(key=decoded)
        return decoded

    def _take(self) -> WarmProcess | None:
        while self._resting:
            process = self._resting.pop()
            if process.awaken():
                return process
            self._end(process)
        return None

    def _rest(self, process: WarmProcess) -> None:
        if process.pictures >= PICTURES_EACH:
            self._end(process)
            return
        self._resting.append(process)
        process.rest(self._idle, self._end)

    def _end(self, process: WarmProcess) -> None:
        if process in self._resting:
            self._resting.remove(process)
        task = asyncio.create_task(process.end(), name=f"end-decoder-{process.pid}")
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
