"""Answers as they grow in a page, and what a page gets that comes back to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2

from tests.browser.answers import Script
from tests.fakes.openai_endpoint import OpenAIEndpoint, Ways
from tests.web.events import Event, html_of, listening, until
from tests.web.house import House

PARAGRAPHS = "".join(f"Paragraph {number} of the answer.\n\n" for number in range(12))


@dataclass
class Page:
    """What a browser shows of a growing answer."""

    blocks: list[str]
    last_id: str = ""

    def take(self, event: Event) -> None:
        self.blocks = self.blocks[: event.data["first"]] + event.data["blocks"]
        self.last_id = event.id


@asynccontextmanager
async def answering(house: House, *, pace: float = 150) -> AsyncIterator[OpenAIEndpoint]:
    """A worker whose model says PARAGRAPHS at `pace` pieces a second."""
    ways = Ways(words_per_second=pace, window=8192)
    async with OpenAIEndpoint(Script(PARAGRAPHS), ways) as endpoint, house.worker(endpoint.url):
        yield endpoint


@asynccontextmanager
async def chatting(house: House) -> AsyncIterator[tuple[httpx2.AsyncClient, int]]:
    async with house.signed_in(await house.add_user("Ada")) as browser:
        yield browser, (await browser.post("/conversations")).json()["conversation"]


async def test_an_answer_grows_and_ends_as_a_message(house: House) -> None:
    page = Page([])
    async with (
        answering(house),
        chatting(house) as (browser, number),
        listening(browser, number) as events,
        asyncio.timeout(30),
    ):
        await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
        sizes = []
        async for event in events:
            if event.name == "blocks":
                page.take(event)
                sizes.append(len(page.blocks))
            if event.name == "ended":
                break
        final = await until(events, "entries")
    assert len(set(sizes)) > 3, "the answer came all at once"
    assert page.blocks[0] == "<p>Paragraph 0 of the answer.</p>\n"
    assert "live" not in html_of(final)
    assert "Paragraph 11 of the answer." in html_of(final)
    assert len(final.data["order"]) == 2


async def test_a_page_that_comes_back_gets_only_what_it_does_not_have(house: House) -> None:
    page = Page([])
    async with answering(house), chatting(house) as (browser, number), asyncio.timeout(30):
        async with listening(browser, number) as events:
            await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
            while len(page.blocks) < 4:
                page.take(await until(events, "blocks"))
        had = len(page.blocks) - 1  # the last one could still change
        async with listening(browser, number, last_id=page.last_id) as events:
            first = await until(events, "blocks")
            assert first.data["first"] >= had - 1
            page.take(first)
            async for event in events:
                if event.name == "blocks":
                    page.take(event)
                if event.name == "ended":
                    break
    texts = [f"<p>Paragraph {number} of the answer.</p>\n" for number in range(len(page.blocks))]
    assert page.blocks[:-1] == texts[:-1]


async def test_a_page_that_is_reloaded_gets_the_whole_answer_so_far(house: House) -> None:
    page = Page([])
    async with answering(house), chatting(house) as (browser, number), asyncio.timeout(30):
        async with listening(browser, number) as events:
            await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
            while len(page.blocks) < 4:
                page.take(await until(events, "blocks"))
        async with listening(browser, number) as events:
            first = await until(events, "blocks")
    assert first.data["first"] == 0
    assert first.data["blocks"][0] == "<p>Paragraph 0 of the answer.</p>\n"


async def test_a_mark_that_makes_no_sense_is_as_good_as_none(house: House) -> None:
    async with answering(house), chatting(house) as (browser, number), asyncio.timeout(30):
        await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
        for mark in ("nonsense", "1.1.x", "1.1.-5", "9.9.9", ".", "1.1.99999999999999999999x"):
            async with listening(browser, number, last_id=mark) as events:
                assert (await until(events, "entries")).data["order"]


async def test_stop_ends_a_growing_answer_and_keeps_what_was_said(house: House) -> None:
    async with answering(house, pace=40) as endpoint, chatting(house) as (browser, number):
        async with listening(browser, number) as events, asyncio.timeout(30):
            await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
            while "Paragraph 0" not in str((await until(events, "blocks")).data):
                pass
            await browser.post(f"/c/{number}/stop")
            await until(events, "ended")
            shown = html_of(await until(events, "entries"))
        assert "Paragraph 0" in shown
        assert "Paragraph 11" not in shown
        async with asyncio.timeout(30):
            await endpoint.broken_off.wait()


async def test_who_waits_is_told_the_place(house: House) -> None:
    async with chatting(house) as (first, one), chatting(house) as (second, two):
        await first.post(f"/c/{one}/messages", data={"text": "tell me"})
        await second.post(f"/c/{two}/messages", data={"text": "me too"})
        async with listening(second, two) as events, asyncio.timeout(30):
            waiting = await until(events, "waiting")
        assert waiting.data["text"] == "One other question goes first…"


async def test_a_failed_answer_is_told_in_words_with_a_button(house: House) -> None:
    async with answering(house) as endpoint, chatting(house) as (browser, number):
        endpoint.ways.status, endpoint.ways.refusal = 400, "no such thing"
        async with listening(browser, number) as events, asyncio.timeout(30):
            await browser.post(f"/c/{number}/messages", data={"text": "tell me"})
            await until(events, "ended")
            shown = html_of(await until(events, "entries"))
            assert 'data-do="retry"' in shown
            assert "notice failed" in shown
            endpoint.ways.status = 200
            assert (await browser.post(f"/c/{number}/retry")).json()["turn"]
            await until(events, "ended")
            assert "Paragraph 11" in html_of(await until(events, "entries"))
