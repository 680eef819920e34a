"""The checkpoint that ships, asked on Telegram and in the terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from models.fledgling.drawn.scenes import draw
from tests.fakes.telegram import Person, Shown
from tests.handlers.pictures import encoded
from tests.system.stand import Stand, ends, stand

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

SEED = 70_000
LONG = 60.0  # seconds, on a busy machine


def _drawn(shape: str, colour: str) -> bytes:
    """A clean drawing that it was not trained on."""
    drawings = (draw(seed, "single") for seed in count(SEED))
    wanted = (shape, colour)
    found = next(
        d for d in drawings if (d.scene.things[0].shape, d.scene.things[0].colour) == wanted
    )
    return encoded(found.picture, "PNG")


RED_CIRCLE, BLUE_STAR = _drawn("circle", "red"), _drawn("star", "blue")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shipped() -> AsyncIterator[Stand]:
    """A system with nothing set but the token."""
    async with stand(ACCESS="open", ENGINE_URL="", TEMPERATURE="0") as around, around.up():
        yield around


async def answers(person: Person, number: int) -> Shown:
    """The answer with this number in the chat, once it is whole."""
    await person.chat.shows_count(number, within=LONG)
    await person.chat.until(lambda chat: chat.from_bot[-1].buttons == [], within=LONG)
    return person.chat.from_bot[-1]


async def test_it_looks_at_pictures_and_remembers_them(shipped: Stand) -> None:
    anna, ben = shipped.telegram.person("Anna"), shipped.telegram.person("Ben")
    anna.sends_photo(RED_CIRCLE, "What is in this picture?")
    ben.sends_photo(BLUE_STAR, "What is in this picture?")
    assert "red circle" in (await answers(anna, 1)).text
    assert "blue star" in (await answers(ben, 1)).text
    anna.says("And what colour was it?")
    assert "red" in (await answers(anna, 2)).text


async def test_it_says_what_it_is(shipped: Stand) -> None:
    anna = shipped.telegram.person("Anna")
    anna.says("Who are you?")
    assert "trained from scratch" in (await answers(anna, 1)).text
    anna.says("/about")
    words = (await ends(anna.chat, "an AI")).text
    assert "small demonstration model" in words
    assert "Built with Llama" not in words


async def test_the_terminal_shows_it_a_picture_and_asks_again(
    shipped: Stand, tmp_path: Path
) -> None:
    picture = tmp_path / "drawing.png"
    picture.write_bytes(RED_CIRCLE)
    asked = ("chat", "what is in this picture?", "--image", str(picture), "--conversation", "one")
    first = await shipped.run(*asked)
    assert (first.status, first.err) == (0, "")
    assert "red circle" in first.out
    second = await shipped.run("chat", "And what colour is it?", "--conversation", "one")
    assert "red" in second.out
