"""Fetches the pictures that messages only refer to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from chat.errors import AssistantError
from chat.ports import Channel
from handlers.pictures.intake import PictureIntake

log = structlog.get_logger()

# Seconds between looks when nothing wakes us: for pictures whose bot has died.
LOOK_EVERY = 2.0


class PictureFetching:
    """Fetches as soon as it is woken, and now and then unasked."""

    def __init__(self) -> None:
        self._arrived = asyncio.Event()

    def wake(self) -> None:
        """There is something to fetch."""
        self._arrived.set()

    async def run(self, pictures: PictureIntake, channels: Sequence[Channel]) -> None:
        """Fetch, decode and store what is pending until cancelled."""
        by_account = {(channel.name, channel.account): channel for channel in channels}
        taken_up = False
        while by_account:
            self._arrived.clear()
            try:
                if not taken_up:
                    await pictures.take_up()
                    taken_up = True
                while await pictures.fetch_pending(by_account):
                    pass
            except AssistantError as error:
                log.warning("pictures-not-fetched", error=str(error))
            await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY):
                await self._arrived.wait()
        except TimeoutError:
            return
