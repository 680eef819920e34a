"""Everything of one person's own goes, at their word."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from chat.conversations import Conversation
from chat.people import User
from handlers.effects import Effects
from handlers.turns import stop_all
from storage.database import Transaction
from storage.repositories import ASSISTANT, Kept

# More conversations than anybody has; the repository's lists are bounded.
ALL = 1_000_000


async def erase(tx: Transaction, user: User, effects: Effects) -> Kept:
    """Erase messages, pictures, conversations, sign-ins, names and the user.

    Messages that are held are hidden, and erased when nothing holds them any more: how many there
    are is returned. Files that nothing refers to any more are left to the effects, after the
    commit."""
    for conversation in await tx.conversations.of_user(user.id, limit=ALL):
        await stop_all(tx, conversation, effects)
    kept = await tx.holds.kept_of_user(user.id)
    await tx.holds.postpone_of_user(user.id)
    effects.files.update(await tx.messages.erase_of_user(user.id))
    await tx.web_sessions.delete_of_user(user.id)
    await tx.users.erase(user.id)
    await _note(tx, "hold.kept", kept, "user", user.id)
    return kept


async def delete_conversation(
    tx: Transaction, conversation: Conversation, effects: Effects
) -> Kept:
    """Delete one conversation with its turns and pictures; what of it is held, as `erase`."""
    await stop_all(tx, conversation, effects)
    kept = await tx.holds.kept_of_conversation(conversation.id)
    await tx.holds.postpone_of_conversation(conversation.id)
    effects.files.update(await tx.conversations.delete(conversation.id))
    await _note(tx, "hold.kept", kept, "conversation", conversation.id)
    return kept


async def delete_message(tx: Transaction, message_id: int, effects: Effects) -> None:
    """Delete one message with its pictures, or hide it for as long as it is held."""
    await tx.holds.postpone_message(message_id)
    effects.files.update(await tx.messages.erase(message_id))


def day_of(kept: Kept, timezone: str) -> str:
    """Until which day something is kept, for the texts: `open` where that is not known yet."""
    if kept.until is None:
        return "open"
    return datetime.fromtimestamp(kept.until, ZoneInfo(timezone)).strftime("%Y-%m-%d")


async def _note(tx: Transaction, action: str, kept: Kept, kind: str, object_id: int) -> None:
    if kept.count:
        details = {"messages": kept.count}
        await tx.audit.add(action, actor=ASSISTANT, kind=kind, object_id=object_id, details=details)
