"""What is said to everybody, as it arrives: each once, over restarts, below its rate, after the
answers, with its progress in the author's chat."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

from bot.delivery import Broadcaster
from chat.people import Role
from storage.repositories import Audience, BroadcastState
from tests.bot.delivery.stage import BotProcess, Stage
from tests.fakes.telegram import Person
from tests.waiting import eventually

RATE = 12.0


async def crowd(stage: Stage, size: int) -> list[Person]:
    people = [stage.telegram.person(f"Person {number}") for number in range(size)]
    for person in people:
        person.says("/help")
    for person in people:
        await person.chat.shows("/stop")
    return people


async def author(stage: Stage, person: Person, role: Role = Role.ADMIN) -> Person:
    person.says("/help")
    await person.chat.shows("/stop")
    async with stage.database.write() as tx:
        user = await tx.users.by_identity("telegram", str(person.id))
        assert user is not None
        await tx.users.set_role(user.id, role)
    return person


@asynccontextmanager
async def broadcasting(stage: Stage, process: BotProcess) -> AsyncIterator[None]:
    channel = process.channel
    broadcaster = Broadcaster(
        process.paced,
        audience=Audience([(channel.name, channel.account)]),
        database=stage.database,
        broker=stage.broker,
        texts=process.texts,
        owner=process.name,
        rate=RATE,
        every=0.2,
    )
    task = asyncio.create_task(broadcaster.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def lapse(stage: Stage) -> None:
    """The minute passes for which rows are a dead bot's."""
    file = stage.folder.parent / "whimbrel.sqlite3"
    with closing(sqlite3.connect(file, timeout=10)) as database, database:
        database.execute("UPDATE outbound SET lease_until = 0")


def heard(person: Person) -> int:
    return [shown.text for shown in person.chat.from_bot].count("We move tonight.")


async def ended(stage: Stage) -> BroadcastState | None:
    async with stage.database.read() as tx:
        latest = await tx.broadcasts.latest()
    return latest.state if latest and latest.state is not BroadcastState.RUNNING else None


async def test_everybody_has_it_once_though_the_bot_dies_and_the_author_sees_how_far(
    stage: Stage, anna: Person
) -> None:
    stage.broadcast_rate = RATE
    async with stage.bot() as bot:
        people = await crowd(stage, 30)
        people[7].chat.refusal = "bot was blocked by the user"
        await author(stage, anna)
        anna.says("/admin broadcast We move tonight.")
        asked = await anna.chat.shows("31 people")
        assert heard(anna) == 1, "as it will be seen"
        anna.presses(asked, "Send")
        progress = await anna.chat.shows("On its way: 0 of 31")
        async with broadcasting(stage, bot):
            await people[5].chat.shows("We move tonight.")
        await bot.dies()
    lapse(stage)
    assert sum(map(heard, people)) < 29, "it was not over"
    async with stage.bot("bot-2") as bot, broadcasting(stage, bot):
        assert await eventually(lambda: ended(stage), seconds=60) is BroadcastState.ENDED
        await anna.chat.shows("Everybody had their turn", within=20)
        await anna.chat.until(lambda _: "Everybody" in progress.text, within=20)
    counts = [heard(person) for person in people]
    doubtful = sum("perhaps" in shown.text for shown in anna.chat.from_bot)
    assert max(counts) == 1
    assert counts[7] == 0
    assert sum(counts) >= 29 - doubtful
    assert progress.buttons == []
    assert "1 could not be reached" in progress.text
    calls = sorted(
        call.at
        for call in stage.telegram.world.calls_of("sendMessage")
        if call.parameters["text"] == "We move tonight."
    )
    assert calls[-1] - calls[0] > 0.6 * (len(calls) - 1) / RATE, "below the rate"


async def test_an_answer_does_not_wait_behind_it_and_stopping_stops_it(
    stage: Stage, anna: Person
) -> None:
    stage.broadcast_rate = 0.2  # one in five seconds
    async with stage.bot() as bot, broadcasting(stage, bot):
        people = await crowd(stage, 20)
        await author(stage, anna)
        anna.says("/admin broadcast We move tonight.")
        anna.presses(await anna.chat.shows("21 people"), "Send")
        progress = await anna.chat.shows("On its way: 0 of 21")
        people[19].says("Are you there?")
        answering = await stage.claims()
        await answering.ends("I am here.")
        await people[19].chat.shows("I am here.")
        assert heard(people[19]) == 0, "it would be the last one"
        anna.presses(progress, "Stop")
        await anna.chat.shows("Stopped: ")
        so_far = sum(map(heard, people))
        assert so_far < 20
        people[0].says("Still there?")
        await (await stage.claims()).ends("Still here.")
        await people[0].chat.shows("Still here.")
        assert sum(map(heard, people)) <= so_far + 1, "one call may have been under way"
