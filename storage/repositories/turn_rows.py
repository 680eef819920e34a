"""Columns of turns, and turns as values."""

from __future__ import annotations

from sqlalchemy import TextClause, and_, bindparam, select, text

from chat.conversations import ConversationKey
from chat.messages import Speaker, TextPart
from chat.turns import ShownTurn, Turn, TurnState
from storage.repositories.base import AnyRow
from storage.repositories.conversations import KEY_COLUMNS
from storage.repositories.messages import CURRENT, decode_parts
from storage.tables import conversations, messages, turns, users
from storage.tables.turns import UNFINISHED

T = turns.c
COLUMNS = (
    T.id,
    T.conversation_id,
    T.state,
    T.attempt,
    T.crashes,
    T.created_at,
    T.reason,
    T.answer_id,
    T.cancel_requested,
    T.shown,
)


def condition(words: str, table: str = "turns") -> TextClause:
    """A condition in the very words of a partial index, without which SQLite does not use it."""
    return text(words.replace("state", f"{table}.state").replace("shown", f"{table}.shown"))


IT = T.id == bindparam("turn")
QUEUED = condition("state = 'queued'")
RUNNING = condition("state = 'running'")
IS_UNFINISHED = condition(UNFINISHED)
NOT_SHOWN = condition("NOT shown")
# Of messages: what the person said in the turn, where it still stands.
IS_QUESTION = and_(messages.c.turn_id == T.id, messages.c.speaker == Speaker.PERSON.value, CURRENT)

FULL = select(*COLUMNS, messages.c.parts).outerjoin(messages, messages.c.id == T.answer_id)

_REPLY_TO = (
    select(messages.c.platform_id)
    .where(
        messages.c.turn_id == T.id,
        messages.c.speaker == Speaker.PERSON.value,
        ~messages.c.superseded,
    )
    .order_by(messages.c.id.desc())
    .limit(1)
    .correlate(turns)
    .scalar_subquery()
)
SHOWN = (
    select(
        *COLUMNS,
        messages.c.parts,
        *KEY_COLUMNS,
        users.c.id,
        users.c.language,
        _REPLY_TO,
        T.delivery_owner,
    )
    .join(conversations, conversations.c.id == T.conversation_id)
    .join(users, users.c.id == conversations.c.user_id)
    .outerjoin(messages, messages.c.id == T.answer_id)
)


def to_turn(row: AnyRow) -> Turn:
    """A row of FULL, or one of COLUMNS only where there is no answer yet, as a value."""
    id_, conversation_id, state, attempt, crashes, created_at, reason = row[:7]
    answer_id, cancel_requested, shown = row[7:10]
    return Turn(
        id_,
        conversation_id,
        TurnState(state),
        attempt,
        crashes,
        created_at,
        reason,
        words_of(row[10] if len(row) > 10 else None),
        answer_id,
        cancel_requested,
        shown,
    )


def to_shown(row: AnyRow) -> ShownTurn:
    """A row of SHOWN as a value."""
    user_id, language, reply_to, owner = row[15:19]
    key = ConversationKey(*row[11:15])
    return ShownTurn(to_turn(row), key, user_id, language, reply_to or "", owner or "")


def words_of(parts: str | None) -> str:
    """The text in the encoded parts of a message; "" where there is no message."""
    if parts is None:
        return ""
    return "\n".join(part.text for part in decode_parts(parts) if isinstance(part, TextPart))
