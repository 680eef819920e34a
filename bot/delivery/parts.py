"""The messages that one answer stands in: recorded before they are sent, then only edited."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.delivery.pacing import PacedChannel
from chat.errors import MaybeSent, Vanished
from chat.failpoints import Failpoint, reached
from chat.outbound import OutboundMessage, OutboundState, SpokenButton
from chat.turns import ShownTurn
from storage.database import Database, Transaction

# A message without content: one that is sent twice tells nothing twice.
PLACEHOLDER = OutboundMessage("…")


@dataclass(slots=True)
class _Part:
    """One message of ours: its row, its platform id, what it says now, and how that went."""

    row_id: int
    platform_id: str = ""
    text: str = ""
    buttons: tuple[SpokenButton, ...] = ()
    in_doubt: bool = False
    unrecorded: bool = False


class Parts:
    """The parts of one answer, each its own outbound row.

    Every message but a whole answer begins as a placeholder without content, whose id is stored
    before anything is edited into it, so that repeating any step is harmless.
    """

    def __init__(self, shown: ShownTurn, *, database: Database, channel: PacedChannel) -> None:
        self._shown = shown
        self._database = database
        self._channel = channel
        self._parts: list[_Part] = []

    @property
    def begun(self) -> bool:
        """Whether a message of this answer stands in the chat."""
        return bool(self._parts) and bool(self._parts[0].platform_id)

    @property
    def first_row(self) -> int:
        """The id of the first part's outbound row."""
        return self._parts[0].row_id

    async def recall(self) -> None:
        """Take up what an earlier owner of this showing has already sent."""
        async with self._database.read() as tx:
            rows = await tx.outbound.parts(self._shown.turn.id)
        self._parts = [
            _Part(row.id, row.platform_id, in_doubt=bool(row.text) and not row.platform_id)
            for row in rows
        ]

    async def begin(self, message: OutboundMessage) -> None:
        """Send the placeholder of the first part."""
        await self._place(0, message)

    async def grow(self, text: str, buttons: tuple[SpokenButton, ...]) -> bool:
        """Show more of a growing text, if the budgets allow it now; whether the chat says all."""
        for index, message in enumerate(self._messages(text, buttons)):
            if index >= len(self._parts):
                await self._place(index, PLACEHOLDER)
            part = self._parts[index]
            if (part.text, part.buttons) == (message.text, message.buttons):
                continue
            if not await self._channel.try_edit(self._shown.key, part.platform_id, message):
                return False
            reached(Failpoint.DRAFT_EDITED)
            part.text, part.buttons = message.text, message.buttons
        return True

    async def complete(self, text: str, buttons: tuple[SpokenButton, ...]) -> None:
        """Bring every part to its final text. Raises MaybeSent where a whole answer is in doubt,
        else as PacedChannel does."""
        messages = self._messages(text, buttons)
        # A row that is there without being in doubt is that of a placeholder: sending the whole
        # answer on it would not be recorded as such.
        fresh = not self._parts or self._parts[0].in_doubt
        if len(messages) == 1 and fresh and not self.begun:
            await self._send_whole(messages[0])
            return
        for index, message in enumerate(messages):
            await self._finish_part(index, message)
        for part in self._parts[len(messages) :]:
            if part.platform_id:  # else its placeholder is an orphan that nobody can name
                await self._channel.delete(self._shown.key, part.platform_id)
        del self._parts[len(messages) :]

    def _messages(self, text: str, buttons: tuple[SpokenButton, ...]) -> list[OutboundMessage]:
        """The text as the messages that it is sent as, the buttons under the last one."""
        texts = self._channel.channel.split(text)
        return [
            OutboundMessage(part, buttons=buttons if number == len(texts) else ())
            for number, part in enumerate(texts, 1)
        ]

    async def give_up(self, error: str) -> None:
        """Nothing more will be tried for these parts."""
        async with self._database.write() as tx:
            for part in self._parts:
                await tx.outbound.set_state(part.row_id, OutboundState.FAILED, error=error)

    async def record(self, tx: Transaction) -> None:
        """Write down in this transaction the id of a whole answer that was sent."""
        for part in self._parts:
            if part.unrecorded:
                await tx.outbound.sent(part.row_id, part.platform_id)

    async def _finish_part(self, index: int, message: OutboundMessage) -> None:
        if index >= len(self._parts) or not self._parts[index].platform_id:
            await self._place(index, PLACEHOLDER)
        part = self._parts[index]
        if (part.text, part.buttons) != (message.text, message.buttons):
            try:
                await self._channel.edit(self._shown.key, part.platform_id, message)
            except Vanished:
                part.platform_id = ""
                await self._place(index, PLACEHOLDER)
                await self._channel.edit(self._shown.key, part.platform_id, message)
            reached(Failpoint.PART_EDITED)
            part.text, part.buttons = message.text, message.buttons

    async def _send_whole(self, message: OutboundMessage) -> None:
        """Send a whole answer at once. Its text on the row tells a later owner that a call that
        was under way may have shown it."""

        withdrawn = False

        async def record() -> None:
            nonlocal withdrawn
            part = await self._open(0, message.text)
            if withdrawn:
                await self._write_text(part, message.text)
                withdrawn = False
            reached(Failpoint.ANSWER_RECORDED)

        async def withdraw() -> None:
            nonlocal withdrawn
            await self._write_text(self._parts[0], "")
            withdrawn = True

        try:
            if self._parts and self._parts[0].in_doubt:
                raise MaybeSent("the process that sent this answer died over it")
            platform_id = await self._channel.send(
                self._shown.key, message, before=record, unsent=withdraw
            )
        except MaybeSent:
            async with self._database.write() as tx:
                await tx.outbound.set_state(self._parts[0].row_id, OutboundState.UNCONFIRMED)
            raise
        reached(Failpoint.ANSWER_SENT)
        part = self._parts[0]
        part.platform_id, part.unrecorded = platform_id, True
        part.text, part.buttons = message.text, message.buttons

    async def _place(self, index: int, message: OutboundMessage) -> None:
        """Send a placeholder and store its id. One whose answer was lost stays behind as an orphan
        without content, and another is sent."""
        part = await self._open(index, "")
        reached(Failpoint.PLACEHOLDER_RECORDED)
        delay = 1.0
        while not part.platform_id:
            try:
                part.platform_id = await self._channel.send(self._shown.key, message)
            except MaybeSent:
                await asyncio.sleep(delay)
                delay *= 2
        reached(Failpoint.PLACEHOLDER_SENT)
        await self._database.write_together(
            lambda tx: tx.outbound.sent(part.row_id, part.platform_id)
        )
        reached(Failpoint.PLACEHOLDER_STORED)
        part.text, part.buttons = message.text, message.buttons

    async def _write_text(self, part: _Part, text: str) -> None:
        async with self._database.write() as tx:
            await tx.outbound.set_text(part.row_id, text)

    async def _open(self, index: int, text: str) -> _Part:
        if index < len(self._parts):
            return self._parts[index]
        turn = self._shown.turn
        # Not together with others: they would all be in doubt from then on until their turn comes.
        async with self._database.write() as tx:
            row = await tx.outbound.add_part(turn.id, index, turn.conversation_id, text=text)
        self._parts.append(_Part(row.id))
        return self._parts[index]
