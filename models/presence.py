"""That this worker can answer, told to bots and to other workers as long as it can."""

from __future__ import annotations

import structlog

from chat.turns import WorkerInfo
from models import memory
from models.engine import Engine
from models.errors import EngineUnavailable
from storage.broker import Broker

log = structlog.get_logger()


class Presence:
    """One worker among others. Every method raises BrokerUnavailable.

    `rememberers` are the ids of other workers that keep conversations in memory, as they were known
    at the last `announce`.
    """

    def __init__(self, worker_id: str, *, engine: Engine, broker: Broker) -> None:
        self._worker_id = worker_id
        self._engine = engine
        self._broker = broker
        self.rememberers: tuple[str, ...] = ()

    async def announce(self) -> None:
        """Say that this worker can answer, if it can."""
        try:
            await self._engine.check()
        except EngineUnavailable as error:
            log.warning("the engine is away", error=str(error))
            return
        info = self._engine.info
        await self._broker.announce(
            WorkerInfo(
                worker_id=self._worker_id,
                model=info.model,
                number_format=info.number_format,
                context_window=info.context_window,
                max_pictures=info.max_pictures,
                demonstration=info.demonstration,
                llama=info.llama,
                local=info.local,
                remembers=info.remembers,
                memory=memory.resident(),
                accelerator_memory=memory.accelerator(),
            )
        )
        if info.remembers:
            self.rememberers = tuple(
                each.worker_id
                for each in await self._broker.workers()
                if each.remembers and each.worker_id != self._worker_id
            )

    async def withdraw(self) -> None:
        """Say that this worker is gone."""
        await self._broker.withdraw(self._worker_id)
