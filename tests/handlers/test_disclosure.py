"""People know that an AI answers: when they begin, and again after a long silence."""

from __future__ import annotations

import asyncio

import pytest

from chat.persona import Persona
from tests.handlers.world import Person, World

DAY = 24 * 3600.0


@pytest.fixture
def ada(any_world: World) -> Person:
    """Somebody who has never written."""
    any_world.persona = Persona(disclose_after_days=30)
    any_world.rewire()
    return any_world.person("1")


async def test_whoever_begins_is_told_once(ada: Person) -> None:
    await ada.says("Hello")
    await ada.says("And you?")
    assert await ada.keys() == ["disclosure"]
    said = await ada.last_words()
    assert "an AI assistant: a program answers here, not a person" in said
    assert "Llama" not in said
    assert await ada.questions() == ["Hello", "And you?"], "and is answered all the same"


async def test_what_comes_together_is_told_once(any_world: World, ada: Person) -> None:
    await asyncio.gather(*(ada.says(text) for text in ("one", "two", "three")))
    assert await ada.keys() == ["disclosure"]


async def test_after_a_long_silence_it_is_said_again(any_world: World, ada: Person) -> None:
    await ada.says("Hello")
    for days, times in ((29, 1), (31, 2), (1, 2)):
        any_world.clock.now += days * DAY
        await ada.says(f"after {days} days")
        assert (await ada.keys()).count("disclosure") == times


async def test_an_answer_that_says_so_itself_is_enough(ada: Person) -> None:
    await ada.says("/start")
    await ada.says("Hello")
    assert await ada.keys() == ["welcome"]
    assert "an AI assistant" in await ada.last_words()


async def test_it_is_said_in_their_language(any_world: World, ada: Person) -> None:
    eva = any_world.person("2", language="de")
    await eva.says("Hallo")
    assert "einem KI-Assistenten" in await eva.last_words()


async def test_a_chat_that_was_deleted_begins_anew(any_world: World, ada: Person) -> None:
    await ada.says("Hello")
    conversation = await ada.conversation()
    async with any_world.database.write() as tx:
        await tx.conversations.delete(conversation.id)
    await ada.says("Hello again")
    assert "disclosure" in await ada.keys()


async def test_an_operator_who_says_it_elsewhere_can_switch_it_off(any_world: World) -> None:
    any_world.persona = Persona(disclose_after_days=0)
    any_world.rewire()
    ada = any_world.person("1")
    await ada.says("Hello")
    assert await ada.keys() == []
