"""A pool of decoder processes: Pillow never runs in the process that holds the secrets."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from msgspec import Struct

from handlers.pictures.limits import PictureLimits


class DecodedPicture(Struct, frozen=True):
    """A picture that was re-encoded without its metadata. Sizes in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


class PictureDecoder:
    """Decodes pictures in processes that are started when needed and end when idle.

    `idle` is the time in seconds after which an unused process ends.
    """

    def __init__(
        self, *, processes: int = 1, idle: float = 30.0, limits: PictureLimits | None = None
    ) -> None:
        self._limits = limits or PictureLimits()
        self._idle = idle
        self._processes = processes

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        raise NotImplementedError

    @property
    def limits(self) -> PictureLimits:
        """The bounds that pictures are held to."""
        return self._limits

    async def decode(self, content: bytes) -> DecodedPicture:
        """The picture, upright, in sRGB, at most `max_side` pixels long, without metadata.

        Raises AttachmentError with the key of the sentence that says what is wrong with it."""
        raise NotImplementedError
