"""That people are told that a program answers, which, and where their words go."""

from __future__ import annotations

from chat.turns import WorkerInfo
from handlers.settings import AnswerSettings
from tests.handlers.world import World

DAY = 24 * 3600.0
LOCAL = WorkerInfo("w1", "tiny-llama", "f32", 512, 2, llama=True)
CLOUD = WorkerInfo("w1", "big-model", "bf16", 512, 2, local=False, place="Example Cloud")


async def answers_here(world: World, worker: WorkerInfo) -> None:
    """A worker announces itself, and the bot has heard of it."""
    world.answers = AnswerSettings(disclose_after=30)
    world.rewire()
    await world.broker.announce(worker)
    await world.assistant.sweep.measure()


async def test_it_is_said_once_however_many_messages_come_together(any_world: World) -> None:
    await answers_here(any_world, LOCAL)
    ada = any_world.person("1")
    await any_world.assistant.accept([ada.message("Hello"), ada.message("there")])
    await ada.says("again")
    assert await ada.keys() == ["disclosure"]
    words = await ada.last_words()
    assert "an AI, not a person, with the model tiny-llama (Built with Llama)" in words
    assert "my operator’s own machine" in words


async def test_it_stands_before_the_answer_and_after_start_is_not_repeated(world: World) -> None:
    await answers_here(world, CLOUD)
    ada = world.person("1")
    await ada.says("/start")
    await ada.says("Hello")
    assert await ada.keys() == ["welcome", "disclosure"]
    words = await ada.last_words()
    assert "goes to Example Cloud" in words
    assert "Llama" not in words
    assert (await ada.conversation()).told_places == ("Example Cloud",)


async def test_it_is_said_again_after_a_long_silence_only(any_world: World) -> None:
    await answers_here(any_world, LOCAL)
    ada = any_world.person("1")
    for _ in range(5):
        any_world.clock.now += 20 * DAY
        await ada.says("Hello")
    assert await ada.keys() == ["disclosure"]
    any_world.clock.now += 31 * DAY
    await ada.says("Hello after a while")
    await ada.says("Hello again")
    assert await ada.keys() == ["disclosure", "disclosure"]


async def test_another_thread_of_the_same_chat_needs_no_second_one(world: World) -> None:
    await answers_here(world, LOCAL)
    await world.person("1").says("Hello")
    topic = world.person("1", thread="7")
    await topic.says("Hello")
    assert await topic.keys() == []
    other = world.person("2")
    await other.says("Hello")
    assert await other.keys() == ["disclosure"]


async def test_an_operator_may_do_without(world: World) -> None:
    await answers_here(world, LOCAL)
    world.answers = AnswerSettings(disclose=False)
    world.rewire()
    ada = world.person("1")
    await ada.says("Hello")
    assert await ada.keys() == []


async def test_a_place_that_is_left_is_told_anew_when_words_go_there_again(world: World) -> None:
    await answers_here(world, CLOUD)
    ada = world.person("1")
    await ada.says("Hello")
    assert (await ada.conversation()).told_places == ("Example Cloud",)
    await world.broker.announce(LOCAL)
    await ada.says("And now?")
    assert (await ada.conversation()).told_places == ("Example Cloud",)  # not heard of yet
    await world.assistant.sweep.measure()
    await ada.says("And now?")
    assert (await ada.conversation()).told_places == ()
