"""Hot sessions: there when SQL's revision is theirs, and never too many or too large."""

from __future__ import annotations

import pytest
from msgspec import structs
from redis.asyncio import Redis

from chat.messages import (
    Attachment,
    AttachmentPart,
    AttachmentState,
    Message,
    Speaker,
    StoredPicture,
    TextPart,
)
from storage.broker import Broker
from storage.errors import BrokerUnavailable
from storage.sessions import HotSession, SessionStore

PICTURE = StoredPicture("ab" * 32, "image/png", 640, 480, 12345)
SESSION = HotSession(
    revision=7,
    history=(
        Message(1, 5, 3, Speaker.PERSON, (TextPart("which?"), AttachmentPart(9)), 12.5, "p1"),
        Message(2, 5, 3, Speaker.ASSISTANT, (TextPart("ein Brachvogel 🐦"),), 13.5),
    ),
    attachments=(Attachment(9, 5, AttachmentState.READY, "file", "bird.png", PICTURE),),
)


@pytest.fixture
def redis(broker: Broker) -> Redis:
    return broker.connection.commands


@pytest.fixture
def store(broker: Broker) -> SessionStore:
    return SessionStore(broker)


async def test_a_session_comes_back_as_it_was(store: SessionStore) -> None:
    await store.put(5, SESSION)

    assert await store.get_or_none(5, 7) == SESSION


async def test_a_session_of_another_revision_or_conversation_is_none(store: SessionStore) -> None:
    await store.put(5, SESSION)

    assert await store.get_or_none(5, 8) is None
    assert await store.get_or_none(5, 6) is None
    assert await store.get_or_none(6, 7) is None


async def test_dropped_sessions_are_gone(store: SessionStore, redis: Redis) -> None:
    for conversation in (1, 2, 3):
        await store.put(conversation, SESSION)
    await store.drop(1, 2)
    await store.drop()

    assert await store.get_or_none(1, 7) is None
    assert await store.get_or_none(2, 7) is None
    assert await store.get_or_none(3, 7) == SESSION
    assert await redis.zcard("whimbrel:sessions") == 1


async def test_a_session_that_has_grown_too_large_is_not_kept(broker: Broker) -> None:
    store = SessionStore(broker, max_bytes=1000)
    await store.put(5, SESSION)
    large = Message(3, 5, 4, Speaker.PERSON, (TextPart("x" * 1000),), 14.5)
    await store.put(5, structs.replace(SESSION, history=(*SESSION.history, large)))

    assert await store.get_or_none(5, 7) is None


async def test_the_sessions_stored_longest_ago_make_room(broker: Broker, redis: Redis) -> None:
    store = SessionStore(broker, max_sessions=2)
    for conversation in (1, 2):
        await store.put(conversation, SESSION)
        await redis.zadd("whimbrel:sessions", {str(conversation): conversation})
    await store.put(1, SESSION)
    await store.put(3, SESSION)

    assert await store.get_or_none(2, 7) is None
    assert await store.get_or_none(1, 7) == SESSION
    assert await store.get_or_none(3, 7) == SESSION


async def test_sessions_are_forgotten_in_time(broker: Broker, redis: Redis) -> None:
    await SessionStore(broker, ttl=100).put(5, SESSION)

    assert 95 < await redis.ttl("whimbrel:session:5") <= 100


async def test_what_is_no_session_is_none(store: SessionStore, redis: Redis) -> None:
    await redis.set("whimbrel:session:5", b"\xc1 no msgpack")

    assert await store.get_or_none(5, 7) is None


async def test_a_broker_that_is_away_is_said_to_be() -> None:
    async with Broker.from_url("unix:///nonexistent/socket") as broker:
        with pytest.raises(BrokerUnavailable):
            await SessionStore(broker).get_or_none(5, 7)
