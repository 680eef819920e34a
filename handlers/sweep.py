"""What keeps things moving whatever was lost: turns, decisions, hints, leases, gauges."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from chat.errors import AssistantError
from chat.failpoints import Failpoint, reached
from chat.turns import Turn, TurnState
from handlers.context import KnownModels
from handlers.effects import Effects
from handlers.metrics import HandlerMetrics
from handlers.moderation.consequences import Consequences
from handlers.retention import Retention
from storage.broker import Broker
from storage.database import Database, Transaction

log = structlog.get_logger()

KEEP_UPDATES = 7 * 24 * 3600.0
MAX_HINTS = 1000


class Sweep:
    """Works from SQL alone, so that several bots may sweep and Redis may have lost everything."""

    def __init__(
        self,
        *,
        database: Database,
        broker: Broker,
        models: KnownModels,
        metrics: HandlerMetrics,
        consequences: Consequences,
        retention: Retention,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._broker = broker
        self._models = models
        self._metrics = metrics
        self._consequences = consequences
        self._retention = retention
        self._clock = clock

    async def promote(self) -> int:
        """Queue the collected turns that are due; how many."""
        effects = Effects()
        async with self._database.write() as tx:
            turns = await tx.turns.promote()
        if turns:
            reached(Failpoint.TURNS_PROMOTED)
        effects.hints.update(turn.conversation_id for turn in turns)
        await effects.announce(self._broker)
        return len(turns)

    async def hint_unfinished(self) -> int:
        """Hint every turn that SQL says could be answered now; how many conversations have one."""
        async with self._database.read() as tx:
            conversations = await tx.turns.to_hint(MAX_HINTS)
        if conversations:
            await self._broker.hint(conversations)
        return len(conversations)

    async def expire_leases(self) -> int:
        """Take turns from workers whose lease lapsed; how many. One that has killed its workers
        too often has failed, and whoever shows it tells the person."""
        effects = Effects()
        async with self._database.write() as tx:
            expired = await tx.turns.expire()
            for turn, _set_aside in expired:
                await _note(tx, turn, effects)
        if expired:
            reached(Failpoint.LEASES_EXPIRED)
        for turn, set_aside in expired:
            log.warning("lease lapsed", turn=turn.id, crashes=turn.crashes, set_aside=set_aside)
        effects.count(self._metrics)
        await effects.announce(self._broker)
        return len(expired)

    async def bring_about(self) -> int:
        """Have the decisions count that are due; how many."""
        return await self._consequences.bring_about()

    async def forget_old_updates(self) -> int:
        """Drop update ids older than seven days; how many."""
        async with self._database.write() as tx:
            return await tx.updates.forget_before(self._clock() - KEEP_UPDATES)

    async def measure(self) -> None:
        """Set the gauges of the queue and remember which models answer."""
        async with self._database.read() as tx:
            depth = await tx.turns.waiting()
            age = await tx.turns.oldest_waiting_age()
        self._metrics.queue_depth.set(depth)
        self._metrics.queue_age.set(age)
        await self._models.refresh()

    async def run(self) -> None:
        """Do all of it at its times until cancelled; what fails is logged and tried again."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_every(0.5, self.promote))
            tasks.create_task(_every(1.0, self.bring_about))
            tasks.create_task(_every(2.0, self.expire_leases))
            tasks.create_task(_every(5.0, self.hint_unfinished))
            tasks.create_task(_every(5.0, self.measure))
            tasks.create_task(_every(60.0, self._retention.run))
            tasks.create_task(_every(10.0, self._retention.delete_released))
            tasks.create_task(_every(3600.0, self.forget_old_updates))


async def _note(tx: Transaction, turn: Turn, effects: Effects) -> None:
    """What is to be said of a turn whose worker went silent."""
    if turn.state.is_end:
        conversation = await tx.conversations.get(turn.conversation_id)
        effects.end(turn.id, conversation.key.channel, turn.state)
        return
    effects.ended.add(turn.id)  # the text that was shown so far is void
    if turn.state is TurnState.QUEUED:
        effects.hints.add(turn.conversation_id)


async def _every(seconds: float, task: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await task()
        except (AssistantError, OSError) as error:
            log.warning("sweep failed", task=getattr(task, "__name__", ""), error=str(error))
        await asyncio.sleep(seconds)
