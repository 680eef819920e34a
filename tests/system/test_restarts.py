"""Processes that die and come back: every message is answered once, in order, with its history."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import psutil
import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.fakes.telegram import Person
from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, Up, ends, stand
from tests.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

PICTURE = encoded(drawing(size=(320, 240)), "PNG")
WHOLE = " ".join(f"word{number}" for number in range(1, 41)) + " the end."
SLOWLY = 12  # words a second: an answer at length takes some three seconds


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[tuple[Stand, Up]]:
    """A system that these tests may hurt."""
    async with stand(ACCESS="open") as around, around.up() as up:
        yield around, up


@pytest.mark.parametrize("part", ["bot", "worker", "valkey-server"])
async def test_one_that_is_killed_in_mid_answer_loses_and_doubles_nothing(
    running: tuple[Stand, Up], part: str
) -> None:
    around, up = running
    await up.until_ready()
    anna, ben = around.telegram.person("Anna"), around.telegram.person("Ben")
    async with around.slowly(SLOWLY):
        anna.says("first at length")
        ben.sends_photo(PICTURE, "mine at length")
        await anna.chat.shows("word1 ")
        await ben.chat.shows("word1 ")
        anna.says("second")
    await up.kills(part)
    anna.says("third")
    await ends(anna.chat, "third", seconds=45)
    await ends(ben.chat, "the end.", seconds=45)
    await answered_once(anna, "first at length", "second", "third")
    await answered_once(ben, "mine at length")
    assert all(text.text.count(WHOLE) == 1 for text in (anna.chat.from_bot[0], *ben.chat.from_bot))


async def answered_once(person: Person, *questions: str) -> None:
    """The chat holds the answers to these in their order, and nothing else.

    Questions that waited together may have been answered in one."""
    said = "\n".join(message.text for message in person.chat.from_bot)
    places = [said.index(f"I heard: {questions[0]}")]
    assert said.count("I heard: ") <= len(questions), person.chat.transcript()
    for question in questions[1:]:
        places.append(said.index(question, places[-1] + 1))
    assert len(person.chat.from_bot) <= len(questions), person.chat.transcript()
    assert all("Stop" not in message.buttons for message in person.chat.from_bot)


async def test_an_emptied_redis_costs_no_more_than_fifteen_seconds(
    running: tuple[Stand, Up],
) -> None:
    around, up = running
    await up.until_ready()
    told = around.home.running()
    assert told is not None
    anna, ben = around.telegram.person("Anna"), around.telegram.person("Ben")
    worker = up.part("worker")
    worker.suspend()  # so that Anna's hint lies in Redis when that is emptied
    try:
        ben.says("This hint has reached the worker")
        await accepted(around)
        anna.says("Hello")
        await accepted(around)
        async with Redis.from_url(told.redis_url) as redis:
            await redis.flushall()
    finally:
        worker.resume()
    await ends(anna.chat, "I heard: Hello.", seconds=15)
    await answered_once(anna, "Hello")


async def accepted(around: Stand) -> None:
    """Wait until all that was said is recorded and hinted: the bot asks for what comes next."""

    async def nothing_waits() -> bool:
        return not around.telegram.world.inbox.pending

    await eventually(nothing_waits)


async def test_a_stop_drains_and_a_new_start_remembers() -> None:
    async with stand(ACCESS="open") as around:
        anna = around.telegram.person("Anna")
        async with around.up() as up:
            anna.sends_photo(PICTURE, "Keep this")
            await ends(anna.chat, "I heard: Keep this.")
            async with around.slowly(SLOWLY):
                anna.says("Tell me at length")
                await anna.chat.shows("word1 ")
                parts = up.parts()
                assert await up.running.stop(signal.SIGTERM) == 0, up.log
            assert WHOLE in anna.chat.from_bot[-1].text  # what was begun was brought to its end
            assert anna.chat.from_bot[-1].buttons == []
            await all_gone(parts)
            assert "Traceback" not in up.log
        anna.says("While you were away")
        async with around.up():
            answer = await ends(anna.chat, "I heard: While you were away.", seconds=30)
            assert "I remember: Keep this, Tell me at length." in answer.text
            assert "I saw: red-blue 320x240." in answer.text
            assert len(anna.chat.from_bot) == 3


async def test_a_killed_up_is_started_again_at_once() -> None:
    async with stand(ACCESS="open") as around:
        anna = around.telegram.person("Anna")
        async with around.up() as up, around.slowly(SLOWLY):
            anna.says("first at length")
            await anna.chat.shows("word1 ")
            anna.says("second")
            parts = up.parts()
            up.running.process.kill()
            await up.running.process.wait()
        async with around.up() as again:
            await all_gone(parts)
            await ends(anna.chat, "second", seconds=45)
            await answered_once(anna, "first at length", "second")
            assert anna.chat.from_bot[0].text.count(WHOLE) == 1
            assert "Traceback" not in again.log


async def all_gone(parts: list[psutil.Process]) -> None:
    """Wait until none of these processes runs."""

    async def none_runs() -> bool:
        _gone, alive = await asyncio.to_thread(psutil.wait_procs, parts, timeout=0)
        return not [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]

    await eventually(none_runs, seconds=30)
