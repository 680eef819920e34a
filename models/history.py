"""What was said in a conversation, from the hot session or else from SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import structlog
from msgspec import Struct

from chat.messages import Attachment, AttachmentPart, Message, Speaker, TextPart
from chat.turns import ClaimedTurn, TurnResult
from storage.database import Database, Transaction
from storage.errors import BrokerUnavailable
from storage.sessions import HotSession, SessionStore

log = structlog.get_logger()

# The marks around a message take six tokens in Llama 4's format, without any words in it.
TOKENS_OF_A_MESSAGE = 6
LEAST_MESSAGES = 100


class History(Struct, frozen=True):
    """Everything before a turn, the turn's own messages, and the attachments in all of them."""

    past: tuple[Message, ...]
    current: tuple[Message, ...]
    attachments: dict[int, Attachment]


class Histories:
    """Loads histories, and keeps them warm for the next turn of the conversation.

    `window` tells how many tokens a prompt may have: no more messages are loaded than can be in it,
    so that a chat of many years costs no more than a long one.
    """

    def __init__(
        self, *, database: Database, sessions: SessionStore, window: Callable[[], int]
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._window = window

    async def load(self, turn: ClaimedTurn) -> History:
        """The history of a claimed turn. Raises DatabaseUnavailable."""
        session = await self._session(turn)
        async with self._database.read() as transaction:
            if session is None:
                return await _from_sql(transaction, turn, most=self._most())
            current = await transaction.messages.of_turn(turn.id)
            known = {attachment.id: attachment for attachment in session.attachments}
            fresh = await _attachments(transaction, current)
            return History(session.history, tuple(current), known | fresh)

    async def remember(self, turn: ClaimedTurn, history: History, result: TurnResult) -> None:
        """Keep what the next turn will begin with: an end makes the revision one higher.

        Did anything else change meanwhile, the revision is higher still and nobody reads this."""
        said = _trimmed((*history.past, *history.current, *_answer(turn, result)), self._most())
        session = HotSession(turn.revision + 1, said, tuple(history.attachments.values()))
        try:
            await self._sessions.put(turn.conversation_id, session)
        except BrokerUnavailable as error:
            log.warning("a session was not kept", error=str(error))

    def _most(self) -> int:
        """How many messages a prompt can have at most."""
        return max(LEAST_MESSAGES, self._window() // TOKENS_OF_A_MESSAGE)

    async def _session(self, turn: ClaimedTurn) -> HotSession | None:
        try:
            return await self._sessions.get_or_none(turn.conversation_id, turn.revision)
        except BrokerUnavailable as error:
            log.warning("sessions cannot be read", error=str(error))
            return None


def _trimmed(said: tuple[Message, ...], most: int) -> tuple[Message, ...]:
    """The newest messages. Not cut one by one: prompts that begin alike are computed once."""
    return said[-most:] if len(said) > most + most // 2 else said


async def _from_sql(transaction: Transaction, turn: ClaimedTurn, *, most: int) -> History:
    messages = await transaction.messages.history_up_to(turn.conversation_id, turn.id, most=most)
    return History(
        past=tuple(message for message in messages if message.turn_id != turn.id),
        current=tuple(message for message in messages if message.turn_id == turn.id),
        attachments=await _attachments(transaction, messages),
    )


async def _attachments(
    transaction: Transaction, messages: Iterable[Message]
) -> dict[int, Attachment]:
    wanted = {
        part.attachment_id
        for message in messages
        for part in message.parts
        if isinstance(part, AttachmentPart)
    }
    return await transaction.attachments.get_many(wanted) if wanted else {}


def _answer(turn: ClaimedTurn, result: TurnResult) -> tuple[Message, ...]:
    """The answer as the history will hold it; a prompt needs no id of it."""
    if not result.text:
        return ()
    answer = Message(
        id=0,
        conversation_id=turn.conversation_id,
        turn_id=turn.id,
        speaker=Speaker.ASSISTANT,
        parts=(TextPart(result.text),),
        created_at=0.0,
    )
    return (answer,)
