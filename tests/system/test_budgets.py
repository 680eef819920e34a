"""What people hear who have used up their budget, and that nobody else feels it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio

from tests.system.stand import Stand, asks, browser, ends, stand
from tests.system.test_isolation import enters

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGAIN = re.compile(r"You can write again in 2[45] hours\.")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town() -> AsyncIterator[Stand]:
    """A running system with little budget for each."""
    budget = {"PERSON_BUDGET": "6 messages/day, 120 tokens/day", "CHAT_BUDGET": "none"}
    async with stand(ACCESS="open", **budget) as everything, everything.up():
        yield everything


async def test_a_flood_is_told_of_once_and_the_others_go_on(town: Stand) -> None:
    anna, ben = town.telegram.person("Anna"), town.telegram.person("Ben")
    for number in range(200):
        anna.says(f"flood {number}")
    await asks(ben, "Hello")
    told = await ends(anna.chat, "You can write again in")
    assert AGAIN.search(told.text)
    anna.says("/privacy")
    await ends(anna.chat, "Who can read it")
    assert len(AGAIN.findall(anna.chat.transcript())) == 1
    assert len(anna.chat.from_bot) <= 6 + 2
    await asks(ben, "Still there?")


async def test_a_german_has_used_up_the_tokens(town: Stand) -> None:
    uwe = town.telegram.person("Uwe", language="de")
    for words in ("eins", "zwei", "drei"):
        await asks(uwe, words)
    uwe.says("vier")
    told = await ends(uwe.chat, "kannst du wieder schreiben")
    assert re.search(r"gedacht und geschrieben.* In 2[45] Stunden", told.text)
    uwe.says("/about")
    assert (
        "3 Nachrichten, beliebig viele Bilder, etwa 0 Token"
        in (await ends(uwe.chat, "Was dir im Augenblick noch bleibt")).text
    )


async def test_the_web_page_says_it_like_other_sentences_and_the_metrics_count_it(
    town: Stand,
) -> None:
    async with browser(town.url) as wanda:
        await enters(wanda, "Wanda")
        number = (await wanda.post("/conversations")).json()["conversation"]
        for _ in range(8):
            await wanda.post(f"/c/{number}/messages", data={"text": "Hello"})
        page = (await wanda.get(f"/c/{number}")).text
        assert len(AGAIN.findall(page)) == 1
        assert 'class="entry notice' in page
        await wanda.post(f"/c/{number}/retry")
        assert len(AGAIN.findall((await wanda.get(f"/c/{number}")).text)) == 1
    assert await refusals(town.url, "messages") >= 3


async def test_whoever_sits_at_the_machine_is_never_refused(town: Stand) -> None:
    for number in range(8):
        ended = await town.run("chat", f"Hello {number}")
        assert ended.status == 0, ended.err
        assert f"I heard: Hello {number}." in ended.out


async def refusals(url: str, what: str) -> float:
    """How many the metrics have counted."""
    async with httpx2.AsyncClient() as client:
        text = (await client.get(f"{url}/metrics")).text
    found = re.search(
        rf'^whimbrel_budget_refusals_total{{scope="person",what="{what}"}} (\S+)$', text, re.M
    )
    return float(found[1]) if found else 0.0
