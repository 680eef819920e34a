"""Telegram's updates in our own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import msgspec
import structlog
from msgspec import Struct, structs

from bot.channels.telegram.splitting import utf16_length
from bot.channels.telegram.wire import (
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    Update,
    User,
)
from chat.conversations import ConversationKey
from chat.inbound import InboundAttachment, InboundKind, InboundMessage
from chat.people import Sender

log = structlog.get_logger()

NAME = "telegram"

# Kinds of messages that we can only name, in the order in which they are looked for: an animation
# is a document too, a venue also a location.
UNSUPPORTED = (
    "voice",
    "audio",
    "video_note",
    "video",
    "animation",
    "sticker",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "checklist",
    "paid_media",
    "invoice",
    "gift",
    "giveaway",
    "document",
)
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".avif"})

# Apps cut a paste into pieces of at most 4,096 units, at a better place if there is one near.
MAY_CONTINUE_FROM = 2048
MEMBER = ("member", "administrator")


class Received(Struct, frozen=True):
    """A batch in our words, and the ids of button presses that Telegram waits to see noticed."""

    messages: list[InboundMessage]
    pressed: list[str]


class UpdateReader:
    """Reads updates for one account; `username` is the bot's, empty while it is not known."""

    def __init__(self, account: str) -> None:
        self._account = account
        self.username = ""

    def read(self, batch: Iterable[Mapping[str, Any]]) -> Received:
        """What the updates say. One that says nothing to us is logged by its kind only."""
        messages = []
        pressed = []
        for raw in batch:
            message = self._read_one(raw)
            if message is None:
                kinds = sorted(raw.keys() - {"update_id"})
                log.info("update ignored", update=raw.get("update_id"), kinds=kinds)
            else:
                messages.append(message)
            query = raw.get("callback_query")
            if isinstance(query, Mapping) and isinstance(query.get("id"), str):
                pressed.append(query["id"])
        return Received(messages, pressed)

    def _read_one(self, raw: Mapping[str, Any]) -> InboundMessage | None:
        try:
            update = msgspec.convert(raw, Update)
        except msgspec.ValidationError as error:
            log.warning("update not understood", update=raw.get("update_id"), error=str(error))
            return None
        number = str(update.update_id)
        if update.message is not None:
            return self._message(number, update.message, raw["message"])
        if update.edited_message is not None:
            return self._edit(number, update.edited_message)
        if update.callback_query is not None:
            return self._button(number, update.callback_query)
        if update.my_chat_member is not None:
            return self._membership(number, update.my_chat_member)
        return None

    def _message(
        self, number: str, message: Message, raw: Mapping[str, Any]
    ) -> InboundMessage | None:
        if message.migrate_to_chat_id is not None:
            return self._moved(number, message, message.migrate_to_chat_id)
        if not _from_a_person_in_private(message):
            return None
        attachments = _pictures(message)
        inbound = self._inbound(number, InboundKind.MESSAGE, message, attachments)
        if message.text or attachments:
            return inbound
        for what in UNSUPPORTED:
            if what in raw:
                return structs.replace(inbound, kind=InboundKind.UNSUPPORTED, what=what)
        return None  # a service message: a picture was pinned, a topic was opened

    def _edit(self, number: str, message: Message) -> InboundMessage | None:
        attachments = _pictures(message)
        if not _from_a_person_in_private(message) or not (message.text or attachments):
            return None  # a live location moved, say
        return self._inbound(number, InboundKind.EDIT, message, attachments)

    def _moved(self, number: str, message: Message, new_chat: int) -> InboundMessage:
        return InboundMessage(
            key=self._key(message),
            kind=InboundKind.MOVED,
            update_id=number,
            sender=_sender(message.sender or User(0)),
            sent_at=float(message.date),
            moved_to=str(new_chat),
        )

    def _inbound(
        self,
        number: str,
        kind: InboundKind,
        message: Message,
        attachments: tuple[InboundAttachment, ...],
    ) -> InboundMessage:
        assert message.sender is not None
        replied = message.reply_to_message
        text = self._without_own_name(message.text or message.caption)
        return InboundMessage(
            key=self._key(message),
            kind=kind,
            update_id=number,
            sender=_sender(message.sender),
            sent_at=float(message.edit_date or message.date),
            platform_id=str(message.message_id),
            text=text,
            attachments=attachments,
            group_id=message.media_group_id,
            may_continue=utf16_length(message.text) >= MAY_CONTINUE_FROM,
            reply_to=str(replied.message_id) if replied else "",
            reply_attachments=_pictures(replied) if replied else (),
        )

    def _button(self, number: str, query: CallbackQuery) -> InboundMessage | None:
        if query.message is None:
            return None
        private = query.message.chat.type == "private"
        return InboundMessage(
            key=self._key(query.message),
            kind=InboundKind.BUTTON if private else InboundKind.GROUP_BUTTON,
            update_id=number,
            sender=_sender(query.sender),
            sent_at=float(query.message.date),
            platform_id=str(query.message.message_id),
            action=query.data,
            press_id=query.id,
        )

    def _membership(self, number: str, update: ChatMemberUpdated) -> InboundMessage | None:
        before, after = update.old_chat_member.status, update.new_chat_member.status
        if update.chat.type != "private":
            joined = after in MEMBER and before not in MEMBER
            kind = InboundKind.GROUP if joined else None
        elif after == "kicked":
            kind = InboundKind.BLOCKED
        else:
            kind = InboundKind.UNBLOCKED if before == "kicked" else None
        if kind is None:
            return None
        return InboundMessage(
            key=ConversationKey(NAME, self._account, str(update.chat.id)),
            kind=kind,
            update_id=number,
            sender=_sender(update.sender),
            sent_at=float(update.date),
        )

    def _key(self, message: Message) -> ConversationKey:
        thread = message.message_thread_id if message.is_topic_message else None
        return ConversationKey(
            NAME, self._account, str(message.chat.id), "" if thread is None else str(thread)
        )

    def _without_own_name(self, text: str) -> str:
        """`/help@our_bot` is `/help`."""
        command, space, rest = text.partition(" ")
        suffix = f"@{self.username}".lower()
        if self.username and command.startswith("/") and command.lower().endswith(suffix):
            return command[: -len(suffix)] + space + rest
        return text


def _from_a_person_in_private(message: Message) -> bool:
    sender = message.sender
    return message.chat.type == "private" and sender is not None and not sender.is_bot


def _sender(user: User) -> Sender:
    return Sender(str(user.id), user.name, user.language_code)


def _pictures(message: Message) -> tuple[InboundAttachment, ...]:
    """The largest size of a photo, or the document where it claims to be a picture."""
    if message.photo:
        largest = max(
            message.photo, key=lambda size: (size.width * size.height, size.file_size or 0)
        )
        return (
            InboundAttachment(
                source=largest.file_id, media_type="image/jpeg", size=largest.file_size
            ),
        )
    document = message.document
    if document is None or message.animation is not None:
        return ()
    suffix = PurePath(document.file_name).suffix.lower()
    if not document.mime_type.startswith("image/") and suffix not in PICTURE_SUFFIXES:
        return ()
    return (
        InboundAttachment(
            source=document.file_id,
            name=document.file_name,
            media_type=document.mime_type,
            size=document.file_size,
        ),
    )
