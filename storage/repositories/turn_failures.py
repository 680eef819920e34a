"""Turns that failed, as an operator looks at them."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from chat.conversations import ConversationKey
from storage.repositories.base import AnyRow, Repository
from storage.repositories.conversations import KEY_COLUMNS
from storage.repositories.turn_rows import IS_QUESTION, T, condition, words_of
from storage.tables import conversations, messages, turns, users

_QUESTION = (
    select(messages.c.parts)
    .where(IS_QUESTION)
    .order_by(messages.c.id)
    .limit(1)
    .correlate(turns)
    .scalar_subquery()
)
_FAILED = (
    select(T.id, T.reason, T.crashes, T.ended_at, users.c.name, *KEY_COLUMNS, _QUESTION)
    .join(conversations, conversations.c.id == T.conversation_id)
    .join(users, users.c.id == conversations.c.user_id)
    .where(condition("state = 'failed'"), T.ended_at >= bindparam("since"))
    .order_by(T.ended_at.desc())
    .limit(bindparam("most"))
)


class FailedTurn(Struct, frozen=True):
    """A turn that failed: what the person was told (a text key), how many workers died over it,
    when (epoch seconds), whose it is, where it was asked, and the words of its first message."""

    id: int
    reason: str
    crashes: int
    ended_at: float
    user_name: str
    key: ConversationKey
    question: str


class TurnFailures(Repository):
    """What nobody could answer."""

    async def failed(self, since: float, limit: int) -> list[FailedTurn]:
        """Turns that failed at or after `since` (epoch seconds), the latest first."""
        rows = await self._rows(_FAILED, {"since": since, "most": limit})
        return [_failed_turn(row) for row in rows]


def _failed_turn(row: AnyRow) -> FailedTurn:
    id_, reason, crashes, ended_at, user_name = row[:5]
    key, question = ConversationKey(*row[5:9]), words_of(row[9])
    return FailedTurn(id_, reason, crashes, ended_at, user_name, key, question)
