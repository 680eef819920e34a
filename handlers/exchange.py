"""One inbound message on its way through the handlers, inside its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chat.conversations import Conversation
from chat.inbound import InboundMessage
from chat.outbound import Button, Notice, Outbound, OutboundKind
from chat.people import User
from chat.ports import Capabilities
from handlers.context import Context
from handlers.effects import Effects
from storage.database import Transaction

LATEST = 50  # sentences of a chat among which one is looked for that was said already


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What a handler works with. Everything it does is undone together when it raises."""

    tx: Transaction
    context: Context
    effects: Effects
    message: InboundMessage
    user: User
    conversation: Conversation

    @property
    def channel(self) -> str:
        """The messenger that this happens on."""
        return self.message.key.channel

    @property
    def abilities(self) -> Capabilities:
        """What that messenger can do."""
        return self.context.abilities(self.channel)

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self.context.clock()

    async def say(
        self,
        key: str,
        *,
        buttons: Sequence[Button] = (),
        kind: OutboundKind = OutboundKind.NOTICE,
        turn_id: int | None = None,
        **args: str | int | float,
    ) -> Outbound:
        """Tell the person something; buttons only where the messenger has any."""
        self.effects.spoken.add(self.conversation.id)
        return await self.tx.outbound.add_notice(
            self.conversation.id,
            Notice(key, args),
            buttons=tuple(buttons) if self.abilities.buttons or self.abilities.pulls else (),
            kind=kind,
            turn_id=turn_id,
            shown=self.abilities.pulls,
        )

    async def said_lately(self, key: str, seconds: float) -> bool:
        """Whether this sentence was written into this chat within the last `seconds`."""
        since = self.now - seconds
        return any(row.created_at >= since for row, _ in await self._latest(key))

    async def told_to_wait(self, key: str) -> bool:
        """Whether the wait (argument `seconds`) that this sentence last told is not over yet."""
        now = self.now
        return any(
            row.created_at + float(notice.args.get("seconds", 0)) > now
            for row, notice in await self._latest(key)
        )

    async def _latest(self, key: str) -> list[tuple[Outbound, Notice]]:
        rows = await self.tx.outbound.latest_notices(self.conversation.id, limit=LATEST)
        return [(row, row.notice) for row in rows if row.notice and row.notice.key == key]
