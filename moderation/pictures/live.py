"""The bank in the database, looked up again every few seconds and learnt anew where it changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from moderation.pictures.bank import Bank, BankEntry
from moderation.pictures.checker import PictureChecker
from storage.database import Database
from storage.errors import StorageError
from storage.repositories import KnownPicture

log = structlog.get_logger()

KEPT = 5.0  # seconds


class LiveBank:
    """Keeps what a checker knows as it is in the database.

    While the database is away the last known bank stays."""

    def __init__(
        self,
        database: Database,
        checker: PictureChecker,
        *,
        kept: float = KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`kept`: seconds after which it is looked up again."""
        self._database = database
        self._checker = checker
        self._kept = kept
        self._clock = clock
        self._version = 0
        self._looked_at = -float("inf")
        self._turn = asyncio.Lock()

    async def refresh(self) -> None:
        """Look up whether it is another one by now. Whoever comes meanwhile waits for it."""
        async with self._turn:
            if self._clock() - self._looked_at < self._kept:
                return
            self._looked_at = self._clock()
            try:
                await self._look()
            except StorageError as error:
                log.warning("bank-unknown", error=str(error))

    async def _look(self) -> None:
        async with self._database.read() as tx:
            version = await tx.known_pictures.version()
            if version == self._version:
                return
            entries: list[BankEntry] = []
            async for page in tx.known_pictures.pages():
                entries += await asyncio.to_thread(_entries, page)
        self._checker.take_bank(await asyncio.to_thread(Bank, entries))
        self._version = version
        log.info("bank-learnt", version=version, pictures=len(entries))


def _entries(page: Sequence[KnownPicture]) -> list[BankEntry]:
    return [BankEntry(str(each.id), each.pdq, each.category, f"#{each.id}") for each in page]
