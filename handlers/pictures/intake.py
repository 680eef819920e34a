"""The way of a picture from a messenger or a browser into the attachment store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from chat.messages import StoredPicture
from chat.ports import AttachmentStore, Channel
from handlers.metrics import HandlerMetrics
from handlers.pictures.decoder import PictureDecoder
from storage.broker import Broker
from storage.database import Database


class PictureIntake:
    """Fetches, decodes and stores pictures; `owner` names this process in leases."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        decoder: PictureDecoder,
        owner: str,
        metrics: HandlerMetrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._store = store
        self._decoder = decoder
        self._owner = owner
        self._metrics = metrics
        self._clock = clock

    @property
    def max_bytes(self) -> int:
        """The largest file that is read at all, in bytes."""
        return self._decoder.limits.max_bytes

    async def store(self, content: bytes) -> StoredPicture:
        """Decode a picture, strip and store it. Raises AttachmentError."""
        raise NotImplementedError

    async def fetch_pending(self, channels: Mapping[tuple[str, str], Channel]) -> int:
        """One round over the attachments that wait to be fetched; how many were settled.

        `channels` are the open ones by (name, account). Each picture is stored or refused in words,
        and the turns that waited for it go on."""
        raise NotImplementedError
