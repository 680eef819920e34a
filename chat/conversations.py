"""Which chat with which memory."""

from __future__ import annotations

from msgspec import Struct


class ConversationKey(Struct, frozen=True, order=True):
    """One chat with one memory, on one account of one channel.

    `account` is our own account there (a bot's id), so that two bots never share a memory; `thread`
    is a topic, or one of several conversations of a web user.
    """

    channel: str
    account: str
    chat: str
    thread: str = ""

    def __str__(self) -> str:
        return "/".join((self.channel, self.account, self.chat, self.thread))


class Conversation(Struct, frozen=True):
    """A conversation as SQL records it. `revision` grows with every change of its history."""

    id: int
    key: ConversationKey
    user_id: int
    title: str
    revision: int
    created_at: float
    updated_at: float
    reachable: bool = True
