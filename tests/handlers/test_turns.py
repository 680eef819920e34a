"""Pieces become one turn, the line has an end, and edits, stops and retries do what they say."""

from __future__ import annotations

from chat.inbound import InboundAttachment
from chat.turns import TurnCancelled, TurnEnded, TurnState
from storage.broker import Broker
from tests.handlers.world import World


async def test_a_long_paste_is_one_turn_after_a_second_of_silence(world: World) -> None:
    ada = world.person("1")
    await ada.says("first " * 600, may_continue=True)
    await ada.says("second " * 500, may_continue=True)
    await ada.says("and the end")
    assert [turn.state for turn in await ada.turns()] == [TurnState.COLLECTING]
    assert await world.assistant.sweep.promote() == 0
    world.clock.advance(1.1)
    assert await world.assistant.sweep.promote() == 1
    assert len(await ada.questions()) == 3
    assert await world.broker.hints("worker", count=10, block=5)


async def test_each_piece_is_waited_for_anew(world: World) -> None:
    ada = world.person("1")
    await ada.says("a", may_continue=True)
    world.clock.advance(0.8)
    await ada.says("b", may_continue=True)
    world.clock.advance(0.8)
    assert await world.assistant.sweep.promote() == 0
    world.clock.advance(0.3)
    assert await world.assistant.sweep.promote() == 1


async def test_the_line_has_an_end_and_the_person_is_told(world: World) -> None:
    world.max_waiting = 3
    world.rewire()
    for number in range(3):
        await world.person(str(number)).says("Hello")
    late = world.person("99")
    await late.says("Hello?")
    assert "So many people are waiting" in await late.last_words()
    assert await late.turns() == []
    assert [message.text for message in await late.messages()] == ["Hello?"], "it is recorded"
    early = world.person("0")
    await early.says("and this")
    assert await early.questions() == ["Hello", "and this"], "what has a place keeps it"


async def test_an_edit_replaces_a_question_that_waits(world: World) -> None:
    ada = world.person("1")
    question = await ada.says("Waht?")
    await ada.edits(question, "What?")
    assert await ada.questions() == ["What?"]
    assert len(await ada.turns()) == 1


async def test_an_edit_restarts_a_running_question(world: World) -> None:
    ada = world.person("1")
    question = await ada.says("Waht?")
    [claimed] = await world.claim()
    async with world.broker.events() as events:
        await ada.edits(question, "What?")
        heard = [await anext(events), await anext(events)]
    assert heard == [TurnCancelled(claimed.id), TurnEnded(claimed.id)]
    [again] = await world.claim()
    assert (again.id, again.attempt > claimed.attempt) == (claimed.id, True)
    assert await ada.questions() == ["What?"]


async def test_an_edit_of_the_latest_question_answers_it_again(world: World) -> None:
    ada = world.person("1")
    question = await ada.says("Waht?")
    await world.answer("Pardon?")
    await ada.edits(question, "What?")
    await world.answer("This!")
    assert [message.text for message in await ada.messages()] == ["What?", "This!"]


async def test_an_edit_of_an_older_question_is_left_alone(world: World) -> None:
    ada = world.person("1")
    question = await ada.says("First")
    await world.answer("One")
    await ada.says("Second")
    await world.answer("Two")
    await ada.edits(question, "Changed")
    assert await ada.turns() == []
    assert [message.text for message in await ada.messages()] == ["First", "One", "Second", "Two"]


async def test_an_edit_that_changes_nothing_does_nothing(world: World) -> None:
    ada = world.person("1")
    question = await ada.says("See https://example.org")
    await world.answer()
    await ada.edits(question, "See https://example.org")
    assert await ada.turns() == []


async def test_an_edit_of_what_was_never_seen_does_nothing(world: World) -> None:
    ada = world.person("1")
    await ada.edits(ada.message("Hello"), "Hello!")
    assert await ada.turns() == []
    assert await ada.messages() == []


async def test_an_edited_caption_keeps_its_picture(world: World) -> None:
    ada = world.person("1")
    picture = await ada.sends_picture("photo", "Waht is this?")
    await ada.edits(picture, "What is this?", attachments=(InboundAttachment(source="photo"),))
    [message] = await ada.messages()
    assert len(message.parts) == 2
    assert message.text == "What is this?"


async def test_stop_ends_what_waits_and_asks_a_worker_to_stop(world: World) -> None:
    ada = world.person("1")
    await ada.says("Tell me everything")
    [running] = await world.claim()
    await ada.says("And the rest")
    async with world.broker.events() as events:
        await ada.says("/stop")
        heard = [await anext(events), await anext(events)]
    waiting = (await ada.latest()).id
    assert heard == [TurnCancelled(running.id), TurnEnded(waiting)]
    assert (await ada.latest()).state is TurnState.CANCELLED
    assert world.counted(TurnState.CANCELLED) == 1, "the worker counts the one it stops"
    async with world.database.read() as tx:
        assert await tx.turns.cancelled([running.id]) == {running.id}


async def test_stop_with_nothing_to_stop_says_so(world: World) -> None:
    ada = world.person("1")
    await ada.says("/stop")
    assert await ada.last_words() == "I am not writing anything right now."


async def test_retry_answers_the_last_question_again(world: World) -> None:
    ada = world.person("1")
    await ada.says("/retry")
    assert await ada.keys() == ["nothing-to-retry"]
    await ada.says("Question")
    await ada.says("/retry")
    assert (await ada.keys())[1:] == ["still-answering"]
    await world.answer("One")
    await ada.says("/retry")
    await world.answer("Two")
    assert [message.text for message in await ada.messages()] == ["Question", "Two"]


async def test_new_leaves_out_what_was_said_before(world: World) -> None:
    ada = world.person("1")
    await ada.says("My name is Ada")
    await world.answer()
    await ada.says("/new")
    await ada.says("What is my name?")
    conversation = await ada.conversation()
    async with world.database.read() as tx:
        history = await tx.messages.history(conversation.id)
    assert [message.text for message in history] == ["What is my name?"]
    assert await ada.keys() == ["new-begun"]


async def test_a_turn_that_kills_its_workers_is_set_aside(world: World) -> None:
    ada = world.person("1")
    await ada.says("Poison")
    for _ in range(3):
        async with world.database.write() as tx:
            assert await tx.turns.claim("worker", limit=1, idle=True)
        world.clock.advance(60)
        assert await world.assistant.sweep.expire_leases() == 1
    turn = await ada.latest()
    assert (turn.state, turn.reason) == (TurnState.FAILED, "failed-set-aside")
    assert world.counted(TurnState.FAILED) == 1


async def test_an_emptied_broker_is_filled_again_from_sql(world: World, valkey_url: str) -> None:
    await world.person("1").says("Hello")
    await world.person("2").says("Hello")
    async with Broker.from_url(valkey_url) as broker:
        await broker.hints("worker", count=10, block=5)
    assert await world.assistant.sweep.hint_unfinished() == 2
    assert len(await world.broker.hints("worker", count=10, block=5)) == 2


async def test_the_queue_is_measured(world: World) -> None:
    await world.person("1").says("Hello")
    world.clock.advance(30)
    await world.assistant.sweep.measure()
    assert world.registry.get_sample_value("whimbrel_queue_depth") == 1
    age = world.registry.get_sample_value("whimbrel_queue_age_seconds")
    assert age is not None
    assert 29 < age < 40


async def test_old_updates_are_forgotten(world: World) -> None:
    await world.person("1").says("Hello")
    assert await world.assistant.sweep.forget_old_updates() == 0
    world.clock.advance(8 * 24 * 3600)
    assert await world.assistant.sweep.forget_old_updates() == 1
