"""The front door: records what channels receive, and decides what is to be answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from chat.inbound import InboundMessage
from chat.persona import Persona
from chat.ports import AttachmentStore, Capabilities
from handlers.metrics import HandlerMetrics
from handlers.settings import AccessSettings
from storage.broker import Broker
from storage.database import Database


class Assistant:
    """Implements chat.ports.Intake, and keeps turns moving.

    `capabilities` by channel name; `bot_id` owns the delivery of turns accepted here; `public_url`
    is the address of the web chat once it is known, and `code_links` turns a code into the links
    that redeem it on messengers (t.me/BOT?start=CODE).
    """

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        store: AttachmentStore,
        capabilities: Mapping[str, Capabilities],
        access: AccessSettings,
        persona: Persona,
        bot_id: str,
        public_url: Callable[[], str],
        metrics: HandlerMetrics,
        code_links: Callable[[str], Sequence[str]] = lambda code: (),
        clock: Callable[[], float] = time.time,
        max_waiting: int = 1000,
    ) -> None:
        raise NotImplementedError

    async def accept(self, batch: Sequence[InboundMessage]) -> None:
        """Record a batch in one SQL transaction; see chat.ports.Intake."""
        raise NotImplementedError

    async def promote(self) -> int:
        """Queue the collected turns that are due; how many. Call about twice a second."""
        raise NotImplementedError

    async def hint_unfinished(self) -> int:
        """Hint every turn that SQL says is to be answered. Call every 5 s."""
        raise NotImplementedError

    async def expire_leases(self) -> int:
        """Take turns from workers whose lease lapsed, and tell whose turn is set aside. Call every
        2 s."""
        raise NotImplementedError

    async def forget_old_updates(self) -> int:
        """Drop update ids older than seven days. Call hourly."""
        raise NotImplementedError

    async def measure(self) -> None:
        """Set the gauges of the queue and remember which models answer. Call every 5 s."""
        raise NotImplementedError

    async def run(self) -> None:
        """Call all of the above at their times until cancelled; failures are logged and tried
        again."""
        raise NotImplementedError
