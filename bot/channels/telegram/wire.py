"""What we read of Telegram's updates; everything else in them is left alone.

An update of a kind or shape that we do not know must never stop the ones behind it, so each is read
by itself, and leniently.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class User(Struct):
    """Somebody on Telegram."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Chat(Struct):
    """Where something happens; `type` is private, group, supergroup or channel."""

    id: int
    type: str


class PhotoSize(Struct):
    """One size of a photo, in pixels and bytes."""

    file_id: str
    width: int = 0
    height: int = 0
    file_size: int | None = None


class Document(Struct):
    """A file that was sent as it is."""

    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int | None = None


class Message(Struct):
    """A message; `date` in epoch seconds. `sender` is missing in channels."""

    message_id: int
    chat: Chat
    date: int = 0
    edit_date: int = 0
    sender: User | None = field(default=None, name="from")
    message_thread_id: int | None = None
    is_topic_message: bool = False
    text: str = ""
    caption: str = ""
    media_group_id: str = ""
    photo: list[PhotoSize] = []
    document: Document | None = None
    animation: dict[str, Any] | None = None
    reply_to_message: Message | None = None
    migrate_to_chat_id: int | None = None


class CallbackQuery(Struct):
    """A button was pressed under `message`."""

    id: str
    sender: User = field(name="from")
    message: Message | None = None
    data: str = ""


class ChatMember(Struct):
    """What somebody is in a chat: member, administrator, left, kicked, ..."""

    status: str


class ChatMemberUpdated(Struct):
    """We were added, removed, blocked or unblocked."""

    chat: Chat
    sender: User = field(name="from")
    date: int = 0
    old_chat_member: ChatMember = field(default_factory=lambda: ChatMember("left"))
    new_chat_member: ChatMember = field(default_factory=lambda: ChatMember("left"))


class Update(Struct):
    """One update; exactly one of the other fields is there, or one that we do not read."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None


ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
