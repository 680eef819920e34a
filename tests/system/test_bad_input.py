"""What people send that cannot be used as it is: each gets a clear sentence and loses nothing."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.fakes.telegram import Person
from tests.handlers.pictures import announced_png, drawing, encoded, media, opened
from tests.system.stand import Stand, ends

pytestmark = pytest.mark.asyncio(loop_scope="module")

SIZE = (320, 240)
GOOD = encoded(drawing(size=SIZE), "JPEG")


def animated() -> bytes:
    frames = [Image.new("P", SIZE, 3) for _ in range(3)]
    return encoded(drawing("P", SIZE), "GIF", save_all=True, append_images=frames)


def turned() -> bytes:
    """Stored lying on its side, as phones do it, with a note on how to turn it back."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(drawing(size=SIZE).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)


def cmyk() -> bytes:
    return encoded(drawing("CMYK", SIZE), "JPEG")


def real_avif() -> bytes:
    return encoded(drawing(size=SIZE), "AVIF")


@pytest.mark.parametrize(
    ("content", "name", "media_type", "sentence"),
    [
        (b"this is text", "a.png", "image/png", "This file is not a picture"),
        (GOOD[: GOOD.index(b"\xff\xda")], "a.jpg", "image/jpeg", "damaged or incomplete"),
        (announced_png(20_000, 20_000), "a.png", "image/png", "more pixels than I can take in"),
        (media(b"heic", b"mif1"), "a.heic", "image/heic", "I cannot open HEIC pictures"),
        (real_avif(), "a.avif", "image/avif", "I cannot open AVIF pictures"),
        (encoded(drawing(size=SIZE), "TIFF"), "a.tif", "image/tiff", "this kind of picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml", "SVG drawings"),
    ],
    ids=["no-picture", "truncated", "20000x20000", "heic", "avif", "tiff", "svg"],
)
async def test_a_file_that_cannot_be_used_is_refused_in_words(
    town: Stand, content: bytes, name: str, media_type: str, sentence: str
) -> None:
    anna = town.telegram.person()
    anna.sends_document(content, name, media_type, "What is it")
    await ends(anna.chat, sentence)
    await goes_on(anna)


async def test_thirty_megabytes_are_refused_in_words(town: Stand) -> None:
    anna = town.telegram.person()
    large = 30 * 1024 * 1024
    anna.sends_document(GOOD, "a.png", "image/png", "What is it", claimed_size=large)
    await ends(anna.chat, "This file is too large for me: 20 MB is the limit.")
    await goes_on(anna)


async def test_a_file_of_another_type_gets_a_sentence(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_document(b"PK\3\4", "a.zip", "application/zip", "What is it")
    await ends(anna.chat, "I cannot read files like this one yet.")
    await goes_on(anna)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (animated(), "red-blue 320x240"),
        (cmyk(), "red-blue 320x240"),
        (turned(), "red-blue 320x240"),
        (GOOD[: len(GOOD) // 2], "red-white 320x240"),  # what there is of it
    ],
    ids=["animated", "cmyk", "turned", "broken-off"],
)
async def test_an_unusual_picture_is_seen_as_people_see_it(
    town: Stand, content: bytes, seen: str
) -> None:
    anna = town.telegram.person()
    anna.sends_document(content, "a.jpg", "image/jpeg", "What is it")
    assert f"I see: {seen}." in (await ends(anna.chat, "I heard: What is it.")).text


async def test_one_bad_picture_does_not_cost_the_others_of_its_album(town: Stand) -> None:
    anna = town.telegram.person()
    anna.sends_album([GOOD, b"this is text", GOOD], "What are these")
    await ends(anna.chat, "This file is not a picture")
    answer = await ends(anna.chat, "What are these")
    assert "I see: red-blue 320x240, red-blue 320x240." in answer.text


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("👋🏽🎉👩‍👩‍👧", "I heard: 👋🏽🎉👩‍👩‍👧."),
        ("a\x00b\x07c\x1bd", "I heard: abcd."),
        ("\u202eabc\u202c \u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
    ],
    ids=["emoji", "control", "right-to-left"],
)
async def test_strange_text_is_answered(town: Stand, text: str, heard: str) -> None:
    anna = town.telegram.person()
    anna.says(text)
    await ends(anna.chat, heard)
    assert len(anna.chat.from_bot) == 1


async def test_a_message_with_nothing_in_it_gets_a_sentence(town: Stand) -> None:
    anna = town.telegram.person()
    anna.says("\u200b\u2060 \n")
    await ends(anna.chat, "There was nothing in that message.")
    await goes_on(anna)


async def test_a_hundred_thousand_characters_are_read(town: Stand) -> None:
    anna = town.telegram.person()
    text = "".join(f"{number:06d} " for number in range(100_000 // 7))
    anna.pastes(text)
    answer = await ends(anna.chat, "characters from 000000", seconds=30)
    assert answer.text.endswith(f"{100_000 // 7 - 1:06d}.")
    assert anna.chat.from_bot == [answer]


async def test_a_model_that_takes_no_such_prompt_refuses_in_words(town: Stand) -> None:
    anna = town.telegram.person()
    async with town.refused("This model's maximum context length is 150000 tokens"):
        anna.says("far too long")
        await ends(anna.chat, "That is more than this model can read at once.")
    await goes_on(anna)


async def goes_on(person: Person) -> None:
    """The chat has lost nothing: the next words are answered, maybe with those before them."""
    person.says("Are you still there")
    await ends(person.chat, "Are you still there.")


async def test_the_pictures_here_are_what_they_are_called() -> None:
    """Otherwise the tests above could pass on pictures that are not unusual at all."""
    assert opened(cmyk()).mode == "CMYK"
    assert opened(turned()).size == (SIZE[1], SIZE[0])
    assert getattr(opened(animated()), "n_frames", 1) > 1
