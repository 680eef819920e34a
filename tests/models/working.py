"""A database, a broker and a store to work on, questions to put there, and workers to answer."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any

from prometheus_client import CollectorRegistry

from chat.conversations import ConversationKey
from chat.messages import AttachmentPart, Part, Speaker, StoredPicture, TextPart
from chat.people import Sender
from chat.persona import Persona
from chat.ports import AttachmentStore
from chat.turns import ClaimedTurn, Turn, TurnCancelled, TurnState
from models.engine import Engine, SamplingParams
from models.metrics import WorkerMetrics
from models.worker import Worker
from storage.broker import Broker
from storage.database import Database
from storage.sessions import SessionStore
from tests.waiting import eventually


class Floor:
    """Where questions are asked and answered. Its clock can be put forward."""

    def __init__(
        self, database_url: str, broker: Broker, broker_url: str, store: AttachmentStore
    ) -> None:
        self._ahead = 0.0
        self.database_url = database_url
        self.database = Database.from_url(database_url, clock=self.clock)
        self.broker = broker
        self.broker_url = broker_url
        self.store = store
        self.registry = CollectorRegistry()
        self.metrics = WorkerMetrics(self.registry)

    def clock(self) -> float:
        """The time, as far ahead as a test has put it."""
        return time.time() + self._ahead

    def put_forward(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    async def ask(
        self,
        text: str = "",
        *,
        chat: str = "1",
        thread: str = "",
        pictures: Sequence[bytes] = (),
        hint: bool = True,
    ) -> Turn:
        """A question with pictures before the words, as handlers record it."""
        async with self.database.write() as transaction:
            user = await transaction.users.ensure("telegram", Sender(chat, "Ada", "en"))
            key = ConversationKey("telegram", "bot", chat, thread)
            conversation = await transaction.conversations.ensure(key, user.id)
            turn = await transaction.turns.open(conversation.id, state=TurnState.QUEUED)
            parts: list[Part] = []
            for content in pictures:
                stored = StoredPicture(
                    await self.store.put(content), "image/png", 120, 70, len(content)
                )
                row = await transaction.attachments.add(conversation.id, user.id, picture=stored)
                parts.append(AttachmentPart(row.id))
            parts += [TextPart(text)] if text else []
            await transaction.messages.add(
                conversation.id,
                speaker=Speaker.PERSON,
                parts=parts,
                turn_id=turn.id,
                user_id=user.id,
            )
        if hint:
            await self.broker.hint([conversation.id])
        return turn

    async def get(self, turn: Turn) -> Turn:
        """The turn as SQL has it now."""
        async with self.database.read() as transaction:
            return await transaction.turns.get(turn.id)

    async def ended(self, turn: Turn, *, seconds: float = 15) -> Turn:
        """The turn once it has ended."""

        async def end() -> Turn | None:
            now = await self.get(turn)
            return now if now.state.is_end else None

        found = await eventually(end, seconds=seconds)
        assert found is not None
        return found

    async def in_state(self, turn: Turn, state: TurnState) -> Turn:
        """The turn once it is in this state."""

        async def there() -> Turn | None:
            now = await self.get(turn)
            return now if now.state is state else None

        found = await eventually(there)
        assert found is not None
        return found

    async def cancel(self, turn: Turn, *, tell: bool = True) -> None:
        """What /stop does."""
        async with self.database.write() as transaction:
            await transaction.turns.request_cancel(turn.id)
        if tell:
            await self.broker.publish(TurnCancelled(turn.id))

    async def claim(self, worker_id: str = "other", *, lease_seconds: float = 10) -> ClaimedTurn:
        """Claim the oldest turn for a worker that does nothing."""
        async with self.database.write() as transaction:
            (claimed,) = await transaction.turns.claim(worker_id, lease_seconds=lease_seconds)
            return claimed

    def lease_until(self, turn: Turn) -> float:
        """Until when the turn is leased (epoch seconds)."""
        with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as file:
            row = file.execute("SELECT lease_until FROM turns WHERE id = ?", (turn.id,)).fetchone()
        return float(row[0])

    def worker_of(self, turn: Turn) -> str:
        """Who answered the turn."""
        with closing(sqlite3.connect(self.database_url.removeprefix("sqlite:///"))) as file:
            row = file.execute("SELECT worker_id FROM turns WHERE id = ?", (turn.id,)).fetchone()
        return str(row[0])

    def counted(self, name: str, **labels: str) -> float:
        """What the metrics say."""
        return self.registry.get_sample_value(name, labels) or 0.0

    def worker(self, engine: Engine, **settings: Any) -> Worker:
        """A worker on this floor."""
        settings.setdefault("params", SamplingParams(max_tokens=64, temperature=0))
        return Worker(
            database=self.database,
            broker=self.broker,
            sessions=SessionStore(self.broker),
            store=self.store,
            engine=engine,
            persona=settings.pop("persona", Persona()),
            worker_id=settings.pop("worker_id", "worker-1"),
            metrics=self.metrics,
            clock=self.clock,
            **settings,
        )

    @asynccontextmanager
    async def working(self, engine: Engine, **settings: Any) -> AsyncIterator[Worker]:
        """A worker at work; it drains in the end."""
        worker = self.worker(engine, grace=0.5, **settings)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(worker.run())
            try:
                yield worker
            finally:
                worker.drain()
                await running
