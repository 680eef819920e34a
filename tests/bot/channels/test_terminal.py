"""The terminal beside workers that are quicker than it, and interrupted at any time."""

from __future__ import annotations

import asyncio
import os
import signal
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from bot.channels.terminal import Terminal
from chat.inbound import InboundMessage
from chat.ports import Intake
from chat.turns import TurnDelta, TurnResult, TurnState
from handlers.following import TurnFeed
from storage.broker import Broker
from storage.migrate import upgrade
from tests.handlers.conftest import made
from tests.handlers.world import World
from tests.naughty.strings import STRINGS
from tests.waiting import eventually


class Meanwhile(Intake):
    """The real intake; something happens before it records a message, or just after that."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.before: Callable[[], object] = lambda: None
        self.after: Callable[[], Awaitable[object]] = partial(asyncio.sleep, 0)

    async def accept(self, batch: Sequence[InboundMessage]) -> None:
        self.before()
        await self._world.assistant.accept(batch)
        await self.after()


class Keyboard:
    """A terminal in one conversation, and what it has printed."""

    def __init__(self, world: World, feed: TurnFeed) -> None:
        self.world = world
        self.meanwhile = Meanwhile(world)
        self.printed = ""
        self._terminal = Terminal(
            intake=self.meanwhile,
            pictures=world.pictures,
            database=world.database,
            broker=world.broker,
            feed=feed,
            texts=world.texts,
            language="en",
            write=self._write,
        )

    async def says(self, text: str) -> int:
        """Say it, to the exit status."""
        return await self._terminal.say(text, [], "talk")

    def _write(self, text: str) -> None:
        self.printed += text


@pytest.fixture
async def keyboard(tmp_path: Path, broker: Broker) -> AsyncIterator[Keyboard]:
    url = f"sqlite:///{tmp_path / 'whimbrel.sqlite3'}"
    await asyncio.to_thread(upgrade, url)
    async with (
        made(url, tmp_path, broker) as world,
        TurnFeed(database=world.database, broker=broker) as feed,
    ):
        yield Keyboard(world, feed)


async def fails(world: World) -> None:
    """A worker takes the turn and ends it without an answer."""
    [turn] = await world.claim()
    result = TurnResult(turn.id, turn.attempt, TurnState.FAILED, reason="failed-engine")
    async with world.database.write() as tx:
        assert await tx.turns.finish(result)


async def begins(world: World) -> None:
    """A worker takes the turn and writes the first words of an answer."""
    [turn] = await world.claim()
    await world.broker.write(TurnDelta(turn.id, turn.attempt, 0, "The first words"))


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def test_an_answer_that_was_there_at_once_is_printed(keyboard: Keyboard) -> None:
    keyboard.meanwhile.after = keyboard.world.answer
    assert await keyboard.says("Hello") == 0
    assert keyboard.printed == "An answer.\n"


async def test_a_failure_that_was_there_at_once_is_told(
    keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard.meanwhile.after = partial(fails, keyboard.world)
    assert await keyboard.says("Hello") == 1
    assert keyboard.printed == ""
    assert "the model failed on this question" in capsys.readouterr().err


async def test_during_maintenance_it_says_why_it_waits_and_answers_afterwards(
    keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    world, said = keyboard.world, ""
    async with world.database.write() as tx:
        await tx.operations.begin_maintenance("Back soon.", by=1)
    saying = asyncio.create_task(keyboard.says("Hello"))

    async def told() -> bool:
        nonlocal said
        said += capsys.readouterr().err
        return "worked on at the moment. Back soon. I have kept your question" in said

    await eventually(told)
    async with world.database.write() as tx:
        await tx.operations.end_maintenance()
    await world.answer()
    assert await saying == 0
    assert keyboard.printed == "An answer.\n"


async def test_a_retry_that_was_answered_at_once_is_printed(keyboard: Keyboard) -> None:
    keyboard.meanwhile.after = partial(fails, keyboard.world)
    assert await keyboard.says("Hello") == 1
    keyboard.meanwhile.after = keyboard.world.answer
    assert await keyboard.says("/retry") == 0
    assert keyboard.printed == "An answer.\n"


async def test_a_command_shows_no_answer_of_before(keyboard: Keyboard) -> None:
    keyboard.meanwhile.after = keyboard.world.answer
    await keyboard.says("Hello")
    assert await keyboard.says("/new") == 0
    assert keyboard.printed == "An answer.\n"


async def test_ctrl_c_while_the_message_is_recorded_cancels(
    keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    keyboard.meanwhile.before = press_ctrl_c
    assert await keyboard.says("Hello") == 1
    assert keyboard.printed == ""
    assert "Stopped." in capsys.readouterr().err
    assert await keyboard.world.claim() == []


async def test_what_was_printed_stands_though_the_worker_died_before_it_stopped(
    keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    world = keyboard.world
    keyboard.meanwhile.after = partial(begins, world)

    async def printed() -> bool:
        return keyboard.printed == "The first words"

    async def cancelled() -> bool:
        async with world.database.read() as tx:
            return bool(await tx.turns.cancelled([1]))

    saying = asyncio.create_task(keyboard.says("Hello"))
    await eventually(printed)
    press_ctrl_c()
    await eventually(cancelled)
    world.clock.advance(60)
    async with world.database.write() as tx:
        await tx.turns.expire()
    assert await saying == 1
    assert keyboard.printed == "The first words\n"
    told = capsys.readouterr().err
    assert "Stopped." in told
    assert "begin this answer again" not in told


async def test_an_answer_does_not_steer_the_terminal(keyboard: Keyboard) -> None:
    """No title, link, clipboard, cursor or colour of the model's; its words are printed."""
    for text in ("\n".join(STRINGS[:500]), "\n".join(STRINGS[500:])):
        keyboard.meanwhile.after = partial(keyboard.world.answer, text)
        keyboard.printed = ""
        assert await keyboard.says("Hello") == 0
        steering = {sign for sign in keyboard.printed if unicodedata.category(sign) == "Cc"}
        assert steering <= {"\n", "\t"}
        keyboard.printed.encode()  # raises where half a pair is left
    for words in ("]52;c;", "]8;;https://outside.example", "[2J", "overwritten"):
        assert words in keyboard.printed
