"""Everything the fake Telegram remembers: the bot, people, chats, messages, files, updates."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.fakes.telegram.chats import Chat, Shown
from tests.fakes.telegram.errors import bad_request, forbidden
from tests.fakes.telegram.faults import Faults
from tests.fakes.telegram.inbox import Inbox
from tests.fakes.telegram.limits import FloodLimits
from tests.fakes.telegram.watch import Watch

MAX_DOWNLOAD = 20 * 1024 * 1024


class StoredFile(NamedTuple):
    """A file on the servers of Telegram; `size` is what it is said to have, in bytes."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    size: int


class CallRecord(NamedTuple):
    """One call as it arrived (seconds of time.monotonic)."""

    at: float
    method: str
    parameters: dict[str, Any]


@dataclass(slots=True)
class World:
    """The state behind the Bot API of one bot."""

    bot: dict[str, Any]
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)  # open callback queries -> chat id
    inbox: Inbox = field(default_factory=Inbox)
    limits: FloodLimits = field(default_factory=FloodLimits)
    faults: Faults = field(default_factory=Faults)
    calls: deque[CallRecord] = field(default_factory=lambda: deque(maxlen=100_000))
    _numbers: int = 0
    _watch: Watch = field(default_factory=Watch)

    def next_number(self) -> int:
        """A number that was not used before; message ids of one bot share a row."""
        self._numbers += 1
        return self._numbers

    def record(self, method: str, parameters: dict[str, Any]) -> None:
        """Remember a call."""
        self.calls.append(CallRecord(time.monotonic(), method, parameters))
        self._watch.changed()

    async def called(
        self,
        method: str,
        times: int = 1,
        *,
        within: float = 10.0,
        where: Callable[[CallRecord], bool] = lambda _: True,
    ) -> list[CallRecord]:
        """Wait until the method was called that often (where the condition holds)."""

        def found() -> list[CallRecord]:
            return [call for call in self.calls_of(method) if where(call)]

        await self._watch.until(
            lambda: len(found()) >= times,
            within=within,
            describe=lambda: f"{method} was called {len(found())} times, not {times}",
        )
        return found()

    def calls_of(self, *methods: str) -> list[CallRecord]:
        """The calls of these methods, oldest first."""
        return [call for call in self.calls if call.method in methods]

    def writable_chat(self, chat_id: Any) -> Chat:
        """The chat that the bot wants to write to, or the error that Telegram answers."""
        chat = self.known_chat(chat_id)
        if chat.migrated_to is not None:
            error = bad_request("group chat was upgraded to a supergroup chat")
            error.parameters = {"migrate_to_chat_id": chat.migrated_to}
            raise error
        if chat.refusal:
            raise forbidden(chat.refusal)
        return chat

    def known_chat(self, chat_id: Any) -> Chat:
        """The chat of this id, or the error that Telegram answers."""
        if chat_id is None or chat_id == "":
            raise bad_request("chat_id is empty")
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def add_message(
        self,
        chat: Chat,
        sender: dict[str, Any],
        fields: dict[str, Any],
        *,
        content: bytes | None = None,
    ) -> Shown:
        """A new message in the chat, stamped with id and time."""
        body = {
            "message_id": self.next_number(),
            "from": sender,
            "chat": chat.body,
            "date": int(time.time()),
            **fields,
        }
        return chat.add(body, content)

    def add_file(
        self, content: bytes, folder: str, name: str, size: int | None = None
    ) -> StoredFile:
        """Keep a file; `size` may claim more bytes than there are."""
        number = self.next_number()
        file = StoredFile(
            file_id=f"BQACAgIAAxkBAAM{number:08d}",
            unique_id=f"AQAD{number:06d}",
            path=f"{folder}/file_{number}{name[name.rfind('.') :] if '.' in name else ''}",
            content=content,
            size=len(content) if size is None else size,
        )
        self.files[file.file_id] = file
        return file
