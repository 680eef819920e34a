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
from handlers.ledger import Ledger
from storage.database import Transaction


@dataclass(slots=True, kw_only=True)
class Exchange:
    """What a handler works with. Everything it does is undone together when it raises."""

    tx: Transaction
    context: Context
    effects: Effects
    ledger: Ledger
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
        notices = await self.tx.outbound.notices(self.conversation.id)
        return any(
            row.notice is not None and row.notice.key == key and row.created_at >= since
            for row in notices
        )
