"""The terminal: one turn through the whole system, its answer to stdout as it grows."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry

from bot.home import Home
from bot.pairing import bot_name, telegram_link
from bot.ports import local_url
from bot.settings import Settings
from bot.signals import stop_requested
from chat.conversations import ConversationKey
from chat.errors import AttachmentError
from chat.inbound import InboundAttachment, InboundKind, InboundMessage
from chat.outbound import Notice, Outbound, notice_of
from chat.people import Sender
from chat.ports import Capabilities, Intake
from chat.turns import (
    IN_MAINTENANCE,
    Turn,
    TurnDelta,
    TurnResult,
    TurnStarted,
    TurnState,
    TurnWaiting,
)
from handlers.assistant import Assistant
from handlers.cleaning import printable
from handlers.effects import Effects
from handlers.following import TurnFeed
from handlers.metrics import HandlerMetrics
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.intake import PictureIntake
from handlers.texts import Texts
from handlers.turns import stop_turn
from storage.attachments import open_store
from storage.broker import Broker
from storage.database import Database

NAME, ACCOUNT, OWNER = "terminal", "local", "local"
CAPABILITIES = {NAME: Capabilities(pulls=True)}

ANSWERED, TURN_FAILED, BAD_USAGE = 0, 1, 2
# What is said where no turn came about.
STATUS = {
    "busy": TURN_FAILED,
    "too-many-questions": TURN_FAILED,
    "sorry-failed": TURN_FAILED,
    "empty-message": BAD_USAGE,
    "text-too-long": BAD_USAGE,
    "unknown-command": BAD_USAGE,
    "invite-usage": BAD_USAGE,
}


async def chat(settings: Settings, text: str, images: Sequence[Path], conversation: str) -> int:
    """Say something and print the answer; the exit status of `whimbrel chat`.

    Only the answer goes to stdout. `conversation` names one that is remembered; without it, each
    call begins afresh. Ctrl-C cancels the turn; what there was of the answer is printed.
    """
    # Only links of invitations need the bot's name.
    bot = await bot_name(settings.telegram) if text.startswith("/invite") else ""
    async with _open(settings, bot=bot) as terminal:
        try:
            attachments = [await terminal.picture(path) for path in images]
        except AttachmentError as error:
            terminal.tell(Notice(error.key))
            return BAD_USAGE
        return await terminal.say(text, attachments, conversation)


@asynccontextmanager
async def _open(settings: Settings, *, bot: str) -> AsyncIterator[Terminal]:
    storage = settings.storage
    running = Home(storage.whimbrel_home).running()
    address = settings.web.public_url or (running.http_url if running else local_url(settings))
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database.from_url(storage.database_url))
        broker = await stack.enter_async_context(Broker.from_url(storage.redis_url))
        store = open_store(storage.attachments_url, storage.whimbrel_home)
        decoder = await stack.enter_async_context(PictureDecoder(processes=1))
        feed = await stack.enter_async_context(TurnFeed(database=database, broker=broker))
        bot_id = f"terminal-{uuid.uuid4().hex}"
        metrics = HandlerMetrics(CollectorRegistry())
        assistant = Assistant(
            database=database,
            broker=broker,
            store=store,
            capabilities=CAPABILITIES,
            access=settings.access,
            persona=settings.persona,
            bot_id=bot_id,
            public_url=lambda: address,
            code_links=lambda code: [telegram_link(bot, code)] if bot else [],
            metrics=metrics,
            budgets=settings.budgets,
        )
        pictures = PictureIntake(
            database=database,
            broker=broker,
            store=store,
            decoder=decoder,
            owner=bot_id,
            metrics=metrics,
        )
        sweeping = asyncio.create_task(assistant.run())
        stack.callback(sweeping.cancel)
        yield Terminal(
            intake=assistant,
            pictures=pictures,
            database=database,
            broker=broker,
            feed=feed,
            texts=Texts(settings.persona.language),
            language=settings.persona.language,
        )


class Terminal:
    """The one who sits at the keyboard, and what they see."""

    def __init__(
        self,
        *,
        intake: Intake,
        pictures: PictureIntake,
        database: Database,
        broker: Broker,
        feed: TurnFeed,
        texts: Texts,
        language: str,
        write: Callable[[str], object] = sys.stdout.write,
    ) -> None:
        self._intake = intake
        self._pictures = pictures
        self._database = database
        self._broker = broker
        self._feed = feed
        self._texts = texts
        self._language = language
        self._write = write

    async def picture(self, path: Path) -> InboundAttachment:
        """A picture file, decoded and stored. Raises AttachmentError."""
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise AttachmentError(str(error), key="refused-picture-gone") from error
        return InboundAttachment(name=path.name, stored=await self._pictures.store(content))

    async def say(self, text: str, attachments: list[InboundAttachment], name: str) -> int:
        """Say it and print what comes back; the exit status."""
        key = ConversationKey(NAME, ACCOUNT, OWNER, thread=name or uuid.uuid4().hex)
        update_id = uuid.uuid4().hex
        message = InboundMessage(
            key=key,
            kind=InboundKind.MESSAGE,
            update_id=update_id,
            platform_id=update_id,
            sender=Sender(OWNER, language=self._language),
            sent_at=time.time(),
            text=text,
            attachments=tuple(attachments),
        )
        latest, notices = await self._state(key)
        # Before it is accepted: a turn that is recorded would go on without us.
        with stop_requested() as stop:
            await self._intake.accept([message])
            turn = await self._turn(message, before=latest)
            status = ANSWERED if turn is None else await self._answer(turn, stop)
        told = await self._tell_notices(key, after=notices[-1].id if notices else 0)
        return status if turn else max((STATUS.get(each, ANSWERED) for each in told), default=0)

    async def _turn(self, message: InboundMessage, *, before: Turn | None) -> Turn | None:
        """The turn that this message is part of, or that it asked for anew, if there is one.

        It may have ended by now: a quick worker is done before we can look. `before` is what was
        the latest turn when the message was not sent yet."""
        async with self._database.read() as tx:
            conversation = await tx.conversations.by_key(message.key)
            if conversation is None:
                return None
            said = await tx.messages.by_platform_id(conversation.id, message.platform_id)
            if said is not None:
                return await tx.turns.get(said.turn_id) if said.turn_id else None
            latest = await tx.turns.latest(conversation.id)
        untouched = latest is not None and latest.state.is_end and latest == before
        return None if untouched else latest

    async def _answer(self, turn: Turn, stop: asyncio.Event) -> int:
        async with asyncio.TaskGroup() as group:
            stopping = group.create_task(self._stop_at(stop, turn.id))
            status = await self._show(turn)
            stopping.cancel()
        return status

    async def _show(self, turn: Turn) -> int:
        async with aclosing(self._feed.follow(turn.id)) as progress:
            printed = waits = ""
            async for item in progress:
                if isinstance(item, TurnDelta):
                    self._print(item.text)
                    printed += item.text
                elif isinstance(item, TurnStarted) and printed:
                    self.tell(Notice("answer-starts-over"))
                    printed = ""
                elif isinstance(item, TurnWaiting) and item.reason != waits:
                    waits = item.reason
                    if waits.startswith(IN_MAINTENANCE):
                        self.tell(notice_of(waits))
                elif isinstance(item, TurnResult):
                    return self._end(item, printed=printed)
        raise AssertionError("a turn is followed to its result")

    def _end(self, result: TurnResult, *, printed: str) -> int:
        """Print what the deltas have not brought: the last words come with the result."""
        if result.text and not result.text.startswith(printed):
            self.tell(Notice("answer-starts-over"))
            printed = ""
        if result.text or printed:
            self._print(result.text[len(printed) :] + "\n")
        if result.state is TurnState.ANSWERED and result.text.strip():
            return ANSWERED
        self.tell(notice_of(result.reason or "empty-answer"))
        return TURN_FAILED

    async def _stop_at(self, stop: asyncio.Event, turn_id: int) -> None:
        await stop.wait()
        effects = Effects()
        async with self._database.write() as tx:
            await stop_turn(tx, await tx.turns.get(turn_id), NAME, effects)
        await effects.announce(self._broker)

    async def _state(self, key: ConversationKey) -> tuple[Turn | None, list[Outbound]]:
        """The conversation's latest turn, and what was said there besides answers."""
        async with self._database.read() as tx:
            conversation = await tx.conversations.by_key(key)
            if conversation is None:
                return None, []
            notices = await tx.outbound.notices(conversation.id)
            return await tx.turns.latest(conversation.id), notices

    async def _tell_notices(self, key: ConversationKey, *, after: int) -> list[str]:
        """Say what is said besides an answer, to a command or about a picture; the text keys."""
        _, notices = await self._state(key)
        fresh = [row.notice for row in notices if row.id > after and row.notice is not None]
        for notice in fresh:
            self.tell(notice)
        return [notice.key for notice in fresh]

    def tell(self, notice: Notice) -> None:
        """A sentence of ours, to stderr: stdout holds nothing but answers."""
        sys.stderr.write(printable(self._texts.say(notice, self._language)) + "\n")

    def _print(self, text: str) -> None:
        self._write(printable(text))
        sys.stdout.flush()
