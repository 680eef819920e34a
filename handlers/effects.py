"""What is to happen once a transaction is committed: hints, events, files, figures."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog

from chat.errors import AssistantError
from chat.ports import AttachmentStore
from chat.turns import BrokerEvent, OutboundAdded, TurnCancelled, TurnEnded, TurnState
from handlers.metrics import HandlerMetrics
from storage.broker import Broker
from storage.database import Database

log = structlog.get_logger()

# For how long a broker that does not answer may keep a messenger waiting, in seconds.
PATIENCE = 2.0


@dataclass(slots=True)
class Effects:
    """Collected while a transaction is open; dropped with it when it fails.

    `hints` and `spoken` are conversation ids, `accepted`, `cancelled` and `ended` turn ids, `files`
    SHA-256s that nothing referred to any more, `counted` channels and states for the metrics,
    `refused` whose budget or room was used up, and of what, `pressed` what people are told who
    pressed a button, by the id of the press.
    """

    hints: set[int] = field(default_factory=set)
    spoken: set[int] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    cancelled: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    counted: list[tuple[str, TurnState]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    pictures: bool = False
    pressed: dict[str, str] = field(default_factory=dict)

    def end(self, turn_id: int, channel: str, state: TurnState) -> None:
        """A turn was ended here."""
        self.ended.add(turn_id)
        self.counted.append((channel, state))

    def add(self, other: Effects) -> None:
        """Take over what another part of the same transaction has collected."""
        self.hints |= other.hints
        self.spoken |= other.spoken
        self.accepted |= other.accepted
        self.cancelled |= other.cancelled
        self.ended |= other.ended
        self.files |= other.files
        self.counted += other.counted
        self.refused += other.refused
        self.pictures |= other.pictures
        self.pressed |= other.pressed

    @property
    def events(self) -> list[BrokerEvent]:
        """What every process should hear of."""
        return [
            *map(TurnCancelled, sorted(self.cancelled)),
            *map(TurnEnded, sorted(self.ended)),
            *map(OutboundAdded, sorted(self.spoken)),
        ]

    def count(self, metrics: HandlerMetrics) -> None:
        """Count the ended turns, and log those that were accepted."""
        for turn_id in sorted(self.accepted):
            log.info("turn accepted", turn=turn_id)
        for channel, state in self.counted:
            metrics.turn_ended(channel, state)
        for scope, what in self.refused:
            metrics.refused(scope, what)

    async def announce(self, broker: Broker) -> None:
        """Hint and publish. Where the broker fails, the sweeps find out from SQL instead."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self.hints:
                    await broker.hint(sorted(self.hints))
                if events := self.events:
                    await broker.publish(*events)
        except (AssistantError, TimeoutError) as error:
            log.warning("broker not told", error=repr(error), hints=len(self.hints))

    async def remove_files(self, database: Database, store: AttachmentStore) -> None:
        """Delete the files that still nothing refers to."""
        for sha256 in sorted(self.files):
            try:
                async with database.write() as tx:
                    if not await tx.attachments.referenced(sha256):
                        await store.delete(sha256)
            except (AssistantError, OSError) as error:
                log.error("file not deleted", sha256=sha256, error=str(error))
