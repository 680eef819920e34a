"""People hear whose servers their words go to before the words go there."""

from __future__ import annotations

import asyncio

import structlog

from chat.outbound import Notice, OutboundState
from chat.turns import ClaimedTurn, OutboundAdded
from storage.broker import Broker
from storage.database import Database
from storage.errors import BrokerUnavailable

log = structlog.get_logger()

PATIENCE = 3.0  # seconds that an answer waits for the sentence to stand in the chat before it
LOOK_EVERY = 0.05
WAITING = (OutboundState.PENDING, OutboundState.SENDING)


class PlaceTeller:
    """Says it once for each place and conversation."""

    def __init__(
        self, *, database: Database, broker: Broker, assistant: str, patience: float = PATIENCE
    ) -> None:
        self._database = database
        self._broker = broker
        self._assistant = assistant
        self._patience = patience

    async def tell(self, turn: ClaimedTurn, place: str) -> None:
        """Record the sentence, unless this conversation knows of the place, and give it a moment
        to be sent. Raises StorageError, and then nothing may go there."""
        if not place or place in turn.told_places:
            return
        async with self._database.write() as tx:
            conversation = await tx.conversations.get(turn.conversation_id)
            if place in conversation.told_places:
                return
            await tx.conversations.set_told(conversation.id, (*conversation.told_places, place))
            row = await tx.outbound.add_notice(
                conversation.id,
                Notice("words-leave", {"place": place, "assistant": self._assistant}),
                shown=turn.pulled,
            )
        log.info("told whose servers answer", turn=turn.id, place=place)
        try:
            await self._broker.publish(OutboundAdded(conversation.id))
        except BrokerUnavailable as error:  # a sweep finds it
            log.warning("a notice was not told", error=str(error))
        if not turn.pulled:
            await self._sent(row.id)

    async def _sent(self, outbound_id: int) -> None:
        try:
            async with asyncio.timeout(self._patience):
                while True:
                    async with self._database.read() as tx:
                        if (await tx.outbound.get(outbound_id)).state not in WAITING:
                            return
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            log.info("an answer goes on before its notice is sent", outbound=outbound_id)
