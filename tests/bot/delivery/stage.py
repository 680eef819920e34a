"""A stage for delivery: a fake Telegram, our real channel to it, SQL and Valkey, and a worker whose
words the test speaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from prometheus_client import CollectorRegistry

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import PollingTimes, SqlLease
from bot.channels.telegram.settings import TelegramSettings
from bot.delivery import Delivery, NoticeSender, Pace, PacedChannel
from bot.metrics import SendMetrics
from chat.persona import Persona
from chat.presses import PressNotes
from chat.turns import (
    ClaimedTurn,
    TurnDelta,
    TurnEnded,
    TurnResult,
    TurnStarted,
    TurnState,
)
from handlers.assistant import Assistant
from handlers.following import TurnFeed
from handlers.metrics import HandlerMetrics
from handlers.settings import AccessMode, AccessSettings, StaffSettings
from handlers.texts import Texts
from storage.attachments import FolderStore
from storage.broker import Broker
from storage.budgets import Budgets
from storage.database import Database
from tests.fakes.telegram import FakeTelegram
from tests.waiting import eventually

QUICK = Pace(typing_after=0.02, placeholder_after=0.1, typing_every=4.5, place_after=0.15)


@dataclass
class Answering:
    """A turn that the test answers as a worker would."""

    turn: ClaimedTurn
    database: Database
    broker: Broker
    text: str = ""

    async def says(self, text: str) -> None:
        """Let the answer grow."""
        delta = TurnDelta(self.turn.id, self.turn.attempt, len(self.text), text)
        self.text += text
        await self.broker.write(delta)

    async def ends(
        self, text: str = "", *, state: TurnState = TurnState.ANSWERED, reason: str = ""
    ) -> bool:
        """Commit the end; whether this attempt still might."""
        self.text += text
        result = TurnResult(
            self.turn.id, self.turn.attempt, state, self.text, reason, finish_reason="stop"
        )
        async with self.database.write() as tx:
            ours = await tx.turns.finish(result)
        if ours:
            await self.broker.write(result)
            await self.broker.publish(TurnEnded(self.turn.id))
        return ours


@dataclass
class BotProcess:
    """The parts of one bot that show answers."""

    name: str
    delivery: Delivery
    assistant: Assistant
    channel: TelegramChannel
    paced: dict[tuple[str, str], PacedChannel]
    texts: Texts
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def dies(self) -> None:
        """End without any goodbye."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@dataclass
class Stage:
    """Everything but the bots."""

    telegram: FakeTelegram
    database: Database
    broker: Broker
    folder: Path
    pace: Pace = QUICK
    sweep_every: float = 1.0
    broadcast_rate: float = 20.0
    staff: StaffSettings = field(default_factory=StaffSettings)
    feedback: bool = False

    async def claims(self) -> Answering:
        """A worker takes the next turn."""

        async def take() -> list[ClaimedTurn]:
            async with self.database.write() as tx:
                return await tx.turns.claim("worker-1", lease_seconds=60)

        [turn] = await eventually(take)
        await self.broker.publish(TurnStarted(turn.id, turn.attempt))
        return Answering(turn, self.database, self.broker)

    async def flooded(self) -> bool:
        """Whether a wait that Telegram asked for is under way."""
        async with self.database.read() as tx:
            return bool(await tx.waits.get("telegram", self.telegram.token.partition(":")[0]))

    @asynccontextmanager
    async def bot(self, name: str = "bot-1", *, polls: bool = True) -> AsyncIterator[BotProcess]:
        """A bot that runs until the context ends."""
        async with AsyncExitStack() as stack:
            feed = await stack.enter_async_context(
                TurnFeed(database=self.database, broker=self.broker)
            )
            settings = TelegramSettings(
                telegram_bot_token=self.telegram.token, telegram_api_url=self.telegram.url
            )
            notes = PressNotes()
            channel = await stack.enter_async_context(
                TelegramChannel(
                    settings,
                    lease=SqlLease(self.database, name="telegram", owner=name),
                    times=PollingTimes(wait=1),
                    notes=notes,
                )
            )
            process = self._process(name, channel, feed, notes)
            process.tasks = [
                asyncio.create_task(process.delivery.run()),
                asyncio.create_task(process.assistant.run()),
            ]
            if polls:
                process.tasks.append(asyncio.create_task(channel.run(process.assistant)))
            try:
                yield process
            finally:
                await process.dies()

    def _process(
        self, name: str, channel: TelegramChannel, feed: TurnFeed, notes: PressNotes
    ) -> BotProcess:
        registry = CollectorRegistry()
        store, texts = FolderStore(self.folder), Texts()
        paced = PacedChannel(
            channel,
            budgets=Budgets(self.broker),
            database=self.database,
            metrics=SendMetrics(registry),
        )
        places = {(channel.name, channel.account): paced}
        notices = NoticeSender(
            places,
            database=self.database,
            texts=texts,
            store=store,
            owner=name,
            broadcast_rate=self.broadcast_rate,
        )
        delivery = Delivery(
            [paced],
            database=self.database,
            feed=feed,
            texts=texts,
            notices=notices,
            owner=name,
            pace=self.pace,
            sweep_every=self.sweep_every,
            feedback=self.feedback,
        )
        assistant = Assistant(
            database=self.database,
            broker=self.broker,
            store=store,
            capabilities={channel.name: channel.capabilities},
            access=AccessSettings(AccessMode.OPEN),
            persona=Persona(disclose_after_days=0),
            bot_id=name,
            public_url=lambda: "http://127.0.0.1:8484",
            metrics=HandlerMetrics(registry),
            places=list(places),
            staff=self.staff,
            notes=notes,
        )
        return BotProcess(name, delivery, assistant, channel, places, texts)
