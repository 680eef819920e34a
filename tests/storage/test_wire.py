"""What crosses processes in Redis is read by older and newer versions than the one that wrote it.

`wire.json` holds the bytes as the releases wrote them. It only ever grows: docs/decisions/0014.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import structlog
from msgspec import Struct, msgpack
from redis.asyncio import Redis

from bot.home import Home, Running
from chat.messages import (
    Attachment,
    AttachmentPart,
    AttachmentState,
    Message,
    Speaker,
    StoredPicture,
    TextPart,
)
from chat.turns import (
    BrokerEvent,
    OutboundAdded,
    TurnCancelled,
    TurnDelta,
    TurnEnded,
    TurnHint,
    TurnResult,
    TurnsLeft,
    TurnStarted,
    TurnState,
    WorkerInfo,
)
from storage.broker import Broker
from storage.broker.deltas import stream_name
from storage.sessions import HotSession, SessionStore
from tests.waiting import eventually

RELEASES: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "wire.json").read_text("utf-8")
)
PICTURE = StoredPicture("ab" * 32, "image/webp", 64, 48, 1000)
SAID = Message(
    1, 5, 3, Speaker.PERSON, (TextPart("Hi"), AttachmentPart(2)), created_at=12.5, platform_id="77"
)
SESSION = HotSession(
    7, (SAID,), (Attachment(2, 5, AttachmentState.READY, "file", "a.png", PICTURE),)
)
EVENTS: dict[str, BrokerEvent] = {
    "TurnStarted": TurnStarted(12, 3),
    "TurnEnded": TurnEnded(12),
    "TurnCancelled": TurnCancelled(12),
    "TurnsLeft": TurnsLeft("worker-1"),
    "OutboundAdded": OutboundAdded(5),
}
DELTA = TurnDelta(12, 3, 0, "word ")
RESULT = TurnResult(
    12,
    3,
    TurnState.ANSWERED,
    "word end",
    finish_reason="stop",
    prompt_tokens=50,
    cached_tokens=20,
    generated_tokens=2,
)
WORKER = WorkerInfo("worker-1", "fledgling", "float32", 8192, 5, demonstration=True, remembers=True)
VALUES: dict[str, Struct] = {
    **EVENTS,
    "TurnDelta": DELTA,
    "TurnResult": RESULT,
    "WorkerInfo": WORKER,
    "HotSession": SESSION,
}
ADDED = {"of_a_later_release": {"nested": [1, "two", None]}, "another": 3.5}


def recorded(release: str, name: str) -> bytes:
    return bytes.fromhex(RELEASES[release][name])


def later(value: bytes) -> bytes:
    """The same as a later release would write it, with more in it at every level."""
    return msgpack.encode(_with_more(msgpack.decode(value)))


def _with_more(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_more(each) for name, each in value.items()} | ADDED
    return [_with_more(each) for each in value] if isinstance(value, list) else value


def _within(older: Any, newer: Any) -> bool:
    """Whether everything that was said is still said, in the same words."""
    if isinstance(older, dict) and isinstance(newer, dict):
        return all(name in newer and _within(older[name], newer[name]) for name in older)
    if isinstance(older, list) and isinstance(newer, list):
        pairs = zip(older, newer, strict=False)
        return len(older) == len(newer) and all(_within(*pair) for pair in pairs)
    return type(older) is type(newer) and older == newer


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("name", VALUES)
def test_an_older_reader_finds_everything_that_it_knows(release: str, name: str) -> None:
    older = msgpack.decode(recorded(release, name))
    assert _within(older, msgpack.decode(msgpack.encode(VALUES[name])))


def test_every_kind_of_value_is_on_record() -> None:
    newest = list(RELEASES.values())[-1]
    assert newest.keys() == VALUES.keys()


@pytest.fixture(params=[*RELEASES, "later"])
def written(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Values by name as another release writes them."""
    if request.param == "later":
        newest = list(RELEASES)[-1]
        return {name: later(recorded(newest, name)) for name in VALUES}
    return {name: recorded(request.param, name) for name in VALUES}


async def test_deltas_and_results_are_read(broker: Broker, written: dict[str, bytes]) -> None:
    redis: Redis = broker.connection.commands
    unknown = msgpack.encode({"type": "thought", "turn_id": 12, "attempt": 3})
    for value in (written["TurnDelta"], unknown, written["TurnResult"]):
        await redis.xadd(stream_name(12, 3), {"v": value, "version": "2"})
    async with broker.follower() as follower:
        assert [each async for each in follower.follow(12, 3)] == [DELTA, RESULT]


async def test_events_are_read_and_unknown_ones_dropped_with_a_line(
    broker: Broker, written: dict[str, bytes]
) -> None:
    unknown = msgpack.encode({"type": "a-kind-of-a-later-release", "turn_id": 1})
    known = [written[name] for name in EVENTS]
    batch = b"\x95" + known[0] + unknown + known[1] + known[2] + known[3]
    with structlog.testing.capture_logs() as lines:
        async with broker.events() as events:
            channel = f"whimbrel:events:{broker.connection.database}"
            await broker.connection.commands.publish(channel, batch)
            await broker.connection.commands.publish(channel, b"\x91" + known[4])
            assert [await anext(events) for _ in EVENTS] == list(EVENTS.values())
    assert [line["event"] for line in lines] == ["an event of another version was dropped"]


async def test_workers_are_seen(broker: Broker, written: dict[str, bytes]) -> None:
    redis: Any = broker.connection.commands
    await redis.set("whimbrel:worker:worker-1", written["WorkerInfo"])
    await redis.sadd("whimbrel:workers", "worker-1")
    assert await broker.workers() == [WORKER]


async def test_sessions_are_read(broker: Broker, written: dict[str, bytes]) -> None:
    await broker.connection.commands.set("whimbrel:session:5", written["HotSession"])
    assert await SessionStore(broker).get_or_none(5, 7) == SESSION


async def test_a_session_with_parts_of_a_later_release_is_left_to_sql(broker: Broker) -> None:
    value = msgpack.decode(recorded(list(RELEASES)[-1], "HotSession"))
    value["history"][0]["parts"].append({"type": "voice", "seconds": 3})
    await broker.connection.commands.set("whimbrel:session:5", msgpack.encode(value))
    assert await SessionStore(broker).get_or_none(5, 7) is None


async def test_hints_are_taken_whatever_else_they_say(broker: Broker) -> None:
    redis: Redis = broker.connection.commands
    await redis.xadd("whimbrel:hints", {"c": "5", "priority": "high"})
    await redis.xadd("whimbrel:hints", {"of": "a later release"})

    async def taken() -> list[TurnHint]:
        return await broker.hints("worker-1", count=9, block=1)

    assert await eventually(taken) == [TurnHint(5)]
    assert await redis.xlen("whimbrel:hints") == 0


def test_a_later_release_in_the_same_home_is_found(tmp_path: Path) -> None:
    home = Home(tmp_path)
    told = Running(1, "sqlite:///x", "redis://y", "", "http://127.0.0.1:1")
    with home.lock(), home.announced(told):
        path = tmp_path / "up.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | ADDED))
        assert home.running() == told
