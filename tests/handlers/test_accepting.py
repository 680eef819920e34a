"""Messages become rows and turns: once each, whatever else is in the batch."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from chat.inbound import InboundAttachment
from chat.turns import TurnState
from storage.broker import Broker
from storage.errors import StorageError
from tests.handlers.world import World


async def test_a_question_is_recorded_and_queued_and_hinted(world: World) -> None:
    ada = world.person("1")
    await ada.says("What is a whimbrel?")
    [turn] = await ada.turns()
    assert turn.state is TurnState.QUEUED
    assert await ada.questions() == ["What is a whimbrel?"]
    [hint] = await world.broker.hints("worker", count=10, block=5)
    assert hint.conversation_id == turn.conversation_id
    assert (await ada.conversation()).title == "What is a whimbrel?"


async def test_the_same_update_five_times_at_once_is_one_row_and_one_turn(
    any_world: World,
) -> None:
    ada = any_world.person("1")
    message = ada.message("Hello")
    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(any_world.assistant.accept([message, message]))
    assert [message.text for message in await ada.messages()] == ["Hello"]
    assert len(await ada.turns()) == 1


async def test_an_album_that_comes_in_ten_pieces_at_once_is_one_turn(any_world: World) -> None:
    ada = any_world.person("1")
    pieces = [
        ada.message(
            f"piece {number}",
            attachments=(InboundAttachment(source=f"photo{number}"),),
            group_id="album",
        )
        for number in range(10)
    ]
    async with asyncio.TaskGroup() as tasks:
        for piece in pieces:
            tasks.create_task(any_world.assistant.accept([piece]))
    assert len(await ada.turns()) == 1
    assert sorted(await ada.questions()) == sorted(piece.text for piece in pieces)


async def test_batches_that_cross_each_other_are_all_recorded(any_world: World) -> None:
    people = [any_world.person(str(number)) for number in range(4)]
    async with asyncio.TaskGroup() as tasks:
        for turned in range(12):
            batch = [person.message(f"Hello {turned}") for person in people]
            batch = batch[turned % 4 :] + batch[: turned % 4]
            tasks.create_task(any_world.assistant.accept(batch))
    for person in people:
        assert len(await person.questions()) == 12


async def test_text_joins_the_question_that_nobody_has_begun_to_answer(world: World) -> None:
    ada = world.person("1")
    await ada.says("What is this bird")
    await ada.says("that calls seven times?")
    assert len(await ada.turns()) == 1
    assert await ada.questions() == ["What is this bird", "that calls seven times?"]
    await world.claim()
    await ada.says("And the next one?")
    assert [turn.state for turn in await ada.turns()] == [TurnState.RUNNING, TurnState.QUEUED]


async def test_who_delivers_is_only_set_where_nobody_pulls(world: World) -> None:
    await world.person("1").says("Hello")
    await world.person("2", channel="web").says("Hello")
    async with world.database.write() as tx:
        shown = await tx.turns.to_show(
            owner="bot-1",
            lease_seconds=10,
            channels=[("telegram", "bot"), ("web", "bot")],
            limit=10,
        )
    assert [turn.key.channel for turn in shown] == ["telegram"]


async def test_one_message_that_cannot_be_handled_does_not_block_its_batch(world: World) -> None:
    def no_address() -> str:
        raise RuntimeError("no address")

    ada, bob = world.person("1"), world.person("2")
    await ada.says("/start")
    await world.promote(await ada.user())
    world.public_url = no_address
    world.rewire()
    poison = ada.message("/invite")
    await world.assistant.accept([poison, bob.message("Hello")])
    assert await bob.questions() == ["Hello"]
    assert await ada.keys() == ["welcome", "sorry-failed"]
    await world.assistant.accept([poison])
    assert await ada.keys() == ["welcome", "sorry-failed"], "it was recorded as seen"


async def test_what_cannot_be_stored_is_not_confirmed_and_comes_again(world: World) -> None:
    ada = world.person("1")
    message = ada.message("Hello")
    with sqlite3.connect(world.folder / "whimbrel.sqlite3") as other:
        other.execute("ALTER TABLE turns RENAME TO elsewhere")
    with pytest.raises(StorageError):
        await world.assistant.accept([message])
    with sqlite3.connect(world.folder / "whimbrel.sqlite3") as other:
        other.execute("ALTER TABLE elsewhere RENAME TO turns")
    await world.assistant.accept([message])
    assert await ada.questions() == ["Hello"]
    assert await ada.keys() == []


async def test_a_broker_that_is_away_loses_nothing(world: World) -> None:
    ada, real = world.person("1"), world.broker
    async with Broker.from_url("unix:///nowhere/valkey.sock") as world.broker:
        world.rewire()
        await ada.says("Hello")
    world.broker = real
    world.rewire()
    assert await ada.questions() == ["Hello"]
    assert await world.assistant.sweep.hint_unfinished() == 1
    assert await world.broker.hints("worker", count=10, block=5)


async def test_a_message_that_a_database_cannot_hold_does_not_block_its_batch(
    any_world: World,
) -> None:
    ada, bob = any_world.person("1", name="A\x00da"), any_world.person("2")
    strange = ada.message(
        "Hello",
        platform_id="m\x001",
        attachments=(InboundAttachment(source="a\x00b", name="c\x00d"),),
    )
    await any_world.assistant.accept([strange, bob.message("Hello")])
    assert await bob.questions() == ["Hello"]


async def test_a_conversation_of_somebody_else_is_refused(world: World) -> None:
    ada = world.person("1")
    await ada.says("Mine")
    eve = world.person("2", chat="1")
    await eve.says("Let me in")
    assert [message.text for message in await ada.messages()] == ["Mine"]
    assert await ada.keys() == []
