"""From a batch of updates to the intake, whichever way it came."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.updates import UpdateReader
from chat.errors import ChannelError
from chat.failpoints import Failpoint, reached
from chat.ports import Intake
from chat.presses import PressNotes

log = structlog.get_logger()

MAX_PRESSES = 1000  # button presses that wait to be noticed; a spinner is not worth more


class Receiver:
    """Reads updates, has them recorded, and notices button presses afterwards."""

    def __init__(
        self, client: TelegramClient, reader: UpdateReader, intake: Intake, notes: PressNotes
    ) -> None:
        self._client = client
        self._reader = reader
        self._intake = intake
        self._notes = notes
        self._pressed: asyncio.Queue[str] = asyncio.Queue(MAX_PRESSES)

    async def receive(self, batch: Sequence[Mapping[str, Any]]) -> None:
        """When it returns, all of the batch is recorded; when it raises, none of it is."""
        reached(Failpoint.UPDATES_RECEIVED)
        received = self._reader.read(batch)
        if received.messages:
            await self._intake.accept(received.messages)
        reached(Failpoint.UPDATES_ACCEPTED)
        for query_id in received.pressed:
            if not self._pressed.full():
                self._pressed.put_nowait(query_id)

    async def notice_presses(self) -> None:
        """End the spinners of pressed buttons until cancelled."""
        while True:
            query_id = await self._pressed.get()
            try:
                await self._client.notice_press(query_id, self._notes.take(query_id))
            except ChannelError as error:
                log.info("a button press was not noticed", error=str(error))
