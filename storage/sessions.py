"""The hot session: a conversation's recent history in Redis, valid for one revision of SQL."""

from __future__ import annotations

from typing import Any

import structlog
from msgspec import DecodeError, Struct, msgpack

from chat.messages import Attachment, Message
from storage.broker import Broker
from storage.broker.connection import PREFIX, broker_errors
from storage.broker.scripts import Script

log = structlog.get_logger()

RECENT = f"{PREFIX}sessions"  # the conversations that have a session, by when it was stored

# The bound holds over all processes, and the sessions stored longest ago go first.
PUT = Script(
    """
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], redis.call('TIME')[1], ARGV[1])
local excess = redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4])
if excess > 0 then
    local popped = redis.call('ZPOPMIN', KEYS[2], excess)
    for i = 1, #popped, 2 do redis.call('DEL', ARGV[5] .. popped[i]) end
end
"""
)


class HotSession(Struct, frozen=True):
    """The history that prompts are made of, as SQL had it at `revision`."""

    revision: int
    history: tuple[Message, ...]
    attachments: tuple[Attachment, ...]


_encode = msgpack.Encoder().encode
_decode = msgpack.Decoder(HotSession).decode


class SessionStore:
    """Keeps hot sessions for `ttl` seconds, at most `max_sessions` of up to `max_bytes` each.

    Every method raises BrokerUnavailable; SQL knows everything that is kept here.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        ttl: float = 3600,
        max_bytes: int = 262_144,
        max_sessions: int = 2000,
    ) -> None:
        self._redis = broker.connection.commands
        self._scripts = broker.connection.scripts
        self._ttl = ttl
        self._max_bytes = max_bytes
        self._max_sessions = max_sessions

    async def get_or_none(self, conversation_id: int, revision: int) -> HotSession | None:
        """The session, unless it is gone or of another revision."""
        async with broker_errors():
            value: Any = await self._redis.get(_key(conversation_id))
        if value is None:
            return None
        try:
            session = _decode(value)
        except DecodeError as error:
            log.warning("a malformed session was skipped", error=str(error))
            return None
        return session if session.revision == revision else None

    async def put(self, conversation_id: int, session: HotSession) -> None:
        """Keep a session in place of what was kept; one that is too large is not kept."""
        value = _encode(session)
        if len(value) > self._max_bytes:
            await self.drop(conversation_id)
            return
        milliseconds = int(self._ttl * 1000)
        async with broker_errors():
            await self._scripts.run(
                PUT,
                [_key(conversation_id), RECENT],
                [conversation_id, value, milliseconds, self._max_sessions, _key("")],
            )

    async def drop(self, *conversation_ids: int) -> None:
        """Forget the sessions of these conversations."""
        if conversation_ids:
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.delete(*(_key(conversation) for conversation in conversation_ids))
            pipeline.zrem(RECENT, *conversation_ids)
            async with broker_errors():
                await pipeline.execute()


def _key(conversation: int | str) -> str:
    return f"{PREFIX}session:{conversation}"
