"""People who write to the bot on Telegram and send it pictures."""

from __future__ import annotations

import pytest

from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, asks, ends

pytestmark = pytest.mark.asyncio(loop_scope="module")

RED_BLUE = encoded(drawing(size=(320, 240)), "PNG")
WHITE = encoded(drawing(size=(320, 240)).point(lambda _: 255), "JPEG")


async def test_hello_is_answered_once(town: Stand) -> None:
    anna = town.telegram.person("Anna")
    answer = await asks(anna, "Hello")
    assert answer.text == "I heard: Hello."
    assert anna.chat.from_bot == [answer]
    assert answer.buttons == []


async def test_a_photo_with_its_caption_reaches_the_model(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_photo(RED_BLUE, "What is this?")
    answer = await ends(anna.chat, "I heard: What is this?")
    assert "I see: red-blue 320x240." in answer.text


async def test_a_photo_without_words_is_answered(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_photo(RED_BLUE)
    await ends(anna.chat, "I see: red-blue 320x240.")


async def test_an_album_is_one_question_with_its_pictures_in_order(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_album([RED_BLUE, WHITE, RED_BLUE], "Compare these")
    answer = await ends(anna.chat, "I heard: Compare these.")
    assert "I see: red-blue 320x240, white-white 320x240, red-blue 320x240." in answer.text
    assert anna.chat.from_bot == [answer]


async def test_a_picture_sent_as_a_file_is_looked_at(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_document(RED_BLUE, "drawing.png", "image/png", "And this?")
    assert "I see: red-blue 320x240." in (await ends(anna.chat, "I heard: And this?")).text


async def test_a_question_about_the_picture_in_the_message_replied_to(town: Stand) -> None:
    anna = town.telegram.person()
    old = anna.sends_photo(RED_BLUE, "Keep this")
    await ends(anna.chat, "I heard: Keep this.")
    anna.says("/new")
    await ends(anna.chat, "We begin afresh")
    forwarded = town.telegram.person("Ben").sends_photo(WHITE)
    anna.says("What colour?", reply_to=forwarded)
    assert "I see: white-white 320x240." in (await ends(anna.chat, "I heard: What colour?")).text
    anna.says("And this one?", reply_to=old)
    answer = await ends(anna.chat, "I heard: And this one?")
    assert "red-blue 320x240" in answer.text


async def test_a_later_question_knows_the_picture_and_the_words(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_photo(RED_BLUE, "What is this?")
    await ends(anna.chat, "I heard: What is this?")
    answer = await asks(anna, "And what was left of it?")
    assert "I remember: What is this?." in answer.text
    assert "I saw: red-blue 320x240." in answer.text


async def test_a_long_paste_is_one_question(town: Stand) -> None:
    anna = town.telegram.person()
    text = "begin " + "lorem ipsum " * 900 + "finish"
    anna.pastes(text)
    answer = await ends(anna.chat, "characters from begin lo to m finish")
    assert anna.chat.from_bot == [answer]


async def test_an_edited_question_is_answered_in_the_same_place(town: Stand) -> None:
    anna = town.telegram.person()
    question = anna.says("Whta?")
    answer = await ends(anna.chat, "I heard: Whta?")
    anna.edits(question, "What?")
    again = await ends(anna.chat, "I heard: What?")
    assert again.id == answer.id
    assert anna.chat.from_bot == [again]
    assert "Whta" not in (await asks(anna, "Good")).text


async def test_a_long_answer_grows_under_a_stop_button(town: Stand) -> None:
    anna = town.telegram.person()
    async with town.slowly(15):
        anna.says("Tell me at length")
        growing = await anna.chat.shows("word1 ")
        assert growing.buttons == ["Stop"]
        assert "the end." not in growing.text
        answer = await ends(anna.chat, "word40 the end.")
    assert answer.id == growing.id
    assert anna.chat.from_bot == [answer]


async def test_words_that_follow_each_other_quickly_are_answered_in_order(town: Stand) -> None:
    anna = town.telegram.person()
    async with town.slowly(40):
        anna.says("first at length")
        await anna.chat.shows("I heard: first")
        anna.says("second")
        await ends(anna.chat, "I heard: second.")
    first, second = anna.chat.from_bot
    assert first.text.endswith("the end.")
    assert second.text.startswith("I heard: second. I remember: first at length.")


async def test_a_german_is_spoken_to_in_german(town: Stand) -> None:
    uwe = town.telegram.person("Uwe", language="de")
    uwe.says("/start")
    assert "Hallo Uwe! Ich bin Whimbrel" in (await ends(uwe.chat, "KI-Assistent")).text
    async with town.slowly(15):
        uwe.says("Erzähl mal at length")
        growing = await uwe.chat.shows("word1 ")
        assert growing.buttons == ["Stopp"]
        uwe.presses(growing, "Stopp")
        await ends(uwe.chat, "Angehalten.")
    uwe.sends_other("voice")
    await ends(uwe.chat, "Sprachnachrichten")
    assert "The person's language is de" in town.listener.prompts("Erzähl mal")[0].system
