"""Whatever people do, nobody ever sees or changes what is another's."""

from __future__ import annotations

import asyncio
import io
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.inbound import InboundAttachment, InboundKind
from chat.messages import StoredPicture
from chat.turns import TurnResult, TurnState
from handlers.conversations import MessageEntry, NoticeEntry
from handlers.errors import NotFound
from handlers.pictures.decoder import PictureDecoder
from storage.attachments import FolderStore
from storage.broker import Broker
from storage.database import Database
from tests.handlers.pictures import drawing, encoded
from tests.handlers.world import Clock, Person, World

PEOPLE = ("1", "2", "3")
CHANNELS = ("telegram", "web")
PNG = encoded(drawing(), "PNG")

step = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(CHANNELS),
    st.sampled_from(
        [
            "say",
            "say",
            "picture",
            "edit",
            "stop",
            "retry",
            "new",
            "answer",
            "delete",
            "stray",
            "button",
            "export",
            "link",
        ]
    ),
    st.integers(0, 40),
)


class Story:
    """A sequence of things that people do; everybody's words begin with a mark of their own."""

    def __init__(self, world: World, picture: StoredPicture) -> None:
        self.world = world
        self.picture = picture
        self.said: dict[str, list[str]] = {name: [] for name in PEOPLE}

    def person(self, name: str, channel: str) -> Person:
        return self.world.person(name, channel=channel, name=f"mark{name}")

    async def take(self, name: str, channel: str, verb: str, number: int) -> None:
        """Do one thing."""
        person = self.person(name, channel)
        words = f"mark{name} says {number}"
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "say": lambda: person.says(words, platform_id=f"p{number}"),
            "picture": lambda: person.says(
                words, attachments=(InboundAttachment(stored=self.picture),)
            ),
            "edit": lambda: person.says(
                words + " edited", kind=InboundKind.EDIT, platform_id=f"p{number}"
            ),
            "stop": lambda: person.says("/stop"),
            "retry": lambda: person.says("/retry"),
            "new": lambda: person.says("/new"),
            "answer": self.answer,
            "delete": lambda: self.delete(person),
            "stray": lambda: self.stray(name, channel, words),
            "button": lambda: person.presses(
                f"{('stop', 'retry', 'show', 'approve')[number % 4]}:{number}"
            ),
            "export": lambda: person.says("/export"),
            "link": lambda: person.says("/start wrong-code"),
        }
        await acts[verb]()

    async def answer(self) -> None:
        """Answer each waiting turn with the words of its own question."""
        for claimed in await self.world.claim():
            async with self.world.database.write() as tx:
                history = await tx.messages.history_up_to(claimed.conversation_id, claimed.id)
                marks = {message.text.split()[0] for message in history if message.text}
                assert len(marks) <= 1, "a prompt mixes two people"
                text = " ".join([*marks, "answered"])
                await tx.turns.finish(
                    TurnResult(claimed.id, claimed.attempt, TurnState.ANSWERED, text=text)
                )

    async def delete(self, person: Person) -> None:
        await person.says("/delete")
        await person.says("/delete yes")

    async def stray(self, name: str, channel: str, words: str) -> None:
        """Say something into somebody else's chat."""
        other = PEOPLE[(PEOPLE.index(name) + 1) % len(PEOPLE)]
        stranger = self.world.person(name, channel=channel, chat=other, name=f"mark{name}")
        try:
            await self.person(other, channel).conversation()
        except AssertionError:
            return  # an empty chat belongs to whoever speaks first
        await stranger.says(words)

    async def check(self) -> None:
        """Everybody's every view holds nothing of anybody else."""
        async with self.world.database.read() as tx:
            known = [
                (name, channel, await tx.users.by_identity(channel, name))
                for name in PEOPLE
                for channel in CHANNELS
            ]
        for name, _channel, user in known:
            if user is None:
                continue
            others = [f"mark{other}" for other in PEOPLE if other != name]
            content = await self.world.book.export(user)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                exported = archive.read("messages.json").decode()
            assert not any(other in exported for other in others)
            for conversation_id in range(1, 12):
                try:
                    entries = await self.world.book.transcript(user, conversation_id)
                except NotFound:
                    continue
                for entry in entries:
                    if isinstance(entry, MessageEntry):
                        seen = entry.message.text
                    elif isinstance(entry, NoticeEntry):
                        seen = str(entry.row.notice)
                    else:
                        seen = ""
                    assert not any(other in seen for other in others)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(step, min_size=5, max_size=25))
def test_one_persons_data_is_never_in_anothers_results(
    steps: list[tuple[str, str, str, int]],
    empty_database: bytes,
    valkey_url: str,
) -> None:
    async def play() -> None:
        path = Path(folder) / "story.sqlite3"
        path.write_bytes(empty_database)
        clock = Clock()
        async with (
            Database.from_url(f"sqlite:///{path}", clock=clock) as database,
            Broker.from_url(valkey_url) as broker,
            PictureDecoder() as decoder,
        ):
            store = FolderStore(Path(folder) / "attachments")
            world = World(
                folder=path.parent,
                database=database,
                broker=broker,
                store=store,
                clock=clock,
                decoder=decoder,
            )
            sha256 = await store.put(PNG)
            story = Story(world, StoredPicture(sha256, "image/png", 64, 48, len(PNG)))
            for name, channel, verb, number in steps:
                await story.take(name, channel, verb, number)
            await story.check()

    with tempfile.TemporaryDirectory(prefix="whimbrel-tests-") as folder:
        asyncio.run(play())
