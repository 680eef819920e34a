"""How people come in: by the banner's link, by an invitation, or by asking."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.telegram import Person
from tests.system.stand import Stand, Up, asks, browser, ends, stand
from tests.web.house import pair

pytestmark = pytest.mark.asyncio(loop_scope="module")

Place = tuple[Stand, Up, Person]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place() -> AsyncIterator[Place]:
    """A system that only lets in whom its owner lets in, and the owner."""
    async with stand() as around, around.up() as up:
        olga = around.telegram.person("Olga")
        link = f"https://t.me/whimbrel_bot?start={up.owner_code}"
        assert link in up.log
        olga.says(f"/start {up.owner_code}")
        await ends(olga.chat, "Welcome, Olga!")
        yield around, up, olga


async def test_the_owners_code_works_once(place: Place) -> None:
    around, up, _olga = place
    eve = around.telegram.person("Eve")
    eve.says(f"/start {up.owner_code}")
    await ends(eve.chat, "This link does not work any more")
    async with browser(around.url) as client:
        response = await pair(client, up.owner_code)
        assert "Ask for a new one." in response.text
        assert (await client.get("/")).status_code != 200


async def test_a_friend_comes_in_by_an_invitation(place: Place) -> None:
    around, _up, olga = place
    olga.says("/invite 1 2")
    words = (await ends(olga.chat, "It lets one person in, within 2 days")).text
    (code,) = re.findall(r"t\.me/whimbrel_bot\?start=(\S+)", words)
    assert f"{around.url}/pair/{code}" in words
    finn = around.telegram.person("Finn")
    finn.says(f"/start {code}")
    await ends(finn.chat, "Hello Finn!")
    await asks(finn, "Thank you")
    gus = around.telegram.person("Gus")
    gus.says(f"/start {code}")
    await ends(gus.chat, "This link does not work any more")
    finn.says("/invite")
    await ends(finn.chat, "Only my owner can do that.")


async def test_a_stranger_asks_and_the_owner_lets_them_in(place: Place) -> None:
    around, _up, olga = place
    sam = around.telegram.person("Sam")
    sam.says("Hello, what is this")
    await ends(sam.chat, "I only talk to people my owner knows")
    request = await ends(olga.chat, "Sam would like to talk to me (telegram)")
    assert around.listener.prompts("what is this") == []
    olga.presses(request, "Let them in")
    await ends(olga.chat, "Sam can talk to me now.")
    await ends(sam.chat, "you can talk to me now")
    await asks(sam, "Here I am")


async def test_a_stranger_who_is_not_wanted_hears_it_once(place: Place) -> None:
    around, _up, olga = place
    mel = around.telegram.person("Mel")
    mel.says("Let me in")
    request = await ends(olga.chat, "Mel would like to talk to me")
    olga.presses(request, "No")
    await ends(mel.chat, "has decided not to let you in")
    before = len(mel.chat.from_bot)
    mel.says("Please")
    await asks(olga, "Was that right")
    assert len(mel.chat.from_bot) == before
    assert around.listener.prompts("Please") == []


async def test_pressing_the_owners_button_helps_nobody_else(place: Place) -> None:
    around, _up, olga = place
    ivy = around.telegram.person("Ivy")
    ivy.says("Let me in")
    request = await ends(olga.chat, "Ivy would like to talk to me")
    question = (await ends(ivy.chat, "I only talk to people")).body
    question["reply_markup"] = request.body["reply_markup"]  # what a forged client could send
    ivy.presses(ivy.chat.from_bot[-1], "Let them in")
    ivy.says("And now")
    await asks(olga, "Did she come in")
    assert around.listener.prompts("And now") == []
