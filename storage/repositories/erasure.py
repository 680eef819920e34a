"""What erasing and deleting have in common: tombstones, and files that nobody refers to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, select, text, update

from storage.connection import Connection
from storage.tables import (
    attachments,
    conversations,
    feedback,
    message_attachments,
    messages,
    outbound,
    postponed,
    turns,
)
from storage.tables.turns import UNFINISHED

_OF_CONVERSATION: BindParameter[Any] = bindparam("conversation")
_END_TURNS = (
    update(turns)
    .where(turns.c.conversation_id == _OF_CONVERSATION, text(UNFINISHED))
    .values(
        state="cancelled",
        reason="stopped",
        cancel_requested=True,
        ended_at=bindparam("now"),
    )
)
_HIDE_TURNS = update(turns).where(turns.c.conversation_id == _OF_CONVERSATION).values(shown=True)
_DROP_OUTBOUND = delete(outbound).where(outbound.c.conversation_id == _OF_CONVERSATION)
_DROP_FEEDBACK = delete(feedback).where(
    feedback.c.turn_id.in_(select(turns.c.id).where(turns.c.conversation_id == _OF_CONVERSATION))
)
_MARK_DELETED = (
    update(conversations)
    .where(conversations.c.id == _OF_CONVERSATION)
    .values(
        deleted=True,
        title="",
        told_places="",
        revision=conversations.c.revision + 1,
        updated_at=bindparam("now"),
    )
)


async def end_conversation(connection: Connection, conversation_id: int, now: float) -> None:
    """Mark it as deleted, cancel its turns, show nothing more in it."""
    keys = {"conversation": conversation_id}
    await connection.execute(_MARK_DELETED, {**keys, "now": now})
    await connection.execute(_END_TURNS, {**keys, "now": now})
    await connection.execute(_HIDE_TURNS, keys)
    await connection.execute(_DROP_OUTBOUND, keys)
    await connection.execute(_DROP_FEEDBACK, keys)


def not_postponed() -> ColumnElement[bool]:
    """Whether a message is not kept by a hold; see Holds.postpone_message."""
    return messages.c.id.not_in(select(postponed.c.message_id))


def not_shown_by_postponed() -> ColumnElement[bool]:
    """Whether no such message shows an attachment."""
    shown = select(message_attachments.c.attachment_id).join(
        postponed, postponed.c.message_id == message_attachments.c.message_id
    )
    return attachments.c.id.not_in(shown)


async def erase(
    connection: Connection,
    of_messages: ColumnElement[bool],
    of_attachments: ColumnElement[bool],
) -> list[str]:
    """Make tombstones of messages and drop attachments; SHA-256 that nobody refers to by then."""
    tombstone = {"parts": "[]", "platform_id": "", "group_id": "", "erased": True}
    await connection.execute(update(messages).where(of_messages).values(tombstone))
    dropped = await connection.execute(
        delete(attachments).where(of_attachments).returning(attachments.c.sha256)
    )
    hashes = {row[0] for row in dropped.all() if row[0] is not None}
    return sorted(hashes - await _still_referenced(connection, hashes))


async def _still_referenced(connection: Connection, hashes: set[str]) -> set[str]:
    found: set[str] = set()
    ordered = sorted(hashes)
    for start in range(0, len(ordered), 500):
        query = select(attachments.c.sha256).where(
            attachments.c.sha256.in_(ordered[start : start + 500])
        )
        found.update(row[0] for row in (await connection.execute(query)).all())
    return found
