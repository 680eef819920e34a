"""Messages, attachments, and which message shows which attachment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, ConversationId, Id, RowId, UserId, only_where


class MessageRow(Base):
    """Something said, `parts` being JSON. An edit is a new row with the old one's `created_at`.

    `superseded` rows were edited or answered anew; `erased` ones are tombstones without parts.
    """

    __tablename__ = "messages"
    __table_args__: Any = (
        Index(None, "conversation_id", "turn_id"),
        Index(None, "conversation_id", "created_at", "id"),
        Index("ix_messages_platform", "conversation_id", "platform_id"),
        Index("ix_messages_group", "conversation_id", "group_id", **only_where("group_id <> ''")),
        Index(None, "turn_id"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    turn_id: Mapped[int | None] = mapped_column(Id, ForeignKey("turns.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("users.id", ondelete="SET NULL"))
    speaker: Mapped[str]
    parts: Mapped[str]
    platform_id: Mapped[str]
    group_id: Mapped[str] = mapped_column(server_default="")  # of the album that it is a piece of
    sent_at: Mapped[float | None]
    created_at: Mapped[float]
    recorded_at: Mapped[float]
    replaces_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("messages.id", ondelete="SET NULL")
    )
    superseded: Mapped[bool]
    erased: Mapped[bool]


class AttachmentRow(Base):
    """A picture: the platform's reference, then the description of what was stored."""

    __tablename__ = "attachments"
    __table_args__: Any = (
        Index("ix_attachments_pending", "id", **only_where("state = 'pending'")),
        Index(None, "conversation_id"),
        Index(None, "user_id"),
        Index(None, "sha256"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RowId]
    conversation_id: Mapped[ConversationId]
    user_id: Mapped[UserId]
    state: Mapped[str]
    source: Mapped[str]
    name: Mapped[str]
    problem: Mapped[str]
    sha256: Mapped[str | None]
    media_type: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int | None]
    tries: Mapped[int]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[float]
    created_at: Mapped[float]


class MessageAttachmentRow(Base):
    """A message shows an attachment."""

    __tablename__ = "message_attachments"
    __table_args__: Any = (Index(None, "attachment_id"), {"sqlite_with_rowid": False})

    message_id: Mapped[int] = mapped_column(
        Id, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True
    )
    attachment_id: Mapped[int] = mapped_column(
        Id, ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
