"""What belongs to one person is never seen by another, on any channel."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import httpx2
import pytest

from tests.handlers.pictures import drawing, encoded
from tests.system.stand import Stand, asks, browser, ends
from tests.waiting import eventually
from tests.web.house import csrf

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURE = encoded(drawing(size=(320, 240)), "PNG")
WORDS = ("heron of Anna", "bittern of Ben", "curlew of Wanda")


async def test_three_people_never_see_each_others_things(town: Stand) -> None:
    anna, ben = town.telegram.person("Anna"), town.telegram.person("Ben")
    async with browser(town.url) as wanda, browser(town.url) as eve:
        await enters(wanda, "Wanda")
        await enters(eve, "Eve")
        number = (await wanda.post("/conversations")).json()["conversation"]
        anna.sends_photo(PICTURE, WORDS[0])
        await ends(anna.chat, f"I heard: {WORDS[0]}.")
        await asks(ben, WORDS[1])
        answered = await says(wanda, number, WORDS[2])
        (picture,) = set(re.findall(r"/media/\d+", answered))

        async with wanda.stream("GET", picture) as response:
            assert response.status_code == 200
        for path in (
            f"/c/{number}",
            f"/c/{number}/events",
            f"/c/{number}/earlier?before=1",
            picture,
        ):
            assert (await eve.get(path)).status_code == 404
        for other in range(1, number):  # Anna's and Ben's, by their numbers
            assert (await wanda.get(f"/c/{other}")).status_code == 404
        for act in ("stop", "retry", "rename", "delete"):
            assert (await eve.post(f"/c/{number}/{act}", data={"title": "mine"})).status_code == 404
        assert (await wanda.get(f"/c/{number}")).status_code == 200

        exported = await wanda.get("/export")
        with ZipFile(BytesIO(exported.content)) as archive:
            text = archive.read("messages.txt").decode()
        assert WORDS[2] in text
        assert WORDS[0] not in text
        assert WORDS[1] not in text

    assert "remember" not in (await ends(anna.chat, WORDS[0])).text
    for person, own in ((anna, WORDS[0]), (ben, WORDS[1])):
        answer = await asks(person, "What do you know")
        assert f"I remember: {own}." in answer.text
        shown = person.chat.transcript()
        assert not any(words in shown for words in WORDS if words != own)
    for heard in town.listener.heard:
        known = " ".join((heard.words, *heard.earlier))
        assert sum(words in known for words in WORDS) <= 1


async def enters(client: httpx2.AsyncClient, name: str) -> None:
    """Come in where everybody may."""
    client.headers["x-csrf-token"] = await csrf(client, "/welcome")
    response = await client.post("/start", data={"name": name})
    assert response.status_code < 400, response.text
    client.headers["x-csrf-token"] = await csrf(client, "/")


async def says(client: httpx2.AsyncClient, number: int, text: str) -> str:
    """Say something with a picture; the page once it is answered."""
    files = {"pictures": ("a.png", PICTURE, "image/png")}
    response = await client.post(f"/c/{number}/messages", data={"text": text}, files=files)
    assert response.status_code == 202, response.text

    async def answered() -> str:
        page = (await client.get(f"/c/{number}")).text
        return page if f"I heard: {text}." in page else ""

    return await eventually(answered)
