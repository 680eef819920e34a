"""Commands, as people type them on Telegram, and what the bot says to what it cannot take."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.fakes.telegram.others import OTHER_KINDS
from tests.handlers.pictures import drawing, encoded, opened
from tests.system.stand import Stand, asks, ends

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURE = encoded(drawing(size=(320, 240)), "PNG")


async def test_help_names_every_command_of_a_person(town: Stand) -> None:
    anna = town.telegram.person()
    anna.says("/help")
    words = (await ends(anna.chat, "I am Whimbrel")).text
    for command in ("/new", "/stop", "/retry", "/about", "/privacy", "/export", "/delete"):
        assert command in words
    assert "/invite" not in words  # which is the owner's
    assert town.listener.prompts("/help") == []


async def test_what_was_before_new_is_forgotten(town: Stand) -> None:
    anna = town.telegram.person()
    await asks(anna, "My name is Anna")
    assert "I remember: My name is Anna." in (await asks(anna, "Who am I")).text
    anna.says("/new")
    await ends(anna.chat, "We begin afresh")
    assert "remember" not in (await asks(anna, "Who am I now")).text


async def test_stop_ends_an_answer_within_a_second(town: Stand) -> None:
    anna = town.telegram.person()
    async with town.slowly(5):
        town.endpoint.broken_off.clear()
        anna.says("Tell me at length")
        await anna.chat.shows("word1 ")
        pressed = anna.says("/stop").sent_at
        stopped = await ends(anna.chat, "Stopped.")
        await asyncio.wait_for(town.endpoint.broken_off.wait(), 2)  # nothing is computed any more
    assert "word1 " in stopped.text
    assert "the end." not in stopped.text
    assert stopped.changed_at - pressed < 4  # the chat's budget is a call a second
    anna.says("/stop")
    await ends(anna.chat, "I am not writing anything")


async def test_an_answer_is_written_once_more(town: Stand) -> None:
    anna = town.telegram.person()
    town.listener.says = "The first answer."
    anna.says("Anything")
    await ends(anna.chat, "The first answer.")
    town.listener.says = "The second answer."
    anna.says("/retry")
    await ends(anna.chat, "The second answer.")
    town.listener.says = ""
    assert [each.text for each in anna.chat.from_bot] == ["The first answer.", "The second answer."]
    assert "second" not in str(town.listener.prompts("Anything")[-1])


async def test_about_and_privacy_say_which_model_answers_and_where(town: Stand) -> None:
    anna = town.telegram.person()
    anna.says("/about")
    words = (await ends(anna.chat, "an AI")).text
    assert "listener" in words
    assert "Built with Llama" not in words
    anna.says("/privacy")
    words = (await ends(anna.chat, "Who can read it")).text
    assert "listener" in words
    assert "operator’s own machine" in words


async def test_an_export_holds_what_is_ones_own_and_nothing_else(town: Stand) -> None:
    anna, ben = town.telegram.person("Anna"), town.telegram.person("Ben")
    await asks(ben, "I am Ben with a secret")
    anna.sends_photo(PICTURE, "My drawing")
    await ends(anna.chat, "I heard: My drawing.")
    anna.says("/export")
    sent = await ends(anna.chat, "a copy of everything")
    assert sent.content is not None
    with ZipFile(BytesIO(sent.content)) as archive:
        told = json.loads(archive.read("messages.json"))
        text = archive.read("messages.txt").decode()
        (name,) = [name for name in archive.namelist() if name.startswith("pictures/")]
        assert opened(archive.read(name)).size == (320, 240)
    assert [each["speaker"] for each in told["messages"]] == ["user", "assistant"]
    assert "My drawing" in text
    assert "I heard: My drawing." in text
    assert "Ben" not in text + json.dumps(told)


async def test_delete_asks_and_then_removes_everything(town: Stand) -> None:
    anna = town.telegram.person("Anna")
    anna.sends_photo(PICTURE, "Remember this")
    await ends(anna.chat, "I heard: Remember this.")
    anna.says("/delete")
    question = await ends(anna.chat, "cannot be undone")
    anna.presses(question, "Keep it")
    await ends(anna.chat, "I keep everything as it is")
    assert "I remember: Remember this." in (await asks(anna, "Still there")).text
    anna.presses(question, "Delete everything")
    await ends(anna.chat, "Everything of yours is deleted.")
    assert "remember" not in (await asks(anna, "And now")).text
    anna.says("/export")
    sent = await ends(anna.chat, "a copy of everything")
    assert sent.content is not None
    with ZipFile(BytesIO(sent.content)) as archive:
        assert "Remember this" not in archive.read("messages.txt").decode()
        assert not any(name.startswith("pictures/") for name in archive.namelist())


async def test_an_unknown_command_gets_a_sentence(town: Stand) -> None:
    anna = town.telegram.person()
    anna.says("/frobnicate now")
    assert "/help" in (await ends(anna.chat, "I do not know /frobnicate.")).text
    assert town.listener.prompts("frobnicate") == []


@pytest.mark.parametrize("kind", OTHER_KINDS)
async def test_every_other_kind_gets_one_sentence(town: Stand, kind: str) -> None:
    anna = town.telegram.person()
    anna.sends_other(kind)
    await anna.chat.until(lambda chat: bool(chat.from_bot))
    await asks(anna, "And words")
    sentence, _answer = anna.chat.from_bot
    assert "I can" in sentence.text or "Send me a picture" in sentence.text, sentence.text


async def test_in_a_group_it_says_that_groups_come_later_and_leaves(town: Stand) -> None:
    anna = town.telegram.person()
    group = anna.adds_bot_to("Birds")
    await group.shows("Groups come later")
    await group.until(lambda chat: "not a member" in chat.refusal)
    assert len(group.from_bot) == 1
    assert anna.chat.from_bot == []


async def test_who_blocks_the_bot_and_comes_back_is_answered(town: Stand) -> None:
    anna = town.telegram.person()
    async with town.slowly(10):
        anna.says("Tell me at length")
        await anna.chat.shows("word1 ")
        anna.blocks_bot()
    anna.unblocks_bot()
    await asks(anna, "I am back")
