"""Everything of one person's own goes, at their word."""

from __future__ import annotations

from chat.conversations import Conversation
from chat.people import User
from handlers.effects import Effects
from handlers.turns import stop_all
from storage.database import Transaction

# More conversations than anybody has; the repository's lists are bounded.
ALL = 1_000_000


async def erase(tx: Transaction, user: User, effects: Effects) -> None:
    """Erase messages, pictures, conversations, sign-ins, names and the user.

    Files that nothing refers to any more are left to the effects, after the commit."""
    for conversation in await tx.conversations.of_user(user.id, limit=ALL):
        await stop_all(tx, conversation, effects)
    effects.files.update(await tx.messages.erase_of_user(user.id))
    await tx.web_sessions.delete_of_user(user.id)
    await tx.users.erase(user.id)


async def delete_conversation(
    tx: Transaction, conversation: Conversation, effects: Effects
) -> None:
    """Delete one conversation with its turns and pictures."""
    await stop_all(tx, conversation, effects)
    effects.files.update(await tx.conversations.delete(conversation.id))
