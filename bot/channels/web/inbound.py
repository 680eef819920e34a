"""Makes what a browser sends into messages in our own words."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from chat.conversations import Conversation
from chat.inbound import InboundAttachment, InboundKind, InboundMessage
from chat.messages import StoredPicture
from chat.people import Sender, User

SEND_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Inbox:
    """Messages of one person in one conversation, sent at `now` (epoch seconds)."""

    def __init__(
        self, *, user: User, language: str, conversation: Conversation, now: float
    ) -> None:
        self._conversation = conversation
        self._now = now
        self._user_id = user.id
        self._sender = Sender(str(user.id), name=user.name, language=language or user.language)

    def said(
        self, text: str, pictures: Sequence[StoredPicture | None] = (), *, send_id: str = ""
    ) -> InboundMessage:
        """Something said, with pictures, or None for each that was not looked at. The browser names
        each sending, so that repeating it is harmless."""
        update_id = self._update_id(send_id)
        return InboundMessage(
            key=self._conversation.key,
            kind=InboundKind.MESSAGE,
            update_id=update_id,
            sender=self._sender,
            sent_at=self._now,
            platform_id=update_id,
            text=text,
            attachments=tuple(
                InboundAttachment(media_type=each.media_type, size=each.size, stored=each)
                if each
                else InboundAttachment()
                for each in pictures
            ),
        )

    def pressed(self, action: str) -> InboundMessage:
        """A button pressed."""
        return InboundMessage(
            key=self._conversation.key,
            kind=InboundKind.BUTTON,
            update_id=self._update_id(""),
            sender=self._sender,
            sent_at=self._now,
            action=action,
        )

    def _update_id(self, send_id: str) -> str:
        if not SEND_ID.fullmatch(send_id):
            send_id = secrets.token_hex(16)
        return f"{self._user_id}:{send_id}"
