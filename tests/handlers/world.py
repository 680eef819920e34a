"""A small world to test handlers in: people on messengers, a real database, a real broker."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from chat.budgets import NO_BUDGETS, BudgetSettings
from chat.conversations import Conversation, ConversationKey
from chat.errors import AttachmentError, NotSent
from chat.inbound import InboundAttachment, InboundKind, InboundMessage
from chat.messages import Message
from chat.outbound import Outbound, OutboundMessage
from chat.people import Role, Sender, User
from chat.persona import Persona
from chat.ports import AttachmentStore, Capabilities, Channel, Intake
from chat.turns import ClaimedTurn, Turn, TurnResult, TurnState
from handlers.access import Admission
from handlers.assistant import Assistant
from handlers.conversations import ConversationBook
from handlers.metrics import HandlerMetrics
from handlers.pictures.decoder import PictureDecoder
from handlers.pictures.intake import PictureIntake
from handlers.settings import AccessMode, AccessSettings, StaffSettings
from handlers.texts import Texts
from storage.broker import Broker
from storage.database import Database

MESSENGER = Capabilities(edit=True, typing=True, buttons=True, documents=True)
CAPABILITIES: Mapping[str, Capabilities] = {
    "telegram": MESSENGER,
    "web": Capabilities(pulls=True, edit=True, buttons=True, documents=True, threads=True),
    "terminal": Capabilities(pulls=True),
    "plain": Capabilities(),  # a messenger that can do nothing but send text
}


class Clock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        self.now += 0.001  # no two things happen at the same time
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class FileChannel(Channel):
    """A messenger that has files; it can be made to fail first."""

    def __init__(self, files: Mapping[str, bytes], *, failures: Sequence[Exception] = ()) -> None:
        self._files = files
        self.failures = list(failures)
        self.fetched: list[str] = []

    name = "telegram"
    account = "bot"
    capabilities = MESSENGER

    async def fetch(self, source: str, *, max_bytes: int) -> bytes:
        self.fetched.append(source)
        if self.failures:
            raise self.failures.pop(0)
        if source not in self._files:
            raise AttachmentError(key="refused-picture-gone")
        if len(self._files[source]) > max_bytes:
            raise AttachmentError(key="refused-picture-too-large")
        return self._files[source]

    async def run(self, intake: Intake) -> None:
        raise NotSent("not needed here")

    def split(self, text: str) -> list[str]:
        return [text]

    async def send(self, key: ConversationKey, message: OutboundMessage) -> str:
        raise NotSent("not needed here")

    async def edit(self, key: ConversationKey, platform_id: str, message: OutboundMessage) -> None:
        raise NotSent("not needed here")

    async def delete(self, key: ConversationKey, platform_id: str) -> None:
        raise NotSent("not needed here")

    async def typing(self, key: ConversationKey) -> None:
        raise NotSent("not needed here")

    async def leave(self, key: ConversationKey) -> None:
        raise NotSent("not needed here")


@dataclass(kw_only=True)
class World:
    """Everything a handler test needs, wired as the bot wires it."""

    database: Database
    broker: Broker
    store: AttachmentStore
    clock: Clock
    folder: Path
    decoder: PictureDecoder
    access: AccessSettings = field(default_factory=lambda: AccessSettings(AccessMode.OPEN))
    max_waiting: int = 1000
    budgets: BudgetSettings = NO_BUDGETS
    places: Sequence[tuple[str, str]] = ()
    staff: StaffSettings = field(default_factory=StaffSettings)
    public_url: Callable[[], str] = lambda: "http://127.0.0.1:8484"

    def __post_init__(self) -> None:
        self.registry = CollectorRegistry()
        self.metrics = HandlerMetrics(self.registry)
        self.texts = Texts()
        self.persona = Persona(disclose_after_days=0)
        self.pictures_called = 0
        self._numbers = itertools.count(1)
        self.rewire()

    def rewire(self, access: AccessSettings | None = None) -> None:
        """Start the handlers again, with other settings."""
        self.access = access = access or self.access
        self.assistant = Assistant(
            database=self.database,
            broker=self.broker,
            store=self.store,
            capabilities=CAPABILITIES,
            access=access,
            persona=self.persona,
            bot_id="bot-1",
            public_url=self.public_url,
            code_links=lambda code: [f"https://t.me/whimbrel_bot?start={code}"],
            metrics=self.metrics,
            pictures_arrived=self._count_pictures,
            clock=self.clock,
            max_waiting=self.max_waiting,
            budgets=self.budgets,
            switchable=("other", "organisation/a-model-of-a-name-too-long-for-any-button"),
            places=self.places,
            staff=self.staff,
        )
        self.admission = Admission(
            database=self.database,
            broker=self.broker,
            settings=access,
            persona=self.persona,
            capabilities=CAPABILITIES,
            clock=self.clock,
        )
        self.book = ConversationBook(
            database=self.database,
            broker=self.broker,
            store=self.store,
            metrics=self.metrics,
            clock=self.clock,
        )
        self.pictures = PictureIntake(
            database=self.database,
            broker=self.broker,
            store=self.store,
            decoder=self.decoder,
            metrics=self.metrics,
            owner="bot-1",
        )

    def _count_pictures(self) -> None:
        self.pictures_called += 1

    def person(self, external_id: str, *, channel: str = "telegram", **more: Any) -> Person:
        """Somebody in a private chat with us."""
        return Person(world=self, external_id=external_id, channel=channel, **more)

    def number(self) -> int:
        """A number that was not used before."""
        return next(self._numbers)

    def refused(self, scope: str, what: str) -> float:
        """How many messages the metrics say there was no budget or no room for."""
        labels = {"scope": scope, "what": what}
        return self.registry.get_sample_value("whimbrel_budget_refusals_total", labels) or 0.0

    async def claim(self) -> list[ClaimedTurn]:
        """What workers would find to do now; they take it."""
        async with self.database.write() as tx:
            return await tx.turns.claim("worker", limit=100)

    async def promote(self, user: User, role: Role = Role.OWNER) -> None:
        """Give somebody a role."""
        async with self.database.write() as tx:
            await tx.users.set_role(user.id, role)

    async def answer(self, text: str = "An answer.", *, model: str = "") -> list[Turn]:
        """Answer everything that can be answered now."""
        done: list[Turn] = []
        for claimed in await self.claim():
            result = TurnResult(
                claimed.id, claimed.attempt, TurnState.ANSWERED, text=text, model=model
            )
            async with self.database.write() as tx:
                assert await tx.turns.finish(result)
                done.append(await tx.turns.get(claimed.id))
        return done

    def files(self) -> list[Path]:
        """The files of the attachment store."""
        return [path for path in (self.folder / "attachments").rglob("*") if path.is_file()]

    def counted(self, state: TurnState, channel: str = "telegram") -> float:
        """How many turns the metrics say ended here in this way."""
        labels = {"channel": channel, "state": state.value}
        return self.registry.get_sample_value("whimbrel_turns_total", labels) or 0.0


@dataclass(kw_only=True)
class Person:
    """Somebody who writes to us and reads what we write back."""

    world: World
    external_id: str
    channel: str = "telegram"
    name: str = "Ada"
    language: str = "en"
    account: str = "bot"
    thread: str = ""
    chat: str = ""

    @property
    def key(self) -> ConversationKey:
        """The chat with us."""
        chat = self.chat or self.external_id
        return ConversationKey(self.channel, self.account, chat, self.thread)

    def message(
        self, text: str = "", kind: InboundKind = InboundKind.MESSAGE, **more: Any
    ) -> InboundMessage:
        """An update of this person's."""
        number = self.world.number()
        fields: dict[str, Any] = {
            "update_id": str(number),
            "platform_id": f"m{number}",
            "sent_at": self.world.clock(),
            **more,
        }
        sender = Sender(self.external_id, self.name, self.language)
        return InboundMessage(self.key, kind, sender=sender, text=text, **fields)

    async def says(self, text: str = "", **more: Any) -> InboundMessage:
        """Say something, and have it accepted."""
        message = self.message(text, **more)
        await self.world.assistant.accept([message])
        return message

    async def sends_picture(self, source: str, text: str = "", **more: Any) -> InboundMessage:
        """Send a picture that the messenger keeps under `source`."""
        return await self.says(text, attachments=(InboundAttachment(source=source),), **more)

    async def presses(self, action: str) -> None:
        """Press a button of ours."""
        await self.says(kind=InboundKind.BUTTON, action=action)

    async def edits(self, original: InboundMessage, text: str, **more: Any) -> None:
        """Change what was said."""
        more = {"attachments": original.attachments, **more}
        await self.says(text, kind=InboundKind.EDIT, platform_id=original.platform_id, **more)

    async def user(self) -> User:
        """Who SQL says this is."""
        async with self.world.database.read() as tx:
            user = await tx.users.by_identity(self.channel, self.external_id)
        assert user is not None, "never seen"
        return user

    async def conversation(self) -> Conversation:
        """The chat as SQL knows it."""
        async with self.world.database.read() as tx:
            conversation = await tx.conversations.by_key(self.key)
        assert conversation is not None, "no such chat"
        return conversation

    async def notices(self) -> list[Outbound]:
        """Everything we have written into the chat besides answers."""
        conversation = await self.conversation()
        async with self.world.database.read() as tx:
            return await tx.outbound.notices(conversation.id)

    async def keys(self) -> list[str]:
        """The text keys of these."""
        return [row.notice.key for row in await self.notices() if row.notice is not None]

    async def last_words(self) -> str:
        """The last sentence of ours as the person reads it."""
        notice = (await self.notices())[-1].notice
        assert notice is not None
        return self.world.texts.say(notice, self.language)

    async def turns(self) -> list[Turn]:
        """The turns that are not answered yet."""
        conversation = await self.conversation()
        async with self.world.database.read() as tx:
            return await tx.turns.unfinished(conversation.id)

    async def latest(self) -> Turn:
        """The newest turn."""
        conversation = await self.conversation()
        async with self.world.database.read() as tx:
            turn = await tx.turns.latest(conversation.id)
        assert turn is not None, "no turn"
        return turn

    async def questions(self) -> list[str]:
        """The words of the messages that the newest turn asks about."""
        turn = await self.latest()
        async with self.world.database.read() as tx:
            return [message.text for message in await tx.messages.of_turn(turn.id)]

    async def messages(self) -> list[Message]:
        """What stands in the chat."""
        conversation = await self.conversation()
        async with self.world.database.read() as tx:
            return await tx.messages.transcript(conversation.id)
