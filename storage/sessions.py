"""The hot session: a conversation's recent history in Redis, valid for one revision of SQL."""

from __future__ import annotations

from msgspec import Struct

from chat.messages import Attachment, Message
from storage.broker import Broker


class HotSession(Struct, frozen=True):
    """The history that prompts are made of, as SQL had it at `revision`."""

    revision: int
    history: tuple[Message, ...]
    attachments: tuple[Attachment, ...]


class SessionStore:
    """Keeps hot sessions for `ttl` seconds, at most `max_sessions` of up to `max_bytes` each."""

    def __init__(
        self,
        broker: Broker,
        *,
        ttl: float = 3600,
        max_bytes: int = 262_144,
        max_sessions: int = 2000,
    ) -> None:
        raise NotImplementedError

    async def get_or_none(self, conversation_id: int, revision: int) -> HotSession | None:
        """The session, unless it is gone or of another revision. Raises BrokerUnavailable."""
        raise NotImplementedError

    async def put(self, conversation_id: int, session: HotSession) -> None:
        """Keep a session in place of what was kept; one that is too large is not kept."""
        raise NotImplementedError

    async def drop(self, *conversation_ids: int) -> None:
        """Forget the sessions of these conversations."""
        raise NotImplementedError
