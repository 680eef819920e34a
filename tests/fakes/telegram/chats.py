"""Chats as the people in them see them, and waiting until something is to be seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.fakes.telegram.text import has_link
from tests.fakes.telegram.watch import Watch


class Version(NamedTuple):
    """What a message said from a moment on (seconds of time.monotonic)."""

    at: float
    text: str


@dataclass(slots=True, eq=False)
class Shown:
    """One message as it stands in a chat; `body` is its JSON object in the Bot API."""

    body: dict[str, Any]
    versions: list[Version]
    deleted: bool = False
    content: bytes | None = None  # of the document or picture
    preview: bool = False

    @property
    def id(self) -> int:
        """The message id."""
        return int(self.body["message_id"])

    @property
    def text(self) -> str:
        """The words, whether they are a text or a caption."""
        return str(self.body.get("text", self.body.get("caption", "")))

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.body["from"]["is_bot"])

    @property
    def entities(self) -> list[dict[str, Any]]:
        """The formatting."""
        return list(self.body.get("entities", self.body.get("caption_entities", [])))

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons, row by row."""
        rows = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    @property
    def sent_at(self) -> float:
        """When it appeared (seconds of time.monotonic)."""
        return self.versions[0].at

    @property
    def changed_at(self) -> float:
        """When it last changed (seconds of time.monotonic)."""
        return self.versions[-1].at

    @property
    def reply_to(self) -> int | None:
        """The id of the message that it answers."""
        replied = self.body.get("reply_to_message")
        return int(replied["message_id"]) if replied else None


@dataclass(slots=True, eq=False)
class Chat:
    """A chat between the bot and one person, or a group."""

    id: int
    body: dict[str, Any]
    everything: list[Shown] = field(default_factory=list)  # also what was deleted
    typing_at: list[float] = field(default_factory=list)
    drafts: list[Version] = field(default_factory=list)
    reactions: dict[int, list[str]] = field(default_factory=dict)
    pressed_notes: list[str] = field(default_factory=list)  # what answerCallbackQuery said
    refusal: str = ""  # why the bot may not write here
    migrated_to: int | None = None
    _by_id: dict[int, Shown] = field(default_factory=dict)
    _watch: Watch = field(default_factory=Watch)

    @property
    def messages(self) -> list[Shown]:
        """What stands in the chat now, oldest first."""
        return [shown for shown in self.everything if not shown.deleted]

    @property
    def from_bot(self) -> list[Shown]:
        """What the bot says in the chat now, oldest first."""
        return [shown for shown in self.messages if shown.from_bot]

    def add(self, body: dict[str, Any], content: bytes | None = None) -> Shown:
        """Put a message into the chat."""
        words = body.get("text", body.get("caption", ""))
        shown = Shown(body, [Version(time.monotonic(), words)], content=content)
        self.everything.append(shown)
        self._by_id[shown.id] = shown
        self.changed()
        return shown

    def find(self, message_id: int) -> Shown | None:
        """The message of this id, unless it was deleted."""
        shown = self._by_id.get(message_id)
        return None if shown is None or shown.deleted else shown

    def set_preview(self, shown: Shown, options: dict[str, Any] | None) -> None:
        """Show a link preview where there is a link and the bot did not turn previews off."""
        off = bool((options or {}).get("is_disabled"))
        shown.preview = not off and has_link(shown.text, shown.entities)

    def changed(self) -> None:
        """Wake everybody who waits to see something here."""
        self._watch.changed()

    async def until(self, condition: Callable[[Chat], bool], within: float = 10.0) -> None:
        """Wait until the condition holds; after `within` seconds fail with what the chat shows."""
        await self._watch.until(
            lambda: condition(self),
            within=within,
            describe=lambda: f"the chat shows:\n{self.transcript()}",
        )

    async def shows(self, words: str, within: float = 10.0) -> Shown:
        """Wait until a message of the bot contains the words, and return it."""

        def matching() -> list[Shown]:
            return [shown for shown in self.from_bot if words in shown.text]

        await self.until(lambda _: bool(matching()), within)
        return matching()[-1]

    async def shows_count(self, count: int, within: float = 10.0) -> list[Shown]:
        """Wait until the bot has this many messages in the chat, and return them."""
        await self.until(lambda chat: len(chat.from_bot) >= count, within)
        return self.from_bot

    def transcript(self) -> str:
        """The chat as a person would read it out."""
        lines = [
            f"  {shown.body['from']['first_name']}: {_brief(shown)}" for shown in self.messages
        ]
        return "\n".join(lines) or "  (nothing)"


def _brief(shown: Shown) -> str:
    words = shown.text if len(shown.text) <= 200 else f"{shown.text[:200]}… ({len(shown.text)})"
    return f"{words!r} {shown.buttons or ''}".rstrip()
