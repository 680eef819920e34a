"""Fetches the pictures that messages only refer to, round by round."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from chat.errors import AssistantError
from chat.ports import Channel
from handlers.pictures.intake import PictureIntake

log = structlog.get_logger()

PAUSE = 0.25  # seconds between looks, while nothing wakes us earlier


async def fetch_pictures(pictures: PictureIntake, channels: Sequence[Channel]) -> None:
    """Fetch, decode and store what is pending until cancelled."""
    by_account = {(channel.name, channel.account): channel for channel in channels}
    while by_account:
        try:
            fetched = await pictures.fetch_pending(by_account)
        except AssistantError as error:
            log.warning("pictures-not-fetched", error=str(error))
            fetched = 0
        if not fetched:
            await asyncio.sleep(PAUSE)
